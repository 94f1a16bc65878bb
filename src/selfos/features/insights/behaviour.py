"""How somebody works: what slips, when things get done, how much is planned. Pure counting.

Each signal says how many things it rests on, and is None below the fewest that may speak.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import comb, sqrt
from statistics import median
from uuid import UUID

LEAST_DATED, LEAST_DONE, LEAST_DAYS = 20, 30, 10
# With fewer no two of them hold the median with a chance of 95 %.
LEAST_PLANS = 6
LEAST_TIMED = 10
HOURS, BLOCK_HOURS = 24, 3
NORMAL_95, RISK = 1.96, 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a number of things, with its 95 % interval (Wilson, 1927)."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the part as a number from 0 to 1."""
        return self.count / self.of


@dataclass(frozen=True, slots=True)
class Slips:
    """Of tasks whose date has passed: how many were not done by it, and how many were put off."""

    late: Share
    put_off: int


@dataclass(frozen=True, slots=True)
class BestHours:
    """The hours in a row, local ones, in which most was done."""

    first: int
    last: int
    done: Share


@dataclass(frozen=True, slots=True)
class Load:
    """Tasks planned for a day against what was done of them on it, over days with a plan."""

    days: int
    planned: float
    kept: float
    done: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """How long things took against how long they were meant to: the middle one, and its interval.

    `low` and `high` are two of the things, which hold the median with a chance of 95 % or more.
    """

    late: Share
    median: float
    low: float
    high: float


def share_of(count: int, of: int) -> Share:
    """Return a share with Wilson's interval, which stays honest near 0 and 1."""
    z = NORMAL_95
    middle = (count + z * z / 2) / (of + z * z)
    reach = z / (of + z * z) * sqrt(count * (of - count) / of + z * z / 4)
    return Share(count, of, max(0.0, middle - reach), min(1.0, middle + reach))


def slips(planned: Iterable[tuple[date, date | None]], put_off: int) -> Slips | None:
    """Return how much slips; `planned` are due days that have passed, and when it was done."""
    kept = [done is not None and done <= due for due, done in planned]
    if len(kept) < LEAST_DATED:
        return None
    return Slips(share_of(kept.count(False), len(kept)), put_off)


def best_hours(hours: Sequence[int], *, least: int = LEAST_DONE) -> BestHours | None:
    """Return the three hours in a row in which most was done, if they stand out.

    They do when even the low end of their share is above what the same hours would have if what
    was done lay evenly over the waking day (16 hours).
    """
    if len(hours) < least:
        return None
    by_hour = Counter(hours)
    counts = {
        first: sum(by_hour[(first + i) % HOURS] for i in range(BLOCK_HOURS))
        for first in range(HOURS - BLOCK_HOURS + 1)
    }
    first = max(counts, key=lambda each: (counts[each], -each))
    done = share_of(counts[first], len(hours))
    waking = 16
    if done.low <= BLOCK_HOURS / waking:
        return None
    return BestHours(first, first + BLOCK_HOURS, done)


def stretch(plans: Iterable[tuple[date, date, date]]) -> Stretch | None:
    """Return by how much plans stretch; each began, was first to end, and ended, or goes on today.

    Take all whose first date has passed, however they went: what goes on counts as it stands,
    which makes the median too small rather than too large.
    """
    took = [(end - begun) / (meant - begun) for begun, meant, end in plans if meant > begun]
    return _middle(took) if len(took) >= LEAST_PLANS else None


def estimates(sized: Iterable[tuple[float, float]]) -> Stretch | None:
    """Return by how much estimates are passed; of each task what it was meant to take, and took."""
    took = [real / meant for meant, real in sized if meant > 0 and real > 0]
    return _middle(took) if len(took) >= LEAST_TIMED else None


def _middle(times: Iterable[float]) -> Stretch:
    took = sorted(times)
    count = len(took)
    outer, out = 0, 0.0
    # As many from each end as may be left out: the median lies beyond them in 5 % at most.
    while out + 2 * comb(count, outer) / 2**count <= RISK:
        out += 2 * comb(count, outer) / 2**count
        outer += 1
    late = share_of(sum(each > 1 for each in took), count)
    return Stretch(late, median(took), took[outer - 1], took[-outer])


def load(
    days: Sequence[date],
    planned: Mapping[date, Collection[UUID]],
    done: Mapping[date, Collection[UUID]],
) -> Load | None:
    """Return what was planned for days and what was kept; days without a plan do not count."""
    with_plan = [day for day in days if planned.get(day)]
    if len(with_plan) < LEAST_DAYS:
        return None
    count = len(with_plan)
    kept = sum(len(set(planned[day]) & set(done.get(day, ()))) for day in with_plan)
    return Load(
        days=count,
        planned=sum(len(planned[day]) for day in with_plan) / count,
        kept=kept / count,
        done=sum(len(done.get(day, ())) for day in with_plan) / count,
    )


def days_before(today: date, count: int) -> list[date]:
    """Return the days before today, oldest first."""
    return [today - timedelta(days=back) for back in range(count, 0, -1)]
