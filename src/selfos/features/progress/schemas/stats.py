"""Which numbers are asked for, and how they are told."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from selfos.features.habits.schemas.words import StreakUnit, WrittenDay
from selfos.features.progress.spans import Unit
from selfos.kernel.schema import Query, View

Share = Annotated[float, Field(ge=0, le=1)]


class Format(StrEnum):
    """JSON for programs that draw, CSV for sheets."""

    JSON = "json"
    CSV = "csv"


class Dimension(StrEnum):
    """What the numbers are sorted by."""

    AREA = "area"
    GOAL = "goal"
    LABEL = "label"


class SpanQuery(Query):
    """Which days; without any, the last twelve weeks up to today."""

    from_: Annotated[
        WrittenDay | None, Field(alias="from", description="Default: twelve weeks before the end.")
    ] = None
    to: Annotated[WrittenDay | None, Field(description="Default: today.")] = None
    format: Annotated[
        Format | None, Field(description="Default: CSV where the `Accept` header asks for it.")
    ] = None


class StatsQuery(SpanQuery):
    """Which days, cut into which periods, of all there is or of one area, goal or label."""

    by: Annotated[Unit, Field(description="How long one period is.")] = Unit.WEEK
    area_id: UUID | None = None
    goal_id: UUID | None = None
    label_id: UUID | None = None

    @model_validator(mode="after")
    def _one_at_most(self) -> StatsQuery:
        if sum(each is not None for each in (self.area_id, self.goal_id, self.label_id)) > 1:
            raise ValueError("ask for one area, goal or label at a time")
        return self

    @property
    def only(self) -> tuple[Dimension, UUID] | None:
        """Return the one thing the numbers are of, or None for all."""
        named = zip(Dimension, (self.area_id, self.goal_id, self.label_id), strict=True)
        return next(((kind, of_id) for kind, of_id in named if of_id is not None), None)


class CountsView(View):
    """Tasks, counted. Shares are null where there is nothing to take a share of."""

    done: Annotated[int, Field(description="Done on these days.")]
    on_time: Annotated[int, Field(description="Of those with a date: done by it.")]
    late: Annotated[int, Field(description="Of those with a date: done after it.")]
    on_time_share: Share | None
    planned: Annotated[int, Field(description="Due on these days, done or not.")]
    kept: Annotated[int, Field(description="Of those planned: done in time.")]
    kept_share: Share | None
    slipped: Annotated[int, Field(description="Moved to a later day, counted once a day.")]
    cancelled: int


class FocusView(View):
    """Time. What nobody recorded or estimated is null, never zero."""

    recorded_minutes: Annotated[
        float | None,
        Field(description="Minutes of focus sessions, and of habits that are kept in time."),
    ]
    estimated_minutes: Annotated[
        int | None, Field(description="What the done tasks were meant to take; not measured.")
    ]
    without_estimate: Annotated[int, Field(description="Done tasks nobody gave a length.")]


class HabitCountsView(View):
    """Habits, counted by their own periods (days, weeks, months)."""

    owed: Annotated[int, Field(description="Periods that are over and asked for something.")]
    kept: int
    kept_share: Share | None
    done_days: Annotated[
        int, Field(description="Days a habit was done, each habit once; limits are no deeds.")
    ]


class PeriodView(View):
    """One period of the series."""

    first: date
    last: date
    tasks: CountsView
    focus: FocusView
    habits: HabitCountsView


class ThingView(View):
    """The numbers of one area, goal or label; `id` is null for what lies in no area."""

    id: UUID | None
    name: str
    color: str | None
    tasks: CountsView
    recorded_minutes: Annotated[
        float | None, Field(description="Sessions on its tasks, and its habits kept in time.")
    ]


class TaskTimeView(View):
    """A task that time was recorded on: in these days, in all, and what it was meant to take."""

    task_id: UUID
    title: str
    done_on: date | None
    recorded_minutes: float
    total_minutes: Annotated[float, Field(description="Yours on it, at any time.")]
    estimated_minutes: int | None


class EstimatesView(View):
    """Of tasks done on these days with a length: those with time recorded, meant against taken."""

    tasks: Annotated[int, Field(description="Those that have both; the other fields are of them.")]
    of: Annotated[int, Field(description="All tasks done on these days that had a length.")]
    estimated_minutes: int | None
    recorded_minutes: float | None
    times: Annotated[float | None, Field(ge=0, description="Recorded for each minute estimated.")]


class HabitKeptView(View):
    """How one habit is kept."""

    habit_id: UUID
    title: str
    archived: bool
    strength: Share
    streak: int
    best: int
    unit: StreakUnit
    owed: int
    kept: int
    kept_share: Share | None


class BalanceView(View):
    """One area: the share of what was done that it had, and the share it is meant to have."""

    area_id: UUID
    name: str
    color: str
    weight: int
    deeds: Annotated[
        int, Field(description="Tasks done and days habits were done; limits are no deeds.")
    ]
    meant: Share | None
    had: Share | None
    difference: Annotated[float | None, Field(ge=-1, le=1)]


class GoalsView(View):
    """How goals fare. The goals are the workspace's; the days are counted as you count them."""

    active: int
    overdue: Annotated[int, Field(description="Active, and past the date they were meant for.")]
    reached: Annotated[int, Field(description="Reached in these days.")]
    reached_on_time: Annotated[int, Field(description="Of those with a date: reached by it.")]
    let_go: Annotated[int, Field(description="Dropped in these days, or a season ended short.")]
    success_share: Annotated[
        Share | None, Field(description="Reached, of what was reached, let go or is overdue.")
    ]
    median_days: Annotated[float | None, Field(description="From setting a goal to reaching it.")]


class WeekAheadView(View):
    """How full one week to come is, by the open tasks due in it and what will repeat."""

    first: date
    last: date
    tasks: int
    minutes: float
    unsized: Annotated[int, Field(description="Tasks nobody gave a length: they weigh nothing.")]
    available_minutes: float
    share: Annotated[float | None, Field(ge=0, description="More than 1 is more than fits.")]


class StatsView(View):
    """Where somebody stands, in numbers that follow every change, back-filling and undo."""

    first: date
    last: date
    by: Unit
    since: Annotated[date | None, Field(description="The first day anything is known of.")]
    tasks: CountsView
    focus: FocusView
    habits: HabitCountsView
    previous: Annotated[PeriodView, Field(description="As many days right before.")]
    periods: list[PeriodView]
    areas: list[ThingView]
    goals: list[ThingView]
    labels: list[ThingView]
    each_task: Annotated[list[TaskTimeView], Field(description="What got most time, at most 20.")]
    estimates: EstimatesView
    each_habit: list[HabitKeptView]
    balance: list[BalanceView]
    goal_success: GoalsView
    load: list[WeekAheadView]
