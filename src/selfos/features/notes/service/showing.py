"""Which notes show something of other things: what they hang on, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, or_, select

from selfos.features.notes.models import NOTE_TARGETS, Note
from selfos.kernel.context import Context


async def rows_showing(
    ctx: Context, changed: Mapping[str, Collection[UUID]]
) -> dict[str, set[UUID]]:
    """Return the notes that hang on one of these things, which they call by its title."""
    by_column = {name: changed.get(name.removesuffix("_id"), ()) for name in NOTE_TARGETS}
    if not any(by_column.values()):
        return {}
    hangs = (
        getattr(Note, name) == any_(literal(list(ids), ARRAY(Uuid())))
        for name, ids in by_column.items()
        if ids
    )
    return {"note": set(await ctx.session.scalars(select(Note.id).where(or_(*hangs))))}
