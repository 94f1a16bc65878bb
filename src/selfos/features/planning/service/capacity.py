"""How full the coming weeks are, by what is already planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from selfos.features.planning.documents import value_of_goal
from selfos.features.planning.models import Area, Goal, Task
from selfos.features.planning.predicates import lives, waiting_for
from selfos.features.planning.schemas.words import GoalKind, GoalStatus, Hue
from selfos.features.planning.service.calendar import ZONES_APART
from selfos.features.planning.service.loading import changeable
from selfos.features.planning.service.today import Day, due_day, is_mine
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

MINUTES_OF = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunden", "horas"), 60),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten", "minutos"), 1),
}


@dataclass(frozen=True, slots=True)
class Promised:
    """An open task with a day and a length.

    `latest` is the last day it may move to: its deadline, or when what waits for it is due. What
    is `tied` to a time or a rule does not move.
    """

    id: UUID
    title: str
    day: date
    minutes: int
    latest: date | None
    priority: int
    tied: bool
    goal_id: UUID | None


@dataclass(frozen=True, slots=True)
class TimedGoal:
    """A goal counted in time: how many minutes are missing, and by when."""

    goal_id: UUID
    minutes: float
    until: date


async def goal_to_plan(ctx: Context, goal_id: UUID) -> Goal:
    """Return a goal that a plan can be made for."""
    ctx.require(Permission.GOAL_READ)
    return await changeable(ctx, Goal, goal_id)


async def find_goal(ctx: Context, goal_id: UUID) -> Goal | None:
    """Return a goal, also from the archive and the trash, or None once it is gone."""
    ctx.require(Permission.GOAL_READ)
    return await rows.find(ctx, Goal, goal_id)


async def area_for(ctx: Context, hue: str) -> UUID | None:
    """Return the first life area of this hue, where a goal of its kind belongs."""
    ctx.require(Permission.AREA_READ)
    return await ctx.session.scalar(
        select(Area.id)
        .where(Area.color == Hue(hue), Area.deleted_at.is_(None), Area.archived_at.is_(None))
        .order_by(Area.position)
        .limit(1)
    )


async def promised_tasks(ctx: Context, day: Day, last: date) -> list[Promised]:
    """Return the open tasks with a day and a length from `day` to `last`, by day.

    One query, however many there are. What is overdue has no week of its own and is left out.
    """
    ctx.require(Permission.TASK_READ)
    local = due_day(day)
    found = await ctx.session.execute(
        select(
            Task.id,
            Task.title,
            local.label("day"),
            Task.duration_minutes,
            func.least(Task.deadline, _needed_by()).label("latest"),
            Task.priority,
            or_(Task.series_id.is_not(None), Task.due_time.is_not(None)).label("tied"),
            Task.goal_id,
        )
        .where(
            Task.due_date.between(day.date - ZONES_APART, last + ZONES_APART),
            local.between(day.date, last),
            Task.duration_minutes > 0,
            Task.settled_at.is_(None),
            Task.archived_at.is_(None),
            lives(Task),
            is_mine(ctx),
        )
        .order_by(local, Task.id)
    )
    return [Promised(*row) for row in found]


async def timed_goals(ctx: Context, today: date) -> list[TimedGoal]:
    """Return active goals that are measured in hours or minutes and not done by dated tasks."""
    ctx.require(Permission.GOAL_READ)
    value = value_of_goal()
    worked_on = exists().where(
        Task.workspace_id == Goal.workspace_id,
        Task.goal_id == Goal.id,
        Task.duration_minutes > 0,
        Task.settled_at.is_(None),
        Task.deleted_at.is_(None),
    )
    found = await ctx.session.execute(
        select(Goal.id, Goal.target_unit, Goal.target_value - value, Goal.target_date).where(
            Goal.status == GoalStatus.ACTIVE,
            Goal.kind == GoalKind.REACH,
            Goal.target_date > today,
            func.lower(Goal.target_unit).in_(MINUTES_OF),
            value < Goal.target_value,
            Goal.archived_at.is_(None),
            Goal.deleted_at.is_(None),
            ~worked_on,
        )
    )
    return [
        TimedGoal(goal_id, left * MINUTES_OF[unit.lower()], until)
        for goal_id, unit, left, until in found
        if unit is not None and until is not None
    ]


def _needed_by() -> ColumnElement[date | None]:
    """Return when the first of what waits for a task is due."""
    first = waiting_for(Task, lambda waiting: func.min(waiting.due_date))
    return first.scalar_subquery()
