"""One day as the person sees it: what is overdue, due, done, and what could come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, case, cast, exists, func, literal, or_, select

from selfos.features.identity import service as identity
from selfos.features.planning.documents import TASKS, has_subtasks, is_blocked
from selfos.features.planning.models import Goal, Task
from selfos.features.planning.schemas.words import GoalStatus, TaskState
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.permissions import Permission

NEXT_TASKS = 5
BARS = 14
# A list somebody works off in one day; beyond it the task list has pages.
DAY_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: its zone, and the minutes after midnight at which it begins."""

    date: date
    zone: str
    start: timedelta

    @property
    def begins(self) -> datetime:
        """Return the instant at which it begins."""
        return self._instant(self.date)

    @property
    def ends(self) -> datetime:
        """Return the instant at which the next one begins."""
        return self._instant(self.date + timedelta(days=1))

    def back(self, days: int) -> Day:
        """Return an earlier day."""
        return Day(self.date - timedelta(days=days), self.zone, self.start)

    def _instant(self, day: date) -> datetime:
        wall = datetime.combine(day, time()) + self.start
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


async def tasks_of_day(ctx: Context, day: Day) -> dict[str, Any]:
    """Return the tasks of one day as ready parts: overdue, due, done, next, and how many.

    What starts later or waits for another task is left out.
    """
    ctx.require(Permission.TASK_READ)
    due = await _planned(ctx, day, due_day(day) == day.date)
    overdue = await _planned(ctx, day, due_day(day) < day.date)
    done = await TASKS.many(
        ctx,
        *_settled_between(day.begins, day.ends),
        order_by=[Task.settled_at, Task.id],
        limit=DAY_LIMIT,
    )
    ring = {"done": len(done), "planned": len(done) + len(due) + len(overdue)}
    return {
        "overdue": overdue,
        "due": due,
        "done": done,
        "next": await _next(ctx, day),
        "ring": ring,
        "days": await _bars(ctx, day),
    }


async def day_of(ctx: Context, wanted: date | None) -> Day:
    """Return this day as the acting person counts it, by default the day it is for them."""
    clock = await identity.user_time(ctx)
    start = timedelta(minutes=clock.day_start_minutes)
    return Day(wanted or clock.today(ctx.now), clock.zone.key, start)


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
        is_mine(ctx),
        ~is_blocked(Task),
    ]


async def _planned(ctx: Context, day: Day, when: ColumnElement[bool]) -> list[Json]:
    # The plain date finds the rows by index; the local day, at most two off, decides.
    near = Task.due_date <= day.date + timedelta(days=2)
    order = [Task.due_date, Task.due_time.asc().nulls_last(), Task.priority, Task.rank, Task.id]
    return await TASKS.many(
        ctx, near, when, *_actionable(ctx, day), order_by=order, limit=DAY_LIMIT
    )


async def _next(ctx: Context, day: Day) -> list[Json]:
    active = select(Goal.id).where(
        Goal.workspace_id == Task.workspace_id,
        Goal.id == Task.goal_id,
        Goal.status == GoalStatus.ACTIVE,
    )
    conditions = [*_actionable(ctx, day), Task.due_date.is_(None), ~has_subtasks(Task)]
    return await TASKS.many(
        ctx,
        exists(active.correlate(Task)),
        *conditions,
        order_by=[Task.priority, Task.rank, Task.id],
        limit=NEXT_TASKS,
    )


def _settled_between(begin: datetime, end: datetime) -> list[ColumnElement[bool]]:
    return [
        Task.settled_at >= begin,
        Task.settled_at < end,
        Task.state == TaskState.DONE,
        Task.deleted_at.is_(None),
    ]


async def _bars(ctx: Context, day: Day) -> list[dict[str, Any]]:
    """Return how many tasks were done on each of the last days, the asked one last."""
    first = day.back(BARS - 1)
    local = cast(func.timezone(day.zone, Task.settled_at) - literal(day.start), Date)
    query = (
        select(local, func.count()).where(*_settled_between(first.begins, day.ends)).group_by(local)
    )
    counts = {row[0]: row[1] for row in await ctx.session.execute(query)}
    dates = [day.back(days).date for days in range(BARS - 1, -1, -1)]
    return [{"date": each.isoformat(), "done": counts.get(each, 0)} for each in dates]
