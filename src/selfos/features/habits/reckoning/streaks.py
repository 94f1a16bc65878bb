"""Streaks: how many periods in a row an obligation was met.

Done extends; missed and partial break. Whatever else a period is (skipped, paused, still open) it
does neither, so five working days in a row are five, and a period of skips alone counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from selfos.features.habits.reckoning.records import Obligation, Stretch
from selfos.features.habits.schemas.words import Period, StreakUnit, Verdict


@dataclass(frozen=True, slots=True)
class Streak:
    """The streak that stands, the longest there was, and the days the standing one covers."""

    unit: StreakUnit
    current: int = 0
    best: int = 0
    since: date | None = None
    days: int = 0


def streak(obligation: Obligation, stretches: Iterable[Stretch], last: date) -> Streak:
    """Walk the periods in order; a period that runs on covers days only up to `last`."""
    current = best = 0
    since = until = None
    for stretch in stretches:
        match stretch.verdict:
            case Verdict.DONE:
                current += 1
                best = max(best, current)
                since, until = since or stretch.first, min(stretch.last, last)
            case Verdict.MISSED | Verdict.PARTIAL:
                current, since, until = 0, None, None
            case _:
                pass
    days = (until - since).days + 1 if since and until else 0
    return Streak(unit_of(obligation), current, best, since, days)


def unit_of(obligation: Obligation) -> StreakUnit:
    """Return what this obligation's streak counts."""
    match obligation.period:
        case Period.WEEK:
            return StreakUnit.WEEKS
        case Period.MONTH:
            return StreakUnit.MONTHS
        case Period.ROLLING if not obligation.limit:
            return StreakUnit.TIMES
        case _:
            return StreakUnit.DAYS
