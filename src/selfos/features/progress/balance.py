"""How what somebody does is spread over the areas of their life, against what these weigh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from selfos.features.progress.counts import DIGITS, share


@dataclass(frozen=True, slots=True)
class Weighed:
    """One area and how much it is meant to matter."""

    id: UUID
    name: str
    color: str
    weight: int


@dataclass(frozen=True, slots=True)
class Balanced:
    """One area: which share it is meant to have, and which it had; None where nothing was done."""

    area: Weighed
    deeds: int
    meant: float | None
    had: float | None

    @property
    def difference(self) -> float | None:
        """Return how much more it had than it is meant to have, in shares."""
        if self.had is None or self.meant is None:
            return None
        return round(self.had - self.meant, DIGITS)


def balance(areas: Sequence[Weighed], deeds: Mapping[UUID, int]) -> list[Balanced]:
    """Weigh what was done in each area; what lies in none is left out of the whole."""
    whole = sum(deeds.get(area.id, 0) for area in areas)
    weights = sum(area.weight for area in areas)
    return [
        Balanced(
            area,
            deeds.get(area.id, 0),
            share(area.weight, weights),
            share(deeds.get(area.id, 0), whole),
        )
        for area in areas
    ]
