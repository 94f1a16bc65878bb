"""The journal over HTTP: everybody's own, and nobody else's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.journal import service as journal
from selfos.features.journal.schemas import (
    EntryCreate,
    EntryPage,
    EntryQuery,
    EntryUpdate,
    EntryView,
    MoodDays,
    MoodQuery,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/journal", tags=["journal"])
READ, WRITE = allow(Permission.JOURNAL_READ), allow(Permission.JOURNAL_WRITE)


@router.get("", response_model=EntryPage, **READ)
async def list_journal(ctx: Ctx, query: Annotated[EntryQuery, Query()]) -> Response:
    """List what I have written, the last day first."""
    return as_json(await journal.list_entries(ctx, query))


@router.post("", status_code=201, response_model=EntryView, **WRITE)
async def write_journal(ctx: Ctx, body: EntryCreate) -> Response:
    """Write an entry, say how it is, or both; for today or for a day that has been."""
    entry = await journal.create_entry(ctx, body)
    return shown(await journal.ENTRIES.one(ctx, entry.id), 201)


@router.get("/days", response_model=MoodDays, **READ)
async def list_mood_days(ctx: Ctx, query: Annotated[MoodQuery, Query()]) -> MoodDays:
    """Show how it was, day by day: means of mood and energy, with gaps."""
    return await journal.mood_days(ctx, query)


@router.get("/{entry_id}", response_model=EntryView, **READ)
async def get_journal_entry(ctx: Ctx, entry_id: UUID) -> Response:
    """Show one entry."""
    return shown(await journal.get_entry(ctx, entry_id))


@router.patch("/{entry_id}", response_model=EntryView, **WRITE)
async def update_journal_entry(ctx: Ctx, entry_id: UUID, body: EntryUpdate) -> Response:
    """Change an entry, or the day it counts for."""
    await journal.update_entry(ctx, entry_id, body)
    return shown(await journal.ENTRIES.one(ctx, entry_id))


@router.delete("/{entry_id}", status_code=204, **WRITE)
async def delete_journal_entry(ctx: Ctx, entry_id: UUID) -> Response:
    """Put an entry into the trash for 30 days."""
    await journal.delete_entry(ctx, entry_id)
    return nothing()


@router.post("/{entry_id}/restore", response_model=EntryView, **WRITE)
async def restore_journal_entry(ctx: Ctx, entry_id: UUID) -> Response:
    """Take an entry out of the trash."""
    await journal.restore_entry(ctx, entry_id)
    return shown(await journal.ENTRIES.one(ctx, entry_id))
