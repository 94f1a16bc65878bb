"""When a goal may be reached: a distribution of days, drawn from its own weeks. Pure.

Each simulated life repeats past weeks of the goal until what remains is done: how much was done in
a week, and by how much the work grew in it, stay together. Recent weeks weigh more (half as much
every `HALF_LIFE` weeks). How much each week weighs is itself drawn anew for each life (the Bayesian
bootstrap, Rubin 1981), so that few weeks give a wide answer and not a sure one; and the pace of a
whole life is drawn around that, since people's next months are not their last ones.

The quantiles are of days. What is not reached in `HORIZON` weeks counts as never.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import ceil, exp, isfinite, sqrt
from random import Random

WEEK = timedelta(days=7)
LEAST_WEEKS, LEAST_ACTIVE = 4, 3
MOST_WEEKS = 52
HALF_LIFE = 10.0
HORIZON = 260
LIVES = 1_000
# Spread (of the logarithm) of a coming pace around the past one: DRIFT, and more where few weeks
# have been seen. Both were set so that simulated people are met as often as promised.
DRIFT, UNSEEN = 0.1, 0.7
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Week:
    """What one past week did for a goal: done, and grown by so much; in the goal's own unit."""

    done: float
    grown: float = 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days by which the goal is reached with chance 10, 25, 50, 75, 90 %; None for beyond.

    `ends` are the lives themselves, in weeks from `today`, the shortest first.
    """

    today: date
    ends: Sequence[float]
    quantiles: tuple[date | None, ...]
    reached: float
    weeks: int
    per_week: float
    growth: float

    @property
    def median(self) -> date | None:
        """Return the day that comes too early half of the time."""
        return self.quantiles[LEVELS.index(0.5)]

    @property
    def low(self) -> date | None:
        """Return where the 80 % interval begins."""
        return self.quantiles[0]

    @property
    def high(self) -> date | None:
        """Return where it ends."""
        return self.quantiles[-1]

    def chance_by(self, day: date) -> float:
        """Return the share of lives in which it is reached by a day."""
        return bisect_right(self.ends, (day - self.today) / WEEK) / len(self.ends)


def missing_weeks(weeks: Sequence[Week]) -> str | None:
    """Say what is missing before a forecast may be made, or None."""
    active = sum(week.done > 0 for week in weeks)
    if len(weeks) < LEAST_WEEKS:
        return f"{len(weeks)} of {LEAST_WEEKS} whole weeks so far"
    if active < LEAST_ACTIVE:
        return f"{active} of {LEAST_ACTIVE} weeks in which something was done"
    return None


def foresee(
    weeks: Sequence[Week], remaining: float, today: date, *, random: Random, lives: int = LIVES
) -> Forecast:
    """Return when what remains may be done, from past whole weeks, oldest first."""
    weeks = weeks[-MOST_WEEKS:]
    fade = [0.5 ** ((len(weeks) - 1 - i) / HALF_LIFE) for i in range(len(weeks))]
    spread = sqrt(DRIFT**2 + UNSEEN**2 / len(weeks))
    ends = sorted(_one_life(weeks, fade, remaining, spread, random) for _ in range(lives))
    total = sum(fade)
    return Forecast(
        today=today,
        ends=ends,
        quantiles=tuple(_day(today, ends, level) for level in LEVELS),
        reached=sum(map(isfinite, ends)) / lives,
        weeks=len(weeks),
        per_week=sum(w * week.done for w, week in zip(fade, weeks, strict=True)) / total,
        growth=sum(w * week.grown for w, week in zip(fade, weeks, strict=True)) / total,
    )


def _one_life(
    weeks: Sequence[Week], fade: Sequence[float], remaining: float, spread: float, random: Random
) -> float:
    """Return after how many weeks it is done in one life, NEVER beyond the horizon."""
    weights = list(accumulate(random.expovariate(1.0) * weight for weight in fade))
    pace = exp(random.gauss(-spread * spread / 2, spread))
    done = 0
    left = remaining
    while done < HORIZON:
        for week in random.choices(weeks, cum_weights=weights, k=min(26, HORIZON - done)):
            step = week.done * pace
            if step > 0 and left <= step:
                return done + left / step
            left += week.grown - step
            done += 1
    return NEVER


def _day(today: date, ends: Sequence[float], level: float) -> date | None:
    weeks = ends[min(len(ends) - 1, ceil(level * len(ends)) - 1)]
    return today + timedelta(days=ceil(weeks * WEEK.days)) if isfinite(weeks) else None
