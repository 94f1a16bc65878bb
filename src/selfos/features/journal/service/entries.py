"""Writing, changing, listing entries, and throwing them away. Only one's own are ever in reach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from selfos.features.identity import service as identity
from selfos.features.journal.events import (
    EntryDeleted,
    EntryRestored,
    EntryUpdated,
    EntryWritten,
)
from selfos.features.journal.models import JournalEntry
from selfos.features.journal.schemas import EntryCreate, EntryQuery, EntryUpdate
from selfos.kernel import rows, trash
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Document, Documents, Json, Order
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

KEPT = timedelta(days=30)
FIELDS = "id day body mood energy words deleted_at created_at updated_at version".split()
ENTRIES = Documents(JournalEntry, {name: getattr(JournalEntry, name) for name in FIELDS})
LAST_DAY_FIRST = Order((JournalEntry.day, JournalEntry.created_at), descending=True)


async def list_entries(ctx: Context, query: EntryQuery) -> Json:
    """Return one page of one's own entries, the last day first."""
    ctx.require(Permission.JOURNAL_READ)
    return await ENTRIES.page(ctx, query, *_conditions(query), order=LAST_DAY_FIRST)


async def get_entry(ctx: Context, entry_id: UUID) -> Document:
    """Return one of one's own entries as shown, also from the trash."""
    ctx.require(Permission.JOURNAL_READ)
    return await ENTRIES.one(ctx, entry_id)


async def create_entry(ctx: Context, new: EntryCreate) -> JournalEntry:
    """Write an entry, for today or for a day that has been."""
    ctx.require(Permission.JOURNAL_WRITE)
    today = (await identity.user_time(ctx)).today(ctx.now)
    entry = JournalEntry(
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        seen_by=ctx.user_id,
        **new.model_dump(exclude={"id", "day"}),
        id=new.id or new_id(),
        day=new.day or today,
    )
    entry.check(today)
    ctx.session.add(entry)
    ctx.emit(EntryWritten(**_surroundings(entry)))
    ctx.describe("Wrote in the journal")
    return entry


async def update_entry(ctx: Context, entry_id: UUID, change: EntryUpdate) -> JournalEntry:
    """Change the given fields, the day among them."""
    entry = await _changeable(ctx, entry_id)
    before = rows.image(entry)
    for name, value in change.given().items():
        setattr(entry, name, value)
    entry.check((await identity.user_time(ctx)).today(ctx.now))
    if fields := rows.changed(entry, before):
        ctx.emit(EntryUpdated(**_surroundings(entry), fields=fields))
    ctx.describe("Changed an entry of the journal")
    return entry


async def delete_entry(ctx: Context, entry_id: UUID) -> None:
    """Put an entry into the trash for 30 days."""
    entry = await _changeable(ctx, entry_id)
    entry.deleted_at = ctx.now
    ctx.emit(EntryDeleted(**_surroundings(entry)))
    ctx.describe("Deleted an entry of the journal")


async def restore_entry(ctx: Context, entry_id: UUID) -> JournalEntry:
    """Take an entry out of the trash."""
    ctx.require(Permission.JOURNAL_WRITE)
    entry = await rows.get(ctx, JournalEntry, entry_id)
    ctx.expect(entry)
    entry.restore()
    ctx.emit(EntryRestored(**_surroundings(entry)))
    ctx.describe("Restored an entry of the journal")
    return entry


async def purge_trash(kernel: Kernel) -> None:
    """Delete for good what has lain in the trash for 30 days, person by person."""
    await trash.purge(kernel, JournalEntry, KEPT)


async def _changeable(ctx: Context, entry_id: UUID) -> JournalEntry:
    ctx.require(Permission.JOURNAL_WRITE)
    entry = await rows.get(ctx, JournalEntry, entry_id)
    ctx.expect(entry)
    entry.require_kept()
    return entry


def _conditions(query: EntryQuery) -> list[ColumnElement[bool]]:
    in_trash = JournalEntry.deleted_at.is_not(None)
    conditions: list[ColumnElement[bool]] = [in_trash if query.deleted else ~in_trash]
    if query.day is not None:
        conditions.append(JournalEntry.day == query.day)
    if query.since is not None:
        conditions.append(JournalEntry.day >= query.since)
    if query.until is not None:
        conditions.append(JournalEntry.day <= query.until)
    return conditions


def _surroundings(entry: JournalEntry) -> dict[str, Any]:
    return {"entry_id": entry.id, "user_id": entry.user_id, "day": entry.day}
