"""Finding rows that a verb may change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from selfos.features.planning.models import Area, Goal, Project, Task
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.database import Tenant
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.rows import missing

Noun = TypeVar("Noun", Area, Project, Goal, Task)
Stored = TypeVar("Stored", bound=Tenant)
Root = Area | Project | Goal | Task


def name_of(row: Root) -> str:
    """Return the noun as people say it."""
    return type(row).__name__.lower()


async def changeable(ctx: Context, model: type[Noun], row_id: UUID) -> Noun:
    """Return a row that is not in the trash, in the version the caller expects."""
    row = await rows.get(ctx, model, row_id)
    ctx.expect(row)
    refuse_deleted(row)
    return row


async def changeable_tasks(ctx: Context, task_ids: Iterable[UUID]) -> list[Task]:
    """Return all these tasks in the given order, or raise if one is missing."""
    wanted = list(dict.fromkeys(task_ids))
    found = await ctx.session.scalars(select(Task).where(Task.id.in_(wanted)))
    by_id = {task.id: task for task in found}
    if len(by_id) < len(wanted):
        raise missing(Task.__name__)
    return [by_id[task_id] for task_id in wanted]


def refuse_deleted(row: Root) -> None:
    """Raise Conflict for a row in the trash."""
    if row.deleted_at is not None:
        raise Conflict(f"This {name_of(row)} is in the trash; restore it first.")


async def known(ctx: Context, model: type[Stored], row_id: UUID) -> Stored | None:
    """Return a row of this workspace, from memory if this Context has read it before."""
    return await ctx.session.get(model, {"workspace_id": ctx.workspace_id, "id": row_id})


async def series_around(ctx: Context, parent_id: UUID | None) -> UUID | None:
    """Return the series of the occurrence under which a subtask lies: it comes back with that."""
    parent = await known(ctx, Task, parent_id) if parent_id else None
    return parent.series_id if parent else None


async def container(
    ctx: Context, model: type[Noun], row_id: UUID | None, pointer: str
) -> Noun | None:
    """Return a row that things may be put into, or point at the field that named it."""
    if row_id is None:
        return None
    row = await known(ctx, model, row_id)
    noun = model.__name__.lower()
    if row is None:
        raise invalid(pointer, f"There is no such {noun}.")
    if row.deleted_at is not None or row.archived_at is not None:
        raise invalid(pointer, f"This {noun} is put away; bring it back first.")
    return row
