"""What sessions come to, for whoever counts: by day and by task, the acting person's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Select, cast, func, select

from selfos.features.focus.models import FocusSession
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

SECONDS_PER_MINUTE = 60
DIGITS = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """What a task that was done was meant to take, in minutes, and what it took, in seconds."""

    minutes: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """Seconds given to one task, or to nothing that has a name, on one day."""

    task_id: UUID | None
    day: date
    seconds: int


def in_minutes(seconds: float) -> float:
    """Return seconds as minutes, to the hundredth."""
    return round(seconds / SECONDS_PER_MINUTE, DIGITS)


async def recorded_between(ctx: Context, first: date, last: date) -> list[Recorded]:
    """Return what was recorded on these days by task; time on habits is in their check-ins."""
    ctx.require(Permission.FOCUS_READ)
    each = func.jsonb_each_text(FocusSession.days).table_valued("key", "value").render_derived()
    day = cast(each.c.key, Date)
    found: Any = await ctx.session.execute(
        select(FocusSession.task_id, day, func.sum(cast(each.c.value, BigInteger)))
        .join(each, day.between(first, last))
        .where(
            FocusSession.last_day >= first,
            FocusSession.first_day <= last,
            FocusSession.habit_id.is_(None),
            FocusSession.seconds > 0,
        )
        .group_by(FocusSession.task_id, day)
        .order_by(day, FocusSession.task_id)
    )
    return [Recorded(task_id, on, int(seconds)) for task_id, on, seconds in found if seconds]


async def seconds_on(ctx: Context, day: date) -> int:
    """Return what all sessions of one day come to, those on habits too."""
    written = day.isoformat()
    found = await ctx.session.scalar(
        select(func.sum(cast(FocusSession.days[written].astext, BigInteger))).where(
            FocusSession.last_day >= day, FocusSession.first_day <= day
        )
    )
    return int(found or 0)


async def seconds_by_task(ctx: Context, task_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return what the acting person has given to each of these tasks in all."""
    ctx.require(Permission.FOCUS_READ)
    found: Any = await ctx.session.execute(
        select(FocusSession.task_id, func.sum(FocusSession.seconds))
        .where(FocusSession.task_id.in_(task_ids), FocusSession.seconds > 0)
        .group_by(FocusSession.task_id)
    )
    return {task_id: int(seconds) for task_id, seconds in found}


async def taken(ctx: Context, first: date, last: date) -> list[Taken]:
    """Return the acting person's tasks done on these days that had a length and got time."""
    ctx.require(Permission.FOCUS_READ)
    sized = planning.sized_and_done(ctx, first, last).subquery()
    found: Any = await ctx.session.execute(
        select(sized.c.minutes, func.sum(FocusSession.seconds))
        .join(FocusSession, FocusSession.task_id == sized.c.id)
        .where(FocusSession.seconds > 0)
        .group_by(sized.c.id, sized.c.minutes)
    )
    return [Taken(minutes, int(seconds)) for minutes, seconds in found]


def people_with_sessions(first: date, last: date) -> Select[UUID, UUID]:
    """Select workspace and user of whoever recorded time on these days."""
    return select(FocusSession.workspace_id, FocusSession.user_id).where(
        FocusSession.last_day >= first, FocusSession.first_day <= last, FocusSession.seconds > 0
    )
