"""What goes in and out of focus."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Page, RowView, View, without_nul

Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500),
    BeforeValidator(without_nul),
    Field(description="What it was, in a few words."),
]
OnTask = Annotated[UUID | None, Field(description="The task it is given to.")]
OnHabit = Annotated[UUID | None, Field(description="The habit, one that is kept in time.")]


class FocusState(StrEnum):
    """Where a session stands."""

    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"


class FocusStart(Input):
    """On a task, on a habit kept in time, or on nothing; at most one of the two."""

    id: ClientId | None = None
    task_id: OnTask = None
    habit_id: OnHabit = None
    note: Note = ""


class FocusCreate(FocusStart):
    """A session that is over, written down afterwards."""

    started_at: AwareDatetime
    ended_at: AwareDatetime


class FocusUpdate(Input):
    """Another start or end keeps the pauses that still lie between.

    Whoever changes a session that was cut has looked at it; `cut: false` says it is right as it is.
    """

    task_id: OnTask = None
    habit_id: OnHabit = None
    note: Note = ABSENT
    started_at: AwareDatetime = ABSENT
    ended_at: AwareDatetime = ABSENT
    cut: Literal[False] = ABSENT


class FocusQuery(PageQuery):
    day: Annotated[date | None, Field(description="Those with time on this day of mine.")] = None
    task_id: UUID | None = None
    habit_id: UUID | None = None


class StretchView(View):
    """Time without a pause; `end` is null while the timer runs."""

    start: datetime
    end: datetime | None


class FocusSessionView(RowView):
    """A session: on what, when, and how long it was so far as it is not running."""

    state: FocusState
    task_id: UUID | None
    task_title: str | None
    habit_id: UUID | None
    habit_title: str | None
    note: str
    started_at: datetime
    ended_at: datetime | None
    stretches: list[StretchView]
    seconds: Annotated[int, Field(description="Without pauses, and without what still runs.")]
    days: Annotated[dict[date, int], Field(description="Seconds by day, as they are counted.")]
    cut: Annotated[
        bool,
        Field(description="The timer had been forgotten and was cut; nobody has looked since."),
    ]


class FocusPage(Page):
    """The one that began last first."""

    items: list[FocusSessionView]


class FocusNow(View):
    """My timer, if there is one."""

    now: Annotated[datetime, Field(description="The server's clock, to count on from.")]
    session: FocusSessionView | None
    today_seconds: Annotated[int, Field(description="Closed time of today's sessions.")]
    longest_seconds: Annotated[
        int, Field(description="So long after its last start a timer counts as forgotten.")
    ]
    unsure: Annotated[int, Field(description="Sessions that were cut and nobody has looked at.")]


class FocusStarted(View):
    """The timer that runs now, and the one that was stopped for it."""

    session: FocusSessionView
    stopped: FocusSessionView | None
