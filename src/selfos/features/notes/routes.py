"""Notes and comments over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.notes import service
from selfos.features.notes.schemas import (
    CommentCreate,
    CommentPage,
    CommentQuery,
    CommentUpdate,
    CommentView,
    NoteCreate,
    NotePage,
    NoteQuery,
    NoteUpdate,
    NoteView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

notes = Router(prefix="/notes", tags=["notes"])
comments = Router(prefix="/comments", tags=["comments"])
ROUTERS = (notes, comments)
READ_NOTES, WRITE_NOTES = allow(Permission.NOTE_READ), allow(Permission.NOTE_WRITE)
READ_COMMENTS, WRITE_COMMENTS = allow(Permission.COMMENT_READ), allow(Permission.COMMENT_WRITE)


@notes.get("", response_model=NotePage, **READ_NOTES)
async def list_notes(ctx: Ctx, query: Annotated[NoteQuery, Query()]) -> Response:
    """List notes, pinned ones first: all, free ones, or those on one thing."""
    return as_json(await service.list_notes(ctx, query))


@notes.post("", status_code=201, response_model=NoteView, **WRITE_NOTES)
async def create_note(ctx: Ctx, body: NoteCreate) -> Response:
    """Write a note on a task, goal, project, area or habit, or a free one."""
    note = await service.create_note(ctx, body)
    return shown(await service.NOTES.one(ctx, note.id), 201)


@notes.get("/{note_id}", response_model=NoteView, **READ_NOTES)
async def get_note(ctx: Ctx, note_id: UUID) -> Response:
    """Show one note."""
    return shown(await service.get_note(ctx, note_id))


@notes.patch("/{note_id}", response_model=NoteView, **WRITE_NOTES)
async def update_note(ctx: Ctx, note_id: UUID, body: NoteUpdate) -> Response:
    """Change a note, pin it, or hang it on something else."""
    await service.update_note(ctx, note_id, body)
    return shown(await service.NOTES.one(ctx, note_id))


@notes.delete("/{note_id}", status_code=204, **WRITE_NOTES)
async def delete_note(ctx: Ctx, note_id: UUID) -> Response:
    """Put a note into the trash for 30 days."""
    await service.delete_note(ctx, note_id)
    return nothing()


@notes.post("/{note_id}/restore", response_model=NoteView, **WRITE_NOTES)
async def restore_note(ctx: Ctx, note_id: UUID) -> Response:
    """Take a note out of the trash."""
    await service.restore_note(ctx, note_id)
    return shown(await service.NOTES.one(ctx, note_id))


@comments.get("", response_model=CommentPage, **READ_COMMENTS)
async def list_comments(ctx: Ctx, query: Annotated[CommentQuery, Query()]) -> Response:
    """List comments, oldest first; all, or those on one thing."""
    return as_json(await service.list_comments(ctx, query))


@comments.post("", status_code=201, response_model=CommentView, **WRITE_COMMENTS)
async def create_comment(ctx: Ctx, body: CommentCreate) -> Response:
    """Comment on a task, goal, project or habit; members called by `@name` are told."""
    comment = await service.create_comment(ctx, body)
    return shown(await service.COMMENTS.one(ctx, comment.id), 201)


@comments.get("/{comment_id}", response_model=CommentView, **READ_COMMENTS)
async def get_comment(ctx: Ctx, comment_id: UUID) -> Response:
    """Show one comment."""
    return shown(await service.get_comment(ctx, comment_id))


@comments.patch("/{comment_id}", response_model=CommentView, **WRITE_COMMENTS)
async def update_comment(ctx: Ctx, comment_id: UUID, body: CommentUpdate) -> Response:
    """Change one's own comment."""
    await service.update_comment(ctx, comment_id, body)
    return shown(await service.COMMENTS.one(ctx, comment_id))


@comments.delete("/{comment_id}", status_code=204, **WRITE_COMMENTS)
async def delete_comment(ctx: Ctx, comment_id: UUID) -> Response:
    """Delete a comment: its author may, and an admin or owner."""
    await service.delete_comment(ctx, comment_id)
    return nothing()
