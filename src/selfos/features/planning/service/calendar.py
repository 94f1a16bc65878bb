"""What has a date, day by day: due tasks, deadlines, and goals that end."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement

from selfos.features.planning.documents import GOALS, TASKS
from selfos.features.planning.models import Goal, Task
from selfos.features.planning.predicates import lives
from selfos.features.planning.schemas.words import GoalStatus
from selfos.features.planning.service.today import Day, due_day, is_mine
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.permissions import Permission

# A quarter of somebody very busy; a list has pages, a calendar has an end.
MOST = 2_000
# A time in another zone may fall on another day here, at most this far off.
ZONES_APART = timedelta(days=2)
Dated = list[tuple[date, Json]]


async def tasks_due_between(ctx: Context, day: Day, last: date) -> Dated:
    """Return open and done tasks by the local day they are due, from `day` to `last`."""
    ctx.require(Permission.TASK_READ)
    local = due_day(day)
    # The plain date finds the rows by index; the local day decides.
    near = Task.due_date.between(day.date - ZONES_APART, last + ZONES_APART)
    return await TASKS.keyed(
        ctx,
        local,
        near,
        local.between(day.date, last),
        *_shown(ctx),
        order_by=[local, Task.due_time.asc().nulls_last(), Task.priority, Task.rank, Task.id],
        limit=MOST,
    )


async def deadlines_between(ctx: Context, day: Day, last: date) -> Dated:
    """Return open tasks by their deadline, from `day` to `last`."""
    ctx.require(Permission.TASK_READ)
    return await TASKS.keyed(
        ctx,
        Task.deadline,
        Task.deadline.between(day.date, last),
        Task.settled_at.is_(None),
        *_shown(ctx),
        order_by=[Task.deadline, Task.priority, Task.rank, Task.id],
        limit=MOST,
    )


async def goals_ending_between(ctx: Context, day: Day, last: date) -> Dated:
    """Return active goals by their target date, from `day` to `last`."""
    ctx.require(Permission.GOAL_READ)
    return await GOALS.keyed(
        ctx,
        Goal.target_date,
        Goal.target_date.between(day.date, last),
        Goal.status == GoalStatus.ACTIVE,
        Goal.deleted_at.is_(None),
        Goal.archived_at.is_(None),
        order_by=[Goal.target_date, Goal.position, Goal.id],
        limit=MOST,
    )


def _shown(ctx: Context) -> list[ColumnElement[bool]]:
    return [lives(Task), Task.archived_at.is_(None), is_mine(ctx)]
