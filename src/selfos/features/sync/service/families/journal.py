"""Entries of a journal: handed only to their writer's own devices."""

from __future__ import annotations

from dataclasses import replace

from selfos.features.journal import service as journal
from selfos.features.journal.schemas import EntryCreate, EntryUpdate
from selfos.features.sync.merging import Kind
from selfos.features.sync.service.nouns import Noun, changing, creating, plain
from selfos.kernel.permissions import Permission

ENTRY = Noun(
    "journal_entry",
    journal.ENTRIES,
    Permission.JOURNAL_READ,
    Permission.JOURNAL_WRITE,
    replace(creating(journal.create_entry, EntryCreate), dated="day"),
    {
        "update": changing(journal.update_entry, EntryUpdate),
        "delete": plain(journal.delete_entry, deleted=True),
        "restore": plain(journal.restore_entry, deleted=False),
    },
    kinds={"body": Kind.TEXT},
)

NOUNS = (ENTRY,)
