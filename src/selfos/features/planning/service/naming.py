"""What other slices may ask about the things that theirs hang on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from selfos.features.planning.schemas.words import Entity
from selfos.features.planning.service.loading import known
from selfos.features.planning.service.trash import NOUNS
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid


async def name_of_kept(ctx: Context, noun: Entity, row_id: UUID, pointer: str) -> str:
    """Return what a thing is called, or point at the field that named it.

    Raises Invalid for one that is missing or in the trash.
    """
    model, _, permission = NOUNS[noun]
    ctx.require(permission)
    row = await known(ctx, model, row_id)
    if row is None:
        raise invalid(pointer, f"There is no such {noun}.")
    if row.deleted_at is not None:
        raise invalid(pointer, f"This {noun} is in the trash; restore it first.")
    return row.title


def title_of(noun: Entity, holder: Any) -> ColumnElement[str | None]:
    """Return a subquery for the title of the thing that `<noun>_id` of the holder names."""
    model, title, _ = NOUNS[noun]
    return _named_by(noun, holder, select(getattr(model, title))).scalar_subquery()


def lies_in_trash(noun: Entity, holder: Any) -> ColumnElement[bool]:
    """Tell whether the thing that `<noun>_id` of the holder names is in the trash."""
    model = NOUNS[noun][0]
    return exists(_named_by(noun, holder, select(model.id).where(model.deleted_at.is_not(None))))


def _named_by(noun: Entity, holder: Any, chosen: Any) -> Any:
    model = NOUNS[noun][0]
    named = model.id == getattr(holder, f"{noun}_id")
    return chosen.where(model.workspace_id == holder.workspace_id, named).correlate(holder)
