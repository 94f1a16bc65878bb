"""What this slice tells others."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class ChangesetUndone(Event):
    """A changeset's effects were taken back (or, for a redo, an undo's were)."""

    type: ClassVar[str] = "changeset.undone"
    aggregate: ClassVar[str] = "changeset_id"

    changeset_id: UUID
