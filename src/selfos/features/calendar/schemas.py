"""What goes in and out of appointments."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from selfos.features.planning.schemas.repeating import RuleText, Slots, SlotText
from selfos.features.planning.schemas.words import Scope, When, WrittenDay
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import (
    ABSENT,
    Input,
    Page,
    Prose,
    Query,
    RowView,
    Title,
    View,
    without_nul,
)

LONGEST_MINUTES = 366 * 24 * 60


class EventStatus(StrEnum):
    """Whether it takes place; RFC 5545's words."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class Transparency(StrEnum):
    """Whether it takes up one's time."""

    BUSY = "busy"
    FREE = "free"


Place = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500),
    BeforeValidator(without_nul),
]
Description = Annotated[Prose, Field(description="Markdown, kept as written.")]
Start = Annotated[When, Field(description="A day, a wall time, or a wall time in a zone.")]
End = Annotated[
    When, Field(description="Of the start's kind; of what has no times, its last day, included.")
]
Lasting = Annotated[
    int, Field(ge=1, le=LONGEST_MINUTES, description="By the wall clock; in place of an end.")
]


class EventRepeat(Input):
    """An RRULE of days or more, without single starts (`exdates`), with others (`rdates`)."""

    rule: RuleText
    exdates: Slots = []
    rdates: Slots = []


class CalendarEventCreate(Input):
    """Without an end it lasts its one day, or no longer than its start."""

    id: ClientId | None = None
    title: Title
    description: Description = ""
    location: Place = ""
    start: Start
    end: End | None = None
    duration_minutes: Lasting | None = None
    repeat: EventRepeat | None = None
    status: EventStatus = EventStatus.CONFIRMED
    transparency: Transparency = Transparency.BUSY


class CalendarEventUpdate(Input):
    """What is given changes; a new start alone moves the event as long as it is.

    `slot` names an occurrence of what repeats by the start the rule gave it, and `scope` whether it
    alone changes, it and those that follow, or all. By default it alone; without a slot, all.
    """

    slot: SlotText | None = None
    scope: Scope | None = None
    rest_id: Annotated[
        ClientId | None, Field(description="With `following`: the id of the event that goes on.")
    ] = None
    title: Title = ABSENT
    description: Description = ABSENT
    location: Place = ABSENT
    start: Start = ABSENT
    end: End | None = None
    duration_minutes: Lasting | None = None
    repeat: EventRepeat | None = None
    status: EventStatus = ABSENT
    transparency: Transparency = ABSENT


class CalendarEventDelete(Query):
    slot: Annotated[
        SlotText | None, Field(description="One occurrence, by the start the rule gave it.")
    ] = None
    scope: Annotated[
        Scope | None, Field(description="Default: the occurrence alone; without a slot, all.")
    ] = None


class CalendarEventQuery(PageQuery):
    series_id: Annotated[
        UUID | None,
        Field(description="The occurrences of this event that are kept apart, not the events."),
    ] = None
    deleted: Annotated[bool, Field(description="Those in the trash instead.")] = False


class DaysQuery(Query):
    """From which day to which, both included."""

    first: Annotated[
        WrittenDay | None, Field(alias="from", description="Default: the user's own today.")
    ] = None
    last: Annotated[
        WrittenDay | None,
        Field(alias="to", description="Default: two weeks in all; at most 92 days."),
    ] = None


class EventRepetition(View):
    """How it repeats, and the same in words."""

    rule: str
    text: str
    exdates: list[str]
    rdates: list[str]


class CalendarEventView(RowView):
    """One row: an event, or with a `series_id` one occurrence that is kept apart from it."""

    series_id: UUID | None
    slot: str | None
    continues_id: UUID | None
    uid: str
    title: str
    description: str
    location: str
    start: When
    end: When
    repeat: EventRepetition | None
    status: EventStatus
    transparency: Transparency
    sequence: int
    deleted_at: datetime | None


class CalendarEventPage(Page):
    items: list[CalendarEventView]


class EventOccurrence(View):
    """One time an event takes place.

    `slot` names it in what repeats and is null otherwise; `id` is the same for ever. `begins_at`
    and `ends_at` are what the plan means now, for whoever asks; whole days have none.
    """

    id: UUID
    event_id: UUID
    slot: str | None
    title: str
    location: str
    start: When
    end: When
    begins_at: datetime | None
    ends_at: datetime | None
    first_day: date
    last_day: date
    text: Annotated[str | None, Field(description="How it repeats, in words.")]
    status: EventStatus
    transparency: Transparency
    apart: Annotated[bool, Field(description="Differs from what its event says.")]


class EventOccurrences(View):
    """What takes place on these days, by start; `more` says that it is cut off after so many."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    items: list[EventOccurrence]
    more: bool
