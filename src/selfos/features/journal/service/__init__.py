"""The verbs of the journal."""

from selfos.features.journal.service.entries import (
    ENTRIES,
    create_entry,
    delete_entry,
    get_entry,
    list_entries,
    purge_trash,
    restore_entry,
    update_entry,
)
from selfos.features.journal.service.moods import checked_since, mood_days

__all__ = [
    "ENTRIES",
    "checked_since",
    "create_entry",
    "delete_entry",
    "get_entry",
    "list_entries",
    "mood_days",
    "purge_trash",
    "restore_entry",
    "update_entry",
]
