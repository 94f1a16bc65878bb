"""Goals to maintain something: at least so much in each day, week or month.

Each period is judged by itself; what is more than enough does not carry over, and neither does a
debt. Within a period the pace is even, in whole steps.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from selfos.features.planning.paths import DAY, FINEST_STEP, ZERO, Action, Knot, Path, Standing
from selfos.features.planning.schemas.words import GoalPeriod, PathState

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included."""

    first: date
    last: date

    @property
    def next_first(self) -> date:
        """Return the day on which the next one begins."""
        return self.last + DAY


def period_of(day: date, period: GoalPeriod, week_begins: int) -> Period:
    """Return the period a day lies in; weeks begin on weekday `week_begins`, 0 for Monday."""
    match period:
        case GoalPeriod.DAY:
            return Period(day, day)
        case GoalPeriod.WEEK:
            first = day - timedelta(days=(day.weekday() - week_begins) % DAYS_PER_WEEK)
            return Period(first, first + timedelta(days=DAYS_PER_WEEK - 1))
        case GoalPeriod.MONTH:
            length = monthrange(day.year, day.month)[1]
            return Period(day.replace(day=1), day.replace(day=length))


def pace_of(period: Period, target: Fraction, step: Fraction) -> Path:
    """Return the even path through one period, from nothing to its target."""
    return Path((Knot(period.first - DAY, ZERO), Knot(period.last, target)), step)


def keeping_up(pace: Path, value: Fraction, today: date, *, missed_before: bool) -> Standing:
    """Return where this period's value stands today.

    Enough is ahead until the next period begins. Behind the pace is a risk, since the period still
    runs; it is off the path if the period before was missed as well.
    """
    next_first = pace.last.day + DAY
    short = pace.first_day_short(value)
    if short is None:
        return Standing(PathState.AHEAD, (next_first - today).days)
    if short > today:
        return Standing(PathState.ON, (short - today).days)
    if missed_before:
        return Standing(PathState.OFF, (pace.first.day - today).days)
    return Standing(PathState.AT_RISK, 0)


def enough(pace: Path, value: Fraction) -> Action:
    """Return what is missing in this period, due by its end."""
    step = pace.step or FINEST_STEP
    missing = ceil((pace.last.value - value) / step) * step
    return Action(pace.last.day, missing, value + missing)
