"""What happens to sessions: which, on what, and for which days; never a word of a note."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class FocusEvent(Event):
    """Something that happened to a session."""

    aggregate: ClassVar[str] = "session_id"

    session_id: UUID
    user_id: UUID
    task_id: UUID | None
    habit_id: UUID | None


class FocusStarted(FocusEvent):
    """A timer runs, for the first time or again after a pause."""

    type: ClassVar[str] = "focus.started"


class FocusPaused(FocusEvent):
    type: ClassVar[str] = "focus.paused"


class FocusStopped(FocusEvent):
    """A session is over; `cut` says that its timer had been forgotten."""

    type: ClassVar[str] = "focus.stopped"

    seconds: int
    cut: bool


class FocusRecorded(FocusEvent):
    """A session was written down afterwards."""

    type: ClassVar[str] = "focus.recorded"

    seconds: int


class FocusUpdated(FocusEvent):
    """`fields` are the names of what is different now."""

    type: ClassVar[str] = "focus.updated"

    fields: list[str]


class FocusDeleted(FocusEvent):
    type: ClassVar[str] = "focus.deleted"
