"""The journal of writes that lost against others: nothing anybody wrote goes unseen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete

from selfos.features.sync.models import SyncConflict, SyncOp
from selfos.features.sync.schemas import ConflictQuery, ConflictState
from selfos.features.sync.service.nouns import MARKS, Row, Verb
from selfos.features.sync.service.pulling import KEPT
from selfos.features.sync.service.registry import NOUNS
from selfos.features.sync.service.writing import find_row, wanted_fields, write_fields
from selfos.kernel import rows
from selfos.kernel.context import Context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Document, Documents, Json, Order
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing


async def _nothing(ctx: Context, thing: UUID, given: Any, row: Row) -> None:
    """Stand in for the update of what cannot be updated; its fields are put by other verbs."""


NOTHING = Verb(_nothing)
CONFLICTS = Documents(
    SyncConflict,
    {
        name: getattr(SyncConflict, name)
        for name in (
            *("id", "entity", "entity_id", "field", "kept", "lost", "kept_by", "lost_by"),
            *("device", "state", "created_at", "settled_at", "updated_at", "version"),
        )
    },
)


async def list_conflicts(ctx: Context, query: ConflictQuery) -> Json:
    """Return one page of lost writes, newest first, by default those still open."""
    ctx.require(Permission.CONFLICT_READ)
    conditions: list[ColumnElement[bool]] = []
    if query.state != "all":
        conditions.append(SyncConflict.state == query.state)
    if query.entity_id is not None:
        conditions.append(SyncConflict.entity_id == query.entity_id)
    return await CONFLICTS.page(ctx, query, *conditions, order=Order(descending=True))


async def restore_conflict(ctx: Context, conflict_id: UUID) -> Document:
    """Write the lost value back, as a change of its own that can be undone."""
    ctx.require(Permission.CONFLICT_WRITE)
    conflict = await rows.get(ctx, SyncConflict, conflict_id, lock=True)
    ctx.expect(conflict)
    conflict.settle(ConflictState.RESTORED, ctx.now)
    noun = NOUNS[conflict.entity]
    ctx.require(noun.writes)
    row = await find_row(ctx, noun, conflict.entity_id)
    if row is None:
        raise missing(conflict.entity)
    if noun.value(conflict.field, row) != conflict.lost:
        verb = noun.verbs.get("update", NOTHING)
        wanted = {conflict.field: conflict.lost}
        if conflict.field not in noun.put and conflict.field not in MARKS:
            wanted = wanted_fields(noun, verb, wanted, row)
        await write_fields(ctx, noun, verb, conflict.entity_id, wanted, row)
    await ctx.transaction.flush()
    return await CONFLICTS.one(ctx, conflict_id)


async def dismiss_conflict(ctx: Context, conflict_id: UUID) -> Document:
    """Leave things as they are."""
    ctx.require(Permission.CONFLICT_WRITE)
    conflict = await rows.get(ctx, SyncConflict, conflict_id, lock=True)
    ctx.expect(conflict)
    conflict.settle(ConflictState.DISMISSED, ctx.now)
    await ctx.transaction.flush()
    return await CONFLICTS.one(ctx, conflict_id)


async def forget(kernel: Kernel) -> None:
    """Delete answers to devices, and journal entries somebody has dealt with, after 90 days."""
    before = kernel.clock() - KEPT
    settled = (SyncConflict.state != ConflictState.OPEN, SyncConflict.settled_at < before)
    async with system_session(kernel) as session:
        await session.execute(delete(SyncOp).where(SyncOp.created_at < before))
        await session.execute(delete(SyncConflict).where(*settled))
        await session.commit()
