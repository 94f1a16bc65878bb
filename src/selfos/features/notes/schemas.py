"""What goes in and out of notes and comments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Page, Prose, RowView, Title

MENTIONS_PER_COMMENT = 50


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("write something")
    return text


Markdown = Annotated[Prose, Field(description="Markdown, kept as written.")]
Words = Annotated[Prose, AfterValidator(_not_blank), Field(description="Markdown; `@name` calls.")]
Mentions = Annotated[
    list[UUID],
    Field(
        max_length=MENTIONS_PER_COMMENT,
        description="Members spoken to, besides those whom the text calls by `@name`.",
    ),
]


class NoteCreate(Input):
    """On one thing at most; without any the note stands free."""

    id: ClientId | None = None
    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    area_id: UUID | None = None
    habit_id: UUID | None = None
    title: Title | None = None
    body: Markdown = ""
    pinned: bool = False


class NoteUpdate(Input):
    """Naming another thing moves the note there; null for the one it hangs on sets it free."""

    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    area_id: UUID | None = None
    habit_id: UUID | None = None
    title: Title | None = None
    body: Markdown = ABSENT
    pinned: bool = ABSENT


class CommentCreate(Input):
    """On exactly one thing."""

    id: ClientId | None = None
    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    habit_id: UUID | None = None
    body: Words
    mentions: Mentions = []


class CommentUpdate(Input):
    body: Words = ABSENT
    mentions: Mentions = ABSENT


class NoteQuery(PageQuery):
    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    area_id: UUID | None = None
    habit_id: UUID | None = None
    free: Annotated[bool | None, Field(description="Those on nothing, or those on something.")] = (
        None
    )
    pinned: bool | None = None
    deleted: Annotated[bool, Field(description="Those in the trash instead.")] = False


class CommentQuery(PageQuery):
    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    habit_id: UUID | None = None


class NoteView(RowView):
    task_id: UUID | None
    goal_id: UUID | None
    project_id: UUID | None
    area_id: UUID | None
    habit_id: UUID | None
    target_title: Annotated[str | None, Field(description="What it hangs on is called.")]
    title: str | None
    body: str
    pinned: bool
    author_id: UUID | None
    author_name: str | None
    deleted_at: datetime | None


class CommentView(RowView):
    task_id: UUID | None
    goal_id: UUID | None
    project_id: UUID | None
    habit_id: UUID | None
    body: str
    mentions: list[UUID]
    author_id: UUID | None
    author_name: str | None
    edited_at: datetime | None


class NotePage(Page):
    """Pinned ones first, then the last changed."""

    items: list[NoteView]


class CommentPage(Page):
    """Oldest first."""

    items: list[CommentView]
