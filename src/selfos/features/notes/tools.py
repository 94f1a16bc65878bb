"""Notes and comments for assistants: read, written, added to, never replaced.

A model sees texts shortened and without links, so one it has "edited" would lose them.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from selfos.features.notes import service as notes
from selfos.features.notes.schemas import CommentQuery, NoteCreate, NoteQuery, Words
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input, Prose, Title
from selfos.kernel.tools import ActTool, Change, Deed, Group, Operation, ReadTool

MOST_LISTED = 50


class About(Input):
    """On one thing at most."""

    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    habit_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 25
    cursor: Annotated[str | None, Field(max_length=1_000)] = None


class ListNotes(About):
    area_id: UUID | None = None


class GetNote(Input):
    note_id: UUID


class CreateNote(Change):
    """On one thing at most; without any the note stands free."""

    title: Title | None = None
    body: Annotated[Prose, Field(description="Markdown.")] = ""
    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    area_id: UUID | None = None
    habit_id: UUID | None = None


class Addition(Input):
    text: Annotated[Words, Field(description="Markdown, added at the end.")]


class AppendToNote(Change, Addition):
    note_id: UUID


async def _list(ctx: Context, asked: ListNotes) -> Json:
    return await notes.list_notes(ctx, NoteQuery(**_narrowed(asked)))


async def _list_comments(ctx: Context, asked: About) -> Json:
    return await notes.list_comments(ctx, CommentQuery(**_narrowed(asked)))


def _narrowed(asked: About) -> dict[str, Any]:
    return asked.model_dump(exclude_none=True)


async def _get(ctx: Context, asked: GetNote) -> Json:
    return (await notes.get_note(ctx, asked.note_id)).body


async def _create(ctx: Context, note_id: UUID, new: NoteCreate) -> None:
    await notes.create_note(ctx, new.model_copy(update={"id": note_id}))


async def _append(ctx: Context, note_id: UUID, addition: Addition) -> None:
    await notes.append_to_note(ctx, note_id, addition.text)


TOOLS = (
    ReadTool(
        name="list_notes",
        description="List notes, all or those on one thing, beginning with the pinned ones.",
        group=Group.NOTES,
        permission=Permission.NOTE_READ,
        arguments=ListNotes,
        verb=_list,
    ),
    ReadTool(
        name="get_note",
        description="Show one note in full.",
        group=Group.NOTES,
        permission=Permission.NOTE_READ,
        arguments=GetNote,
        verb=_get,
    ),
    ReadTool(
        name="list_comments",
        description="List what members have commented, all or on one thing.",
        group=Group.NOTES,
        permission=Permission.COMMENT_READ,
        arguments=About,
        verb=_list_comments,
    ),
    ActTool(
        name="create_note",
        description="Write a note, on one thing or a free one.",
        group=Group.NOTES,
        permission=Permission.NOTE_WRITE,
        arguments=CreateNote,
        deed=Deed("note", Operation.CREATE, NoteCreate, _create, notes.get_note),
    ),
    ActTool(
        name="append_to_note",
        description="Add text at the end of a note.",
        group=Group.NOTES,
        permission=Permission.NOTE_WRITE,
        arguments=AppendToNote,
        subject="note_id",
        deed=Deed("note", Operation.APPEND, Addition, _append, notes.get_note),
    ),
)
