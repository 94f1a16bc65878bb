"""Reading what a goal's path is made of: its numbers, its changes, its dated tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from selfos.features.identity import service as identity
from selfos.features.planning.measuring import DataPoint, PathChange
from selfos.features.planning.models import Goal, Task
from selfos.features.planning.paths import (
    DAY,
    Knot,
    Milestone,
    Path,
    exact,
    milestone_path,
    share_done,
    step_between,
)
from selfos.features.planning.predicates import is_leaf, lives
from selfos.features.planning.progress import PROGRESS_DIGITS, Part, share
from selfos.features.planning.schemas.words import Counting, GoalKind, TaskState
from selfos.kernel.context import Context

SHOWN_DIGITS = 6
Series = list[tuple[date, Fraction]]


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that says where a goal stands and should stand, seen from one local day."""

    goal: Goal
    today: date
    time: identity.UserTime
    amounts: Series
    changes: Sequence[PathChange]
    tasks: Sequence[LeafTask]
    path: Path | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", self._path())

    def _path(self) -> Path | None:
        if self.goal.kind is GoalKind.MILESTONES:
            return milestone_path(self.milestones)
        return path_of(self.goal, self.changes[-1].after if self.changes else None)

    @property
    def milestones(self) -> list[Milestone]:
        """Return the tasks of the goal that have a date."""
        return [
            Milestone(task.id, task.title, exact(task.weight), task.day, task.done)
            for task in self.tasks
            if task.day is not None
        ]

    @property
    def week_end(self) -> date:
        """Return the last day of the person's week."""
        return self.time.week_of(self.today) + 6 * DAY

    @property
    def values(self) -> Series:
        """Return where the goal stood at the end of each day that has a data point."""
        if self.goal.counting is Counting.LAST:
            return self.amounts
        totals = accumulate((amount for _, amount in self.amounts), initial=self._start)
        return [
            (day, total) for (day, _), total in zip(self.amounts, list(totals)[1:], strict=True)
        ]

    @property
    def _start(self) -> Fraction:
        return exact(self.goal.start_value or 0)

    @property
    def value(self) -> Fraction | None:
        """Return where the goal stands; a maintained one stands somewhere in each period only."""
        if self.goal.kind is GoalKind.MILESTONES:
            return share_done(self.milestones) if self.path else None
        if self.goal.kind is GoalKind.MAINTAIN or self.goal.start_value is None:
            return None
        return self.values[-1][1] if self.amounts else self._start

    def amount_between(self, first: date, last: date) -> Fraction:
        """Return the sum of the amounts of these days."""
        inside = (amount for day, amount in self.amounts if first <= day <= last)
        return sum(inside, Fraction())


@dataclass(frozen=True, slots=True)
class LeafTask:
    """A task that counts for a goal."""

    id: Any
    title: str
    weight: float
    done: bool
    day: date | None


async def course_of(ctx: Context, goal: Goal) -> Course:
    """Read the course of a goal as the acting person sees it today."""
    (course,) = await courses_of(ctx, [goal])
    return course


async def courses_of(ctx: Context, goals: Sequence[Goal]) -> list[Course]:
    """Read the courses of goals, in as many queries for all of them as for one."""
    time = await identity.user_time(ctx)
    ids = [goal.id for goal in goals]
    amounts, changes = await _amounts(ctx, ids), await _changes(ctx, ids)
    tasks = await _tasks(ctx, ids)
    return [
        Course(
            goal=goal,
            today=time.today(ctx.now),
            time=time,
            amounts=_of_season(goal, amounts[goal.id]),
            changes=[each for each in changes[goal.id] if each.season_start == goal.start_date],
            tasks=tasks[goal.id],
        )
        for goal in goals
    ]


