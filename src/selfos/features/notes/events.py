"""What happens to notes and comments, with the one thing they hang on."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class NoteEvent(Event):
    """Something that happened to a note; one that stands free hangs on nothing."""

    aggregate: ClassVar[str] = "note_id"

    note_id: UUID
    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    area_id: UUID | None = None
    habit_id: UUID | None = None


class NoteCreated(NoteEvent):
    type: ClassVar[str] = "note.created"


class NoteUpdated(NoteEvent):
    """`fields` are the names of what is different now."""

    type: ClassVar[str] = "note.updated"

    fields: list[str]


class NoteDeleted(NoteEvent):
    type: ClassVar[str] = "note.deleted"


class NoteRestored(NoteEvent):
    type: ClassVar[str] = "note.restored"


class CommentEvent(Event):
    """Something that happened to a comment."""

    aggregate: ClassVar[str] = "comment_id"

    comment_id: UUID
    task_id: UUID | None = None
    goal_id: UUID | None = None
    project_id: UUID | None = None
    habit_id: UUID | None = None


class CommentCreated(CommentEvent):
    type: ClassVar[str] = "comment.created"


class CommentUpdated(CommentEvent):
    """`fields` are the names of what is different now."""

    type: ClassVar[str] = "comment.updated"

    fields: list[str]


class CommentMentioned(CommentEvent):
    """A comment speaks to a member, who did not write it; once for each member and comment."""

    type: ClassVar[str] = "comment.mentioned"

    user_id: UUID


class CommentDeleted(CommentEvent):
    type: ClassVar[str] = "comment.deleted"
