"""What a goal's past weeks have done for it, and what remains: numbers to forecast from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from selfos.features.planning.models import Goal, Task
from selfos.features.planning.paths import DAY, exact
from selfos.features.planning.predicates import is_leaf, lives
from selfos.features.planning.schemas.words import GoalKind, GoalStatus, TaskState
from selfos.features.planning.service.courses import Course, courses_of
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

WEEK_DAYS = 7
MOST_GOALS = 500


@dataclass(frozen=True, slots=True)
class Throughput:
    """Stretches of seven days up to yesterday, oldest first: done, and grown, in the goal's unit.

    `remaining` is None for a goal without an end. `finished_on` is when it was reached, if it was.
    """

    goal_id: UUID
    title: str
    today: date
    unit: str
    target: float | None
    target_date: date | None
    status: GoalStatus
    remaining: float | None
    weeks: Sequence[tuple[float, float]]
    finished_on: date | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A task that counts for a goal: its weight, when it came, and when it was done."""

    weight: float
    came: date
    done: date | None


async def throughput_of(ctx: Context, goal_id: UUID) -> Throughput:
    """Return one goal's weeks."""
    ctx.require(Permission.GOAL_READ)
    (found,) = await _throughputs(ctx, [await rows.get(ctx, Goal, goal_id)])
    return found


async def throughputs(ctx: Context, goal_ids: Sequence[UUID] | None = None) -> list[Throughput]:
    """Return the weeks of these goals, or of all that are active."""
    ctx.require(Permission.GOAL_READ)
    wanted = (
        (Goal.status == GoalStatus.ACTIVE) & Goal.archived_at.is_(None)
        if goal_ids is None
        else Goal.id.in_(goal_ids)
    )
    query = select(Goal).where(wanted, Goal.deleted_at.is_(None)).order_by(Goal.id)
    return await _throughputs(ctx, list(await ctx.session.scalars(query.limit(MOST_GOALS))))


async def _throughputs(ctx: Context, goals: Sequence[Goal]) -> list[Throughput]:
    if not goals:
        return []
    courses = await courses_of(ctx, goals)
    steps = await _steps(ctx, courses)
    return [_throughput(course, steps[course.goal.id]) for course in courses]


def _throughput(course: Course, steps: Sequence[_Step]) -> Throughput:
    goal = course.goal
    if goal.kind is GoalKind.MAINTAIN:
        remaining, weeks, reached, unit = None, [], None, ""
    elif _has_numbers(goal):
        remaining, weeks, reached = _of_values(course)
        unit = goal.target_unit or ""
    else:
        remaining, weeks, reached = _of_steps(course, steps)
        unit = "steps"
    closed = course.time.local_day(goal.completed_at) if goal.completed_at else None
    ends = [day for day in (reached, closed) if day is not None]
    return Throughput(
        goal_id=goal.id,
        title=goal.title,
        today=course.today,
        unit=unit,
        target=goal.target_value if _has_numbers(goal) else None,
        target_date=goal.target_date,
        status=goal.status,
        remaining=remaining,
        weeks=weeks,
        finished_on=min(ends, default=None),
    )


def _has_numbers(goal: Goal) -> bool:
    """Tell whether numbers lead from a start to a target; milestones go by their steps."""
    ends = None not in (goal.start_value, goal.target_value)
    return goal.kind is not GoalKind.MILESTONES and ends


def _of_values(course: Course) -> tuple[float, list[tuple[float, float]], date | None]:
    goal = course.goal
    start, target = exact(goal.start_value or 0), exact(goal.target_value or 0)
    sign = 1 if target >= start else -1
    values = course.values

    def on(day: date) -> Fraction:
        return next((value for at, value in reversed(values) if at <= day), start)

    began = goal.start_date or (values[0][0] if values else course.today)
    weeks = [
        (float(sign * (on(last) - on(first - DAY))), 0.0)
        for first, last in _stretches(began, course.today)
    ]
    reached = next((day for day, value in values if sign * (value - target) >= 0), None)
    return max(0.0, float(sign * (target - on(course.today)))), weeks, reached


def _of_steps(
    course: Course, steps: Sequence[_Step]
) -> tuple[float | None, list[tuple[float, float]], date | None]:
    if not steps:
        return None, [], None
    began = min(step.came for step in steps)
    weeks = [
        (
            sum(step.weight for step in steps if step.done and first <= step.done <= last),
            # What came in the beginning was the plan, not growth.
            sum(step.weight for step in steps if first <= step.came <= last and step.came > began),
        )
        for first, last in _stretches(began, course.today)
    ]
    done = [step.done for step in steps if step.done is not None]
    remaining = sum(step.weight for step in steps if step.done is None)
    return remaining, weeks, max(done) if len(done) == len(steps) else None


def _stretches(began: date, today: date) -> list[tuple[date, date]]:
    """Return whole stretches of seven days since it began, up to yesterday, oldest first."""
    count = (today - began).days // WEEK_DAYS
    firsts = [today - timedelta(days=WEEK_DAYS * back) for back in range(count, 0, -1)]
    return [(first, first + timedelta(days=WEEK_DAYS - 1)) for first in firsts]


async def _steps(ctx: Context, courses: Sequence[Course]) -> dict[UUID, list[_Step]]:
    clocks = {course.goal.id: course.time for course in courses}
    query = select(
        Task.goal_id, Task.weight, Task.created_at, Task.state == TaskState.DONE, Task.settled_on
    ).where(Task.goal_id.in_(clocks), lives(Task), is_leaf(Task))
    found: Any = await ctx.session.execute(query.order_by(Task.id))
    steps: dict[UUID, list[_Step]] = defaultdict(list)
    for goal_id, weight, created_at, done, day in found:
        came, finished = clocks[goal_id].local_day(created_at), day if done else None
        # What was written down after it was done came with its doing.
        steps[goal_id].append(_Step(weight, min(came, finished or came), finished))
    return steps