def path_of(goal: Goal, changed: list[Any] | None) -> Path | None:
    """Return the path of a measured goal, as laid anew or else straight from start to target."""
    start, target = goal.start_value, goal.target_value
    if goal.kind in (GoalKind.MAINTAIN, GoalKind.MILESTONES) or start is None or target is None:
        return None
    if goal.start_date is None or goal.target_date is None:
        return None
    step = step_between(start, target)
    if changed is not None:
        return Path(read_knots(changed), step)
    # What begins and ends on one day is due on it.
    begins = min(goal.start_date, goal.target_date - DAY)
    return Path((Knot(begins, exact(start)), Knot(goal.target_date, exact(target))), step)


def progress_of(course: Course) -> float | None:
    """Return how much of the way lies behind a goal, 0 to 1: by its value, or else by its tasks."""
    start, target, value = course.goal.start_value, course.goal.target_value, course.value
    if course.goal.kind is GoalKind.MILESTONES or start is None or value is None:
        return share([Part(t.id, t.title, t.weight, t.done) for t in course.tasks])
    if target is None:
        return None
    covered = (value - exact(start)) / (exact(target) - exact(start))
    return float(round(min(Fraction(1), max(Fraction(0), covered)), PROGRESS_DIGITS))


def read_knots(stored: list[Any]) -> tuple[Knot, ...]:
    """Read knots from a row; values are stored as fractions."""
    return tuple(Knot(date.fromisoformat(day), Fraction(value)) for day, value in stored)


def stored_knots(path: Path) -> list[Any]:
    """Write knots into a row."""
    return [[knot.day.isoformat(), str(knot.value)] for knot in path.knots]


def shown_number(value: Fraction) -> float:
    """Return a number as clients get it."""
    return float(round(value, SHOWN_DIGITS))


def _of_season(goal: Goal, days: Sequence[tuple[date, Decimal, Decimal]]) -> Series:
    """Return one number for each day of the season: the sum, or the last reading."""
    return [
        (day, Fraction(reading if goal.counting is Counting.LAST else total))
        for day, total, reading in days
        if goal.start_date is None or day >= goal.start_date
    ]


async def _amounts(
    ctx: Context, goal_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[date, Decimal, Decimal]]]:
    """Return each goal's days with the sum of their data points and the last one."""
    number = cast(DataPoint.value, Numeric)
    readings = func.array_agg(aggregate_order_by(number, DataPoint.id.desc()))
    query = (
        select(DataPoint.goal_id, DataPoint.day, func.sum(number), readings)
        .where(DataPoint.goal_id.in_(goal_ids))
        .group_by(DataPoint.goal_id, DataPoint.day)
        .order_by(DataPoint.day)
    )
    found: Any = await ctx.session.execute(query)
    days: dict[UUID, list[tuple[date, Decimal, Decimal]]] = defaultdict(list)
    for goal_id, day, total, latest_first in found:
        days[goal_id].append((day, total, latest_first[0]))
    return days


async def _changes(ctx: Context, goal_ids: Sequence[UUID]) -> dict[UUID, list[PathChange]]:
    query = select(PathChange).where(PathChange.goal_id.in_(goal_ids)).order_by(PathChange.id)
    changes: dict[UUID, list[PathChange]] = defaultdict(list)
    for change in await ctx.session.scalars(query):
        changes[change.goal_id].append(change)
    return changes


async def _tasks(ctx: Context, goal_ids: Sequence[UUID]) -> dict[UUID, list[LeafTask]]:
    day = func.coalesce(Task.due_date, Task.deadline)
    done = Task.state == TaskState.DONE
    query = (
        select(Task.goal_id, Task.id, Task.title, Task.weight, done, day)
        .where(Task.goal_id.in_(goal_ids), lives(Task), is_leaf(Task))
        .order_by(Task.rank, Task.id)
    )
    found: Any = await ctx.session.execute(query)
    tasks: dict[UUID, list[LeafTask]] = defaultdict(list)
    for goal_id, *leaf in found:
        tasks[goal_id].append(LeafTask(*leaf))
    return tasks
