"""What a client asks about days, and how days look."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.calendar.schemas import EventOccurrence
from selfos.features.habits.schemas.views import HabitDay
from selfos.features.habits.schemas.words import Verdict, Window
from selfos.features.planning.schemas.measuring import GoalAtRisk
from selfos.features.planning.schemas.views import GoalView, TaskView
from selfos.features.planning.schemas.words import When, WrittenDay
from selfos.kernel.schema import Query, View


class TodayQuery(Query):
    date: Annotated[WrittenDay | None, Field(description="Default: the user's own today.")] = None


class Ring(View):
    done: int
    planned: int


class Rings(View):
    tasks: Ring
    habits: Ring


class DayCount(View):
    date: date
    done: int


class TodayView(View):
    date: date
    overdue: list[TaskView]
    due: list[TaskView]
    returning: Annotated[list[TaskView], Field(description="Those that waited until this day.")]
    done: list[TaskView]
    next: list[TaskView]
    habits: list[HabitDay]
    events: list[EventOccurrence]
    rings: Rings
    days: list[DayCount]
    at_risk: list[GoalAtRisk]


class CalendarHabit(View):
    """What a habit asks of a day, or what became of it."""

    id: UUID
    title: str
    icon: str
    window: Window
    verdict: Verdict


class CalendarOccurrence(View):
    """What a repeating task will bring; it becomes a task once the one before is settled.

    `text` says how it repeats.
    """

    series_id: UUID
    slot: str
    due: When
    title: str
    text: str
    area_id: UUID | None
    goal_id: UUID | None
    project_id: UUID | None


class CalendarDay(View):
    """One local day: tasks due on it, what will repeat, habits, deadlines, goals that end, events.

    An event of several days stands on each of them; a cancelled one on none.
    """

    date: date
    tasks: list[TaskView]
    occurrences: list[CalendarOccurrence]
    deadlines: list[TaskView]
    goals: list[GoalView]
    habits: list[CalendarHabit]
    events: list[EventOccurrence]


class CalendarView(View):
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    days: list[CalendarDay]
