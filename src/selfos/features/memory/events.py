"""What happens to memory: that it changed and whose it is, never what it says."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class FactEvent(Event):
    """Something that happened to one fact of one person."""

    aggregate: ClassVar[str] = "fact_id"

    fact_id: UUID
    user_id: UUID


class FactRemembered(FactEvent):
    """A fact was added; a pending one waits for its person's yes."""

    type: ClassVar[str] = "memory.remembered"

    pending: bool


class FactCorrected(FactEvent):
    """A fact was closed and another one says what holds now."""

    type: ClassVar[str] = "memory.corrected"

    becomes: UUID


class FactConfirmed(FactEvent):
    type: ClassVar[str] = "memory.confirmed"


class FactForgotten(FactEvent):
    """A fact was erased, with the versions before it."""

    type: ClassVar[str] = "memory.forgotten"


class MemoryCleared(Event):
    """Somebody had everything forgotten."""

    type: ClassVar[str] = "memory.cleared"
    aggregate: ClassVar[str] = "user_id"

    user_id: UUID
