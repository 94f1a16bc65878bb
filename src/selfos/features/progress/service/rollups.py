"""Keeping the sums: following the ledger, doubting them, counting anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, column, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from selfos.features.progress.models import Cursor, Move, Rollup, TaskFacts
from selfos.kernel.context import Context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.ledger.models import TenantRoot

KEPT = (Cursor, Move, TaskFacts, Rollup)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sum that is not what a recount gives; None stands for no row."""

    user_id: UUID
    day: date
    dimension: str
    of_id: UUID
    kept: dict[str, Any] | None
    recomputed: dict[str, Any] | None


async def catch_up(ctx: Context) -> set[UUID]:
    """Fold in what has happened since, each changeset once; returns whose numbers may differ.

    The first time everything there is gets counted. With nothing new it is one cheap query, so
    whoever shows numbers calls it first and shows exact ones; a request that only reads commits
    nothing, so what it folded in is folded in again until a job has.
    """
    await ctx.transaction.flush()
    touched = func.progress_catch_up(ctx.workspace_id)
    found = await ctx.session.scalar(select(type_coerce(touched, ARRAY(Uuid()))))
    return set(found or ())


async def workspaces_behind(kernel: Kernel) -> list[UUID]:
    """Return the workspaces in which something has happened since their numbers were folded."""
    async with system_session(kernel) as session:
        found = await session.scalars(
            select(TenantRoot.id)
            .outerjoin(Cursor, Cursor.workspace_id == TenantRoot.id)
            .where(TenantRoot.seq > func.coalesce(Cursor.seq, -1))
            .order_by(TenantRoot.id)
        )
        return list(found)


async def count_anew(ctx: Context) -> None:
    """Throw the sums of this workspace away and take them again."""
    await catch_up(ctx)
    await ctx.session.execute(select(func.progress_rebuild(ctx.workspace_id)))


async def doubts(ctx: Context) -> Sequence[Doubt]:
    """Return the sums of this workspace that a recount contradicts."""
    await catch_up(ctx)
    found = func.progress_doubts(ctx.workspace_id).table_valued(
        column("user_id", Uuid()),
        column("day", Date()),
        column("dimension", Text()),
        column("of_id", Uuid()),
        column("kept", JSONB()),
        column("recomputed", JSONB()),
    )
    rows = await ctx.session.execute(select(found).order_by(found.c.day))
    return [Doubt(*row) for row in rows]
