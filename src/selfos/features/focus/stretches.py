"""Stretches of time: a session is one or more with pauses between, the last perhaps still open.

Pure counting on whole seconds. A timer that nobody touches for `LONGEST` has been forgotten: it
counts up to there and no further, whenever that is found out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LONGEST = timedelta(hours=4)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time without a pause; one without an end goes on."""

    start: datetime
    end: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it goes on."""
        return self.end is None


@dataclass(frozen=True, slots=True)
class Closed:
    """Stretches of which none goes on, and whether the last had been forgotten and was cut."""

    stretches: tuple[Stretch, ...]
    cut: bool


def close(stretches: Sequence[Stretch], now: datetime) -> Closed:
    """End the stretch that goes on, now or at the latest when it was forgotten."""
    *before, last = stretches
    if last.end is not None:
        return Closed(tuple(stretches), cut=False)
    latest = last.start + LONGEST
    # A clock that was set back makes no negative time.
    end = max(last.start, min(now, latest))
    return Closed((*before, Stretch(last.start, end)), cut=now > latest)


def untouched_since(stretches: Sequence[Stretch]) -> datetime:
    """Return when the timer was last started, or paused."""
    return stretches[-1].end or stretches[-1].start


def fitted(stretches: Sequence[Stretch], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """Return closed stretches made to begin and end here; pauses that still lie between stay.

    Where nothing of them is left, it is one stretch from start to end.
    """
    kept = [each for each in stretches if each.start < end and (each.end or end) > start]
    if not kept:
        return (Stretch(start, end),)
    edges = [*kept]
    edges[0] = Stretch(start, edges[0].end)
    edges[-1] = Stretch(edges[-1].start, end)
    return tuple(edges)


def seconds_by_day(
    stretches: Sequence[Stretch], day_of: Callable[[datetime], date]
) -> dict[date, int]:
    """Return the seconds of closed stretches for each day; each minute is of the day it begins on.

    The days of the first and the last instant are there even if nothing falls on them.
    """
    counted: Counter[date] = Counter()
    for each in stretches:
        counted[day_of(each.start)] += 0
        for at, following in _minutes(each):
            counted[day_of(at)] += round((following - at).total_seconds())
    return dict(counted)


def _minutes(stretch: Stretch) -> Iterator[tuple[datetime, datetime]]:
    """Yield the minutes of the clock that it lies in, the first and the last as far as it does."""
    at = stretch.start
    while stretch.end is not None and at < stretch.end:
        following = min(at.replace(second=0) + MINUTE, stretch.end)
        yield at, following
        at = following


def whole(instant: datetime) -> datetime:
    """Return an instant without the fraction of its second."""
    return instant.replace(microsecond=0)
