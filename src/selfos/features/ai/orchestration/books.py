"""What the orchestrator asks of budgets and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from selfos.features.ai.adapters.provider import Outgoing
from selfos.features.ai.orchestration.attempts import Record
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.schemas.generation import Attempt, Prepared


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money set aside for one attempt; without an id none had to be."""

    id: UUID | None


class Books(Protocol):
    """Keeps the money. Each method is a short transaction of its own, or none."""

    async def reserve(
        self, prepared: Prepared[Any], rung: Rung, outgoing: Outgoing
    ) -> Reservation | None:
        """Set aside what this attempt may cost at most; None when a budget does not allow it."""
        ...

    async def settle(
        self,
        prepared: Prepared[Any],
        rung: Rung,
        reservation: Reservation,
        made: Attempt,
        record: Record,
    ) -> Attempt:
        """Book what it has cost, give the rest back, write the ledger; returns it with its cost."""
        ...
