"""What happens to entries of a journal: which, and for which day, never what they say."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class EntryEvent(Event):
    """Something that happened to an entry."""

    aggregate: ClassVar[str] = "entry_id"

    entry_id: UUID
    user_id: UUID
    day: date


class EntryWritten(EntryEvent):
    type: ClassVar[str] = "journal.written"


class EntryUpdated(EntryEvent):
    """`fields` are the names of what is different now."""

    type: ClassVar[str] = "journal.updated"

    fields: list[str]


class EntryDeleted(EntryEvent):
    type: ClassVar[str] = "journal.deleted"


class EntryRestored(EntryEvent):
    type: ClassVar[str] = "journal.restored"
