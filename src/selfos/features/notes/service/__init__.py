"""The verbs of notes and comments."""

from selfos.features.notes.documents import COMMENTS, NOTES
from selfos.features.notes.service.comments import (
    call_of,
    create_comment,
    delete_comment,
    get_comment,
    list_comments,
    update_comment,
)
from selfos.features.notes.service.notes import (
    append_to_note,
    create_note,
    delete_note,
    get_note,
    list_notes,
    restore_note,
    update_note,
)
from selfos.features.notes.service.showing import rows_showing
from selfos.features.notes.service.trash import purge_trash

__all__ = [
    "COMMENTS",
    "NOTES",
    "append_to_note",
    "call_of",
    "create_comment",
    "create_note",
    "delete_comment",
    "delete_note",
    "get_comment",
    "get_note",
    "list_comments",
    "list_notes",
    "purge_trash",
    "restore_note",
    "rows_showing",
    "update_comment",
    "update_note",
]
