"""What crosses the doors of reminders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from selfos.features.notifications.schemas.words import (
    MINUTES_PER_YEAR,
    Anchor,
    RemindedOf,
    WallTime,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Page, RowView


def _is_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not a time zone of the IANA database, such as Europe/Berlin")
    return name


Minutes = Annotated[int, Field(ge=0, le=MINUTES_PER_YEAR)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
ZoneName = Annotated[str, AfterValidator(_is_zone)]


class ReminderCreate(Input):
    """When to remind me of a task, a goal or a calendar event.

    `at`: on `on_date` at `time`, in `zone` or wherever I am then. From `due`, `start` or
    `deadline`: `minutes_before` it, or on its day at `time`. A date without a time counts from my
    usual time of being notified. An event has its start, each time it takes place.
    """

    id: ClientId | None = None
    subject: RemindedOf = RemindedOf.TASK
    subject_id: UUID
    anchor: Anchor = Anchor.DUE
    minutes_before: Minutes | None = None
    on_date: Day | None = None
    time: WallTime | None = None
    zone: ZoneName | None = None


class ReminderUpdate(Input):
    anchor: Anchor = ABSENT
    minutes_before: Minutes | None = None
    on_date: Day | None = None
    time: WallTime | None = None
    zone: ZoneName | None = None


class ReminderQuery(PageQuery):
    subject_id: Annotated[
        UUID | None, Field(description="Of one task, goal or event, and of what it repeats.")
    ] = None


class SetReminderView(RowView):
    subject: RemindedOf
    subject_id: UUID
    anchor: Anchor
    minutes_before: int | None
    on_date: date | None
    time: WallTime | None
    zone: str | None
    next_at: Annotated[
        datetime | None, Field(description="When it comes next; null when it will not.")
    ]


class ReminderPage(Page):
    items: list[SetReminderView]
