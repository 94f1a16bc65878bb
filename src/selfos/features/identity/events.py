"""What happens to accounts."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class UserRegistered(Event):
    """Somebody made an account; the event stands in the ledger of their personal workspace."""

    type: ClassVar[str] = "user.registered"
    aggregate: ClassVar[str] = "user_id"

    user_id: UUID


class ZoneChanged(Event):
    """Somebody moved to another time zone; the event stands where they were when they said so."""

    type: ClassVar[str] = "user.zone_changed"
    aggregate: ClassVar[str] = "user_id"

    user_id: UUID
