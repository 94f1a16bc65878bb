"""Manual order: one order per workspace and noun, of which every view shows its part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from selfos.features.planning.models import Task
from selfos.features.planning.ranks import rank_at, rank_between, spread
from selfos.features.planning.service.tree import lock
from selfos.kernel.context import Context
from selfos.kernel.database import Model
from selfos.kernel.errors import invalid

# A fresh rank has 14 letters. Beyond this, about a hundred insertions met at one spot.
LONG_RANK = 40
REBALANCE = "planning.rebalance"


def next_rank(ctx: Context) -> str:
    """Return the rank of a row made now, after those this Context has made before."""
    return rank_at(ctx.now, len(ctx.draft.events))


async def rank_after(ctx: Context, model: type[Any], after_id: UUID | None) -> str:
    """Return a rank right behind this row in every view, or, for None, before all others."""
    await lock(ctx, model.__tablename__)
    column, shown = _column(model), _shown(model)
    before = None
    if after_id is not None:
        before = await ctx.session.scalar(select(column).where(model.id == after_id))
        if before is None:
            raise invalid("/after_id", f"There is no such {model.__name__.lower()}.")
    above = and_(shown, column > before) if before is not None else shown
    following = await ctx.session.scalar(select(func.min(column)).where(above))
    rank = rank_between(before, following)
    if len(rank) > LONG_RANK:
        ctx.defer(REBALANCE, workspace_id=str(ctx.workspace_id), table=model.__tablename__)
    return rank


async def rebalance(ctx: Context, table: str) -> int:
    """Shorten long ranks without changing the order; returns how many rows moved."""
    model = _ordered(table)
    await lock(ctx, table)
    column = _column(model)
    rows = list(await ctx.session.scalars(select(model).order_by(column, model.id)))
    ctx.describe("Tidied the order")
    start = moved = 0
    while start < len(rows):
        end = start
        while end < len(rows) and len(getattr(rows[end], column.key)) > LONG_RANK // 2:
            end += 1
        if end > start:
            _spread(rows, column.key, start, end)
            moved += end - start
        start = end + 1
    return moved


def _ordered(table: str) -> type[Any]:
    """Return the class of a table: slices above planning have orders by hand as well."""
    classes = (mapper.class_ for mapper in Model.registry.mappers)
    return next(each for each in classes if each.__tablename__ == table)


def _spread(rows: list[Any], name: str, start: int, end: int) -> None:
    before = getattr(rows[start - 1], name) if start else None
    after = getattr(rows[end], name) if end < len(rows) else None
    for row, rank in zip(rows[start:end], spread(before, after, end - start), strict=True):
        setattr(row, name, rank)


def _column(model: type[Any]) -> Any:
    return Task.rank if model is Task else model.position


def _shown(model: type[Any]) -> ColumnElement[bool]:
    if model is Task:
        return and_(
            Task.settled_at.is_(None), Task.deleted_at.is_(None), Task.archived_at.is_(None)
        )
    return model.position.is_not(None)
