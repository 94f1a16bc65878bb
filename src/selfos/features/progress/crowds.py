"""Sums over many people, and when they may be told: about a crowd, or about those who agreed.

Two sums are told of a week. That of *everybody* is about a crowd: at least five people who neither
agreed nor may look have a part in it, and it is rounded. That of *those who agreed* is exact and
has nothing of others in it. An agreement counts for weeks that begin after it was given, so that no
sum of old weeks changes by it and none can be taken from another. A month is its whole weeks, and
told where each of them is: it never says what they do not, whoever comes to agree, look or leave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from selfos.features.progress.spans import (
    DAY,
    DAYS_PER_WEEK,
    MONDAY,
    Unit,
    first_of,
    months_on,
)

CROWD = 5
STEP = 5
WEEKS_TOLD, MONTHS_TOLD, WEEKS_AHEAD = 26, 12, 4
WEEK = timedelta(days=DAYS_PER_WEEK)

Amounts = tuple[int, ...]
# What somebody had a part in, by person and by the Monday of the week.
Parts = Mapping[tuple[UUID, date], Amounts]
Period = Sequence[date]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody's yes, from one day on, until the day it was taken back."""

    first: date
    until: date | None = None

    def held(self, week: date) -> bool:
        """Tell whether it counted for a week when that was over."""
        return self.first <= week and (self.until is None or week < self.until)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who may look, and who has agreed; everybody else is somebody to hide."""

    lookers: frozenset[UUID] = frozenset()
    agreements: Mapping[UUID, Sequence[Agreement]] = field(
        default_factory=dict[UUID, Sequence[Agreement]]
    )

    def agrees(self, person: UUID, week: date) -> bool:
        """Tell whether they let this week of theirs be told, and still do."""
        return any(
            each.held(week) for each in self.agreements.get(person, ()) if each.until is None
        )

    def hides(self, person: UUID, week: date) -> bool:
        """Tell whether others can hide behind them: nothing of that week was told of them alone."""
        agreed = any(each.held(week) for each in self.agreements.get(person, ()))
        return person not in self.lookers and not agreed


def sums_of_all(parts: Parts, periods: Sequence[Period], crowd: Crowd) -> list[Amounts | None]:
    """Return the rounded sum of everybody in each period, or None where it is not told."""
    weeks = _by_week(parts)
    told: list[Amounts | None] = []
    for period in periods:
        crowds = (sum(crowd.hides(each, week) for each in weeks[week]) for week in period)
        told.append(
            _rounded(_sum(amounts for week in period for amounts in weeks[week].values()))
            if min(crowds) >= CROWD
            else None
        )
    return told


def sums_of_agreed(
    parts: Parts, periods: Sequence[Period], crowd: Crowd, *, width: int
) -> list[Amounts | None]:
    """Return the exact sum of those who agreed in each period, or None where nobody had."""
    weeks = _by_week(parts)
    nothing = (0,) * width
    told: list[Amounts | None] = []
    for period in periods:
        mine = [
            amounts
            for week in period
            for person, amounts in weeks[week].items()
            if crowd.agrees(person, week)
        ]
        counted = any(crowd.agrees(person, week) for person in crowd.agreements for week in period)
        told.append(_sum([nothing, *mine]) if counted else None)
    return told


def _by_week(parts: Parts) -> Mapping[date, dict[UUID, Amounts]]:
    weeks: dict[date, dict[UUID, Amounts]] = defaultdict(dict)
    for (person, week), amounts in parts.items():
        if any(amounts):
            weeks[week][person] = amounts
    return weeks


def _sum(parts: Iterable[Amounts]) -> Amounts:
    return tuple(map(sum, zip(*parts, strict=True)))


def _rounded(amounts: Amounts) -> Amounts:
    return tuple((each + STEP // 2) // STEP * STEP for each in amounts)


def last_week_over(now: datetime) -> date:
    """Return the Monday of the last week that is over everywhere, late nights included."""
    return first_of((now - DAY).date(), Unit.WEEK, MONDAY) - WEEK


def periods_told(now: datetime, unit: Unit) -> list[list[date]]:
    """Return the Mondays of each period that is told: always the same ones, whole and over."""
    last = last_week_over(now)
    if unit is Unit.WEEK:
        return [[last - WEEK * back] for back in reversed(range(WEEKS_TOLD))]
    months = [months_on(last.replace(day=1), -back) for back in reversed(range(MONTHS_TOLD + 1))]
    found = [_mondays_of(month) for month in months]
    return [month for month in found if month[-1] <= last][-MONTHS_TOLD:]


def weeks_ahead(now: datetime) -> list[list[date]]:
    """Return the Mondays of this week and of those to come."""
    this = first_of(now.date(), Unit.WEEK, MONDAY)
    return [[this + WEEK * on] for on in range(WEEKS_AHEAD)]


def _mondays_of(month: date) -> list[date]:
    first = first_of(month + WEEK - DAY, Unit.WEEK, MONDAY)
    after = months_on(month, 1)
    return [first + WEEK * on for on in range(DAYS_PER_WEEK) if first + WEEK * on < after]
