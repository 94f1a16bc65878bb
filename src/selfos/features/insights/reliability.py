"""Past forecasts against what happened: how often "by this day, with 80 %" came true. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from selfos.features.insights.behaviour import Share, share_of
from selfos.features.insights.forecasting import LEVELS


@dataclass(frozen=True, slots=True)
class Kept:
    """A forecast as it was made, and the day its goal was reached, None if it was not."""

    quantiles: Sequence[date | None]
    finished_on: date | None


@dataclass(frozen=True, slots=True)
class Level:
    """Of what was to happen with this chance by days that have passed, how much did."""

    level: float
    happened: Share


def levels(kept: Iterable[Kept], today: date) -> list[Level]:
    """Return for each level what came of it.

    Only days that have passed count, whether the goal was reached or not: who counted every goal
    reached early, and those not reached only later, would flatter the forecast.
    """
    forecasts = list(kept)
    found: list[Level] = []
    for place, level in enumerate(LEVELS):
        passed = [
            (day, each.finished_on)
            for each in forecasts
            if (day := each.quantiles[place]) is not None and day < today
        ]
        if passed:
            reached = sum(end is not None and end <= day for day, end in passed)
            found.append(Level(level, share_of(reached, len(passed))))
    return found
