"""Making, changing, listing notes, and throwing them away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func

from selfos.features.notes.documents import NOTES
from selfos.features.notes.events import NoteCreated, NoteDeleted, NoteRestored, NoteUpdated
from selfos.features.notes.models import NOTE_TARGETS, Note
from selfos.features.notes.schemas import NoteCreate, NoteQuery, NoteUpdate
from selfos.features.notes.service.targets import find_target, held, in_sight
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

FIELDS = ("title", "body", "pinned")
NEWEST = Order((Note.pinned, Note.updated_at), descending=True)


async def list_notes(ctx: Context, query: NoteQuery) -> Json:
    """Return one page of notes, pinned ones first, then the last changed.

    Those on things in the trash are left out, like the things.
    """
    ctx.require(Permission.NOTE_READ)
    return await NOTES.page(ctx, query, *_conditions(query), order=NEWEST)


async def get_note(ctx: Context, note_id: UUID) -> Document:
    """Return one note as shown, also from the trash."""
    ctx.require(Permission.NOTE_READ)
    return await NOTES.one(ctx, note_id)


async def create_note(ctx: Context, new: NoteCreate) -> Note:
    """Write a note, on one thing or free."""
    ctx.require(Permission.NOTE_WRITE)
    target = await find_target(ctx, {name: getattr(new, name) for name in NOTE_TARGETS})
    note = Note(
        workspace_id=ctx.workspace_id,
        author_id=ctx.user_id,
        **new.model_dump(exclude={"id"}),
        id=new.id or new_id(),
    )
    note.check()
    ctx.session.add(note)
    ctx.emit(NoteCreated(**_surroundings(note)))
    ctx.describe(f"Wrote a note on “{target[1]}”" if target else f"Wrote {_called(note)}")
    return note


async def update_note(ctx: Context, note_id: UUID, change: NoteUpdate) -> Note:
    """Change the given fields, or hang the note on something else."""
    note = await _changeable(ctx, note_id)
    given, before = change.given(), rows.image(note)
    targets = {name: given[name] for name in NOTE_TARGETS if name in given}
    if await find_target(ctx, targets):
        targets = dict.fromkeys(NOTE_TARGETS) | targets
    for name, value in targets.items():
        setattr(note, name, value)
    for name in given.keys() & set(FIELDS):
        setattr(note, name, given[name])
    note.check()
    if fields := rows.changed(note, before):
        ctx.emit(NoteUpdated(**_surroundings(note), fields=fields))
    ctx.describe(f"Changed {_called(note)}")
    return note


async def append_to_note(ctx: Context, note_id: UUID, text: str) -> Note:
    """Add a paragraph at the end of a note."""
    note = await _changeable(ctx, note_id)
    note.body = f"{note.body.rstrip()}\n\n{text}" if note.body.strip() else text
    note.check()
    ctx.emit(NoteUpdated(**_surroundings(note), fields=["body"]))
    ctx.describe(f"Added to {_called(note)}")
    return note


async def delete_note(ctx: Context, note_id: UUID) -> None:
    """Put a note into the trash for 30 days."""
    note = await _changeable(ctx, note_id)
    note.deleted_at = ctx.now
    ctx.emit(NoteDeleted(**_surroundings(note)))
    ctx.describe(f"Deleted {_called(note)}")


async def restore_note(ctx: Context, note_id: UUID) -> Note:
    """Take a note out of the trash."""
    ctx.require(Permission.NOTE_WRITE)
    note = await rows.get(ctx, Note, note_id)
    ctx.expect(note)
    note.restore()
    ctx.emit(NoteRestored(**_surroundings(note)))
    ctx.describe(f"Restored {_called(note)}")
    return note


async def _changeable(ctx: Context, note_id: UUID) -> Note:
    ctx.require(Permission.NOTE_WRITE)
    note = await rows.get(ctx, Note, note_id)
    ctx.expect(note)
    note.require_kept()
    return note


def _conditions(query: NoteQuery) -> list[ColumnElement[bool]]:
    in_trash = Note.deleted_at.is_not(None)
    conditions = [in_trash if query.deleted else ~in_trash, *in_sight(Note, NOTE_TARGETS, query)]
    if query.free is not None:
        targets = func.num_nonnulls(*(getattr(Note, name) for name in NOTE_TARGETS))
        conditions.append(targets == 0 if query.free else targets > 0)
    if query.pinned is not None:
        conditions.append(Note.pinned.is_(query.pinned))
    return conditions


def _called(note: Note) -> str:
    return f"the note “{note.title}”" if note.title else "a note"


def _surroundings(note: Note) -> dict[str, Any]:
    return {"note_id": note.id, **held(note)}
