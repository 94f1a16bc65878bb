"""A line of the table, and how a table is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One figure of a suite. `least` is pinned: what was reached when it was last raised.

    `most` bounds what should stay low, such as false alarms; `cases` is what was tried.
    """

    suite: str
    measure: str
    value: float
    cases: int
    least: float | None = None
    most: float | None = None
    percent: bool = True

    @property
    def holds(self) -> bool:
        """Tell whether the threshold is kept."""
        low = self.least is None or self.value >= self.least
        return low and (self.most is None or self.value <= self.most)

    def row(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        bound = "" if self.least is None else f"≥ {self._shown(self.least)}"
        bound = bound if self.most is None else f"≤ {self._shown(self.most)}"
        return self.suite, self.measure, str(self.cases), self._shown(self.value), bound

    def _shown(self, value: float) -> str:
        return f"{value * 100:.1f} %" if self.percent else f"{value:.1f}"


HEAD = ("suite", "measure", "cases", "score", "pinned")


def as_table(scores: Iterable[Score]) -> str:
    """Write the scores as a Markdown table."""
    rows = [HEAD, ("---",) * len(HEAD), *(score.row() for score in scores)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
