"""Ties between tasks: whether they lead in a circle, and those between whole series."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from selfos.features.planning.models import Task, TaskDependency
from selfos.features.planning.schemas.words import DependencyKind
from selfos.features.planning.series import Series
from selfos.features.planning.service.loading import known
from selfos.kernel.context import Context


async def leads_to(ctx: Context, first: UUID, last: UUID) -> bool:
    """Tell whether `last` waits for `first`, through however many tasks."""
    reached = (
        select(TaskDependency.blocked_id.label("id"))
        .where(TaskDependency.blocker_id == first, TaskDependency.kind == DependencyKind.BLOCKS)
        .cte("reached", recursive=True)
    )
    edge = aliased(TaskDependency)
    further = select(edge.blocked_id).join(
        reached, and_(edge.blocker_id == reached.c.id, edge.kind == DependencyKind.BLOCKS)
    )
    whole = reached.union(further)
    found = await ctx.session.scalar(select(whole.c.id).where(whole.c.id == last).limit(1))
    return found is not None


async def remember_tie(ctx: Context, blocker: Task, blocked: Task) -> None:
    """Let one series wait for another, occurrence by occurrence, where both ends repeat."""
    series = await _waiting_series(ctx, blocker, blocked)
    if series is not None:
        series.wait_for(blocker.series_id)


async def forget_tie(ctx: Context, blocker: Task, blocked: Task) -> None:
    """Let one series wait for another no longer."""
    series = await _waiting_series(ctx, blocker, blocked)
    if series is not None:
        series.wait_for(blocker.series_id, no_longer=True)


async def _waiting_series(ctx: Context, blocker: Task, blocked: Task) -> Series | None:
    both = blocker.slot is not None and blocked.slot is not None
    if not both or blocked.series_id in (None, blocker.series_id):
        return None
    return await known(ctx, Series, blocked.series_id) if blocked.series_id else None
