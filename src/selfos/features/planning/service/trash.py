"""The trash: what was deleted, for 30 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, delete, exists, literal, select, union_all
from sqlalchemy.orm import aliased

from selfos.features.planning.models import Area, Goal, Project, Task
from selfos.features.planning.schemas.words import Entity
from selfos.features.planning.series import Series
from selfos.features.planning.service.keeping import CONTAINERS
from selfos.kernel.context import Context, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Json, assemble
from selfos.kernel.permissions import Permission

KEPT_DAYS = 30
SHOWN = 500
# Tasks first: what hangs on them goes with them.
NOUNS: dict[Entity, tuple[type[Any], str, Permission]] = {
    Entity.TASK: (Task, "title", Permission.TASK_READ),
    Entity.GOAL: (Goal, "title", Permission.GOAL_READ),
    Entity.PROJECT: (Project, "name", Permission.PROJECT_READ),
    Entity.AREA: (Area, "name", Permission.AREA_READ),
}


async def list_trash(ctx: Context) -> Json:
    """Return what was deleted, newest first; what went along with it is not listed apart."""
    for _, _, permission in NOUNS.values():
        ctx.require(permission)
    rows = union_all(*(_deleted(entity) for entity in NOUNS)).subquery()
    query = select(rows).order_by(rows.c.deleted_at.desc(), rows.c.id).limit(SHOWN)
    found = (await ctx.session.execute(query)).mappings()
    return assemble(
        {
            "items": [
                {
                    **row,
                    "deleted_at": row["deleted_at"].isoformat(),
                    "purge_at": (row["deleted_at"] + timedelta(days=KEPT_DAYS)).isoformat(),
                }
                for row in found
            ]
        }
    )


def _deleted(entity: Entity) -> Select[*tuple[Any, ...]]:
    model, name, _ = NOUNS[entity]
    chosen = select(
        literal(entity.value).label("entity"),
        model.id,
        getattr(model, name).label("title"),
        model.deleted_at,
    ).where(model.deleted_at.is_not(None))
    for column, container in CONTAINERS.items():
        if hasattr(model, column):
            holder = aliased(container)
            together = and_(
                holder.workspace_id == model.workspace_id,
                holder.id == getattr(model, column),
                holder.deleted_at == model.deleted_at,
            )
            chosen = chosen.where(~exists(select(holder.id).where(together).correlate(model)))
    return chosen


async def purge_trash(kernel: Kernel) -> None:
    """Delete for good what has lain in the trash for 30 days, workspace by workspace."""
    for workspace_id in await _due_workspaces(kernel):
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            ctx.describe("Emptied the trash")
            await ctx.for_good()
            for model, _, _ in NOUNS.values():
                await ctx.session.execute(
                    delete(model)
                    .where(model.deleted_at < ctx.now - timedelta(days=KEPT_DAYS))
                    .execution_options(synchronize_session=False)
                )
            await _purge_series(ctx)


async def _purge_series(ctx: Context) -> None:
    """Delete the series of which no occurrence is left."""
    occurs = select(Task.id).where(
        Task.workspace_id == Series.workspace_id, Task.series_id == Series.id
    )
    await ctx.session.execute(
        delete(Series)
        .where(~exists(occurs.correlate(Series)))
        .execution_options(synchronize_session=False)
    )


async def _due_workspaces(kernel: Kernel) -> list[UUID]:
    before = kernel.clock() - timedelta(days=KEPT_DAYS)
    async with system_session(kernel) as session:
        due = union_all(
            *(
                select(model.workspace_id).where(model.deleted_at < before)
                for model, _, _ in NOUNS.values()
            )
        ).subquery()
        return list(await session.scalars(select(due.c.workspace_id).distinct()))
