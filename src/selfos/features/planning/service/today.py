"""One day as the person sees it: what is overdue, due, done, and what could come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, exists, func, or_, select

from selfos.features.identity import service as identity
from selfos.features.planning.documents import TASKS, has_subtasks, is_blocked
from selfos.features.planning.models import Goal, Task
from selfos.features.planning.schemas.words import GoalStatus, TaskState
from selfos.kernel.context import Context
from selfos.kernel.documents import Part
from selfos.kernel.permissions import Permission

NEXT_TASKS = 5
BARS = 14
# A list somebody works off in one day; beyond it the task list has pages.
DAY_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Day:
    """One local day as somebody counts it."""

    date: date
    clock: identity.UserTime

    @property
    def zone(self) -> str:
        """Return the zone it is lived in."""
        return self.clock.zone.key

    @property
    def week_first(self) -> date:
        """Return the first day of its week."""
        return self.clock.week_of(self.date)


async def tasks_of_day(ctx: Context, day: Day) -> dict[str, Any]:
    """Return the tasks of one day as ready parts: overdue, due, done, next, and how many.

    What starts later, waits for another task or until a later day is left out; what has waited
    until this day returns.
    """
    ctx.require(Permission.TASK_READ)
    lists: dict[str, Any] = await TASKS.lists(
        ctx,
        {
            "overdue": _planned(ctx, day, due_day(day) < day.date),
            "due": _planned(ctx, day, due_day(day) == day.date),
            "returning": _returning(ctx, day),
            "done": Part(
                [Task.settled_on == day.date, *_done()], [Task.settled_at, Task.id], DAY_LIMIT
            ),
            "next": _next(ctx, day),
        },
    )
    planned = sum(len(lists[name]) for name in ("overdue", "due", "returning", "done"))
    ring = {"done": len(lists["done"]), "planned": planned}
    return {**lists, "ring": ring, "days": await _bars(ctx, day)}


async def day_of(ctx: Context, wanted: date | None) -> Day:
    """Return this day as the acting person counts it, by default the day it is for them."""
    clock = await identity.user_time(ctx)
    return Day(wanted or clock.today(ctx.now), clock)


def due_day(day: Day) -> ColumnElement[date]:
    """Return the local day a task is due: a time in another zone may fall on another day."""
    elsewhere = func.timezone(Task.due_zone, Task.due_date + Task.due_time)
    here = cast(func.timezone(day.zone, elsewhere), Date)
    return case((Task.due_zone.is_(None), Task.due_date), else_=here)


def is_mine(ctx: Context) -> ColumnElement[bool]:
    """Keep what nobody else has been given."""
    return or_(Task.assignee_id.is_(None), Task.assignee_id == ctx.user_id)


def _actionable(ctx: Context, day: Day) -> list[ColumnElement[bool]]:
    return [
        Task.settled_at.is_(None),
        Task.deleted_at.is_(None),
        Task.archived_at.is_(None),
        or_(Task.start_date.is_(None), Task.start_date <= day.date),
        or_(Task.waiting_until.is_(None), Task.waiting_until <= day.date),
        is_mine(ctx),
        ~is_blocked(Task),
    ]


def _planned(ctx: Context, day: Day, when: ColumnElement[bool]) -> Part:
    # The plain date finds the rows by index; the local day, at most two off, decides.
    near = Task.due_date <= day.date + timedelta(days=2)
    order = [Task.due_date, Task.due_time.asc().nulls_last(), Task.priority, Task.rank, Task.id]
    return Part([near, when, *_actionable(ctx, day)], order, DAY_LIMIT)


def _returning(ctx: Context, day: Day) -> Part:
    """Select what was to be waited for until now, unless it is listed by its due date."""
    later = or_(Task.due_date.is_(None), due_day(day) > day.date)
    order = [Task.waiting_until, Task.priority, Task.rank, Task.id]
    conditions = [Task.waiting_until <= day.date, later, *_actionable(ctx, day)]
    return Part(conditions, order, DAY_LIMIT)


def _next(ctx: Context, day: Day) -> Part:
    active = select(Goal.id).where(
        Goal.workspace_id == Task.workspace_id,
        Goal.id == Task.goal_id,
        Goal.status == GoalStatus.ACTIVE,
    )
    conditions = [
        *_actionable(ctx, day),
        Task.due_date.is_(None),
        Task.waiting_until.is_(None),
        ~has_subtasks(Task),
        exists(active.correlate(Task)),
    ]
    return Part(conditions, [Task.priority, Task.rank, Task.id], NEXT_TASKS)


def _done() -> list[ColumnElement[bool]]:
    return [Task.state == TaskState.DONE, Task.deleted_at.is_(None)]


async def _bars(ctx: Context, day: Day) -> list[dict[str, Any]]:
    """Return how many tasks were done on each of the last days, the asked one last."""
    dates = [day.date - timedelta(days=days) for days in range(BARS - 1, -1, -1)]
    query = (
        select(Task.settled_on, func.count())
        .where(Task.settled_on.between(dates[0], dates[-1]), *_done())
        .group_by(Task.settled_on)
    )
    counts = {row[0]: row[1] for row in await ctx.session.execute(query)}
    return [{"date": each.isoformat(), "done": counts.get(each, 0)} for each in dates]
