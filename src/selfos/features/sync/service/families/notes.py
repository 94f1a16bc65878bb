"""Notes and comments."""

from __future__ import annotations

from selfos.features.notes import service as notes
from selfos.features.notes.schemas import CommentCreate, CommentUpdate, NoteCreate, NoteUpdate
from selfos.features.sync.merging import Kind
from selfos.features.sync.service.nouns import Noun, changing, creating, plain
from selfos.kernel.permissions import Permission

NOTE = Noun(
    "note",
    notes.NOTES,
    Permission.NOTE_READ,
    Permission.NOTE_WRITE,
    creating(notes.create_note, NoteCreate),
    {
        "update": changing(notes.update_note, NoteUpdate),
        "delete": plain(notes.delete_note, deleted=True),
        "restore": plain(notes.restore_note, deleted=False),
    },
    kinds={"body": Kind.TEXT},
)
COMMENT = Noun(
    "comment",
    notes.COMMENTS,
    Permission.COMMENT_READ,
    Permission.COMMENT_WRITE,
    creating(notes.create_comment, CommentCreate),
    {
        "update": changing(notes.update_comment, CommentUpdate),
        "delete": plain(notes.delete_comment, deleted=True),
    },
    kinds={"body": Kind.TEXT},
)

NOUNS = (NOTE, COMMENT)
rows_showing = notes.rows_showing
