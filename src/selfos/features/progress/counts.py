"""Counts of tasks, and what is read from them; a share of nothing is nothing, not zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in some days; see `models.Counted` for what each number means."""

    done: int = 0
    on_time: int = 0
    late: int = 0
    planned: int = 0
    kept: int = 0
    slipped: int = 0
    cancelled: int = 0
    minutes: int = 0
    sized: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(*(getattr(self, each) + getattr(other, each) for each in NAMES))

    @property
    def on_time_share(self) -> float | None:
        """Return which part of the done tasks with a date was done by it."""
        return share(self.on_time, self.on_time + self.late)

    @property
    def kept_share(self) -> float | None:
        """Return which part of what was planned was done in time."""
        return share(self.kept, self.planned)


NAMES = tuple(each.name for each in fields(Counts))


def total(counts: Iterable[Counts]) -> Counts:
    """Return all of these together."""
    return sum(counts, Counts())


def share(part: float, whole: float) -> float | None:
    """Return a part of a whole, 0 to 1, or None of nothing."""
    return round(part / whole, DIGITS) if whole else None
