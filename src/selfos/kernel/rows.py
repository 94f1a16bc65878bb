"""Loading is authorising: a row is found inside the Context's walls or not at all."""

from __future__ import annotations

import re
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, select

from selfos.kernel.context import Context
from selfos.kernel.database import Belonging, Model, Personal, Tenant
from selfos.kernel.errors import NotFound

Stored = TypeVar("Stored", bound=Tenant | Personal | Belonging)
STAMPS = {"updated_at", "version"}
# Where one word of a model's or an entity's name ends and the next begins.
SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


async def find(ctx: Context, model: type[Stored], row_id: UUID) -> Stored | None:
    """Return the row, or None when it is missing or beyond the walls."""
    return await ctx.session.scalar(select(model).where(model.id == row_id))


async def get(ctx: Context, model: type[Stored], row_id: UUID, *, lock: bool = False) -> Stored:
    """Return the row or raise NotFound; `lock` holds it until the transaction ends."""
    statement = select(model).where(model.id == row_id)
    row = await ctx.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise missing(model.__name__)
    return row


def image(row: Model) -> dict[str, Any]:
    """Return what a row holds now, apart from its stamps."""
    columns = inspect(type(row)).column_attrs
    return {each.key: getattr(row, each.key) for each in columns if each.key not in STAMPS}


def changed(row: Model, before: dict[str, Any]) -> list[str]:
    """Return the names of what a row holds now and did not in an earlier image."""
    return sorted(name for name, value in image(row).items() if value != before[name])


def missing(kind: str) -> NotFound:
    """Return the one answer for missing and foreign things."""
    return NotFound(f"There is no such {SEAM.sub(' ', kind).lower()}.")
