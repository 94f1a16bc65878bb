"""What a slice keeps for as long as a process runs: opened clients, breakers, queues.

A kernel knows no slice, so it keeps these things by their type. They are made when first asked
for, and closed, last made first, when the process ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, cast


class Resident(Protocol):
    """Something that has to be closed."""

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


Kept = TypeVar("Kept", bound=Resident)


class Residents:
    """One of each kind."""

    def __init__(self) -> None:
        """Nobody lives here yet."""
        self._kept: dict[type[Resident], Resident] = {}

    def one(self, kind: type[Kept], make: Callable[[], Kept]) -> Kept:
        """Return the one of this kind; the first to ask has it made."""
        if kind not in self._kept:
            self._kept[kind] = make()
        return cast("Kept", self._kept[kind])

    async def close(self) -> None:
        """Close all of them."""
        while self._kept:
            _, kept = self._kept.popitem()
            await kept.aclose()
