"""How full the coming weeks are, by what is already planned."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from selfos.features.identity import service as identity
from selfos.features.planning.models import Area, Goal, Task
from selfos.features.planning.schemas.words import Hue
from selfos.features.planning.service.loading import changeable
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

MINUTES_PER_HOUR = 60


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


async def busy_hours(ctx: Context, time: identity.UserTime, today: date) -> dict[date, float]:
    """Return the hours that dated open tasks already take, by the first day of each week."""
    ctx.require(Permission.TASK_READ)
    found = await ctx.session.execute(
        select(Task.due_date, func.sum(Task.duration_minutes))
        .where(
            Task.due_date >= today,
            Task.duration_minutes.is_not(None),
            Task.settled_at.is_(None),
            Task.deleted_at.is_(None),
            Task.archived_at.is_(None),
        )
        .group_by(Task.due_date)
    )
    hours: dict[date, float] = {}
    for day, minutes in found:
        if day is not None and minutes is not None:
            week = time.week_of(day)
            hours[week] = hours.get(week, 0.0) + minutes / MINUTES_PER_HOUR
    return hours
