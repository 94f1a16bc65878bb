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
