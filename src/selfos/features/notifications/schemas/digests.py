"""What crosses the doors of digests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from selfos.features.notifications.schemas.words import NotificationKind, WallTime
from selfos.kernel.schema import Input, View

Weekday = Annotated[int, Field(ge=0, le=6, description="Monday is 0; of weekly ones alone.")]
DigestKind = Literal[
    NotificationKind.MORNING_PLAN,
    NotificationKind.EVENING_RECORD,
    NotificationKind.WEEKLY_REVIEW,
]
TimedKind = Literal[
    NotificationKind.MORNING_PLAN,
    NotificationKind.EVENING_RECORD,
    NotificationKind.WEEKLY_REVIEW,
    NotificationKind.WEEKLY_REPORT,
    NotificationKind.MONTHLY_REPORT,
    NotificationKind.YEARLY_REPORT,
]


class TimeInput(Input):
    """At which wall time, and of weekly ones on which day of the week."""

    time: WallTime
    weekday: Weekday | None = None
    pdf: Annotated[
        bool, Field(description="Of reports: also as a PDF, in the mails that bring them.")
    ] = False


class TimeView(View):
    """At which wall time, wherever one is, and on which day of the week."""

    time: WallTime
    weekday: Weekday | None
    pdf: Annotated[bool, Field(description="Of reports: mails bring them as a PDF, too.")]


class SectionView(View):
    """One part of a digest."""

    heading: str
    lines: list[str]


class DigestView(View):
    """What a digest would say now. One that has nothing to say is not sent."""

    kind: NotificationKind
    title: str
    body: Annotated[str, Field(description="The short form, as it is pushed.")]
    sections: list[SectionView]
    empty: bool


class DigestInput(Input):
    kind: TimedKind
