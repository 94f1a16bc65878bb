"""The next free slot of somebody's days: not asleep, not taken, not full. Touches no session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from selfos.features.notifications.moments import instant_of

DAYS_AHEAD = 14
STEP = timedelta(minutes=5)
USUALLY_AWAKE = (time(8), time(21))


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """A stretch of time that something has: from a moment to another."""

    start: datetime
    end: datetime


def awake(quiet: tuple[time, time] | None) -> tuple[time, time]:
    """Return between which wall times somebody is up: outside of quiet hours over a night."""
    if quiet is None or quiet[0] <= quiet[1]:
        return USUALLY_AWAKE
    return quiet[1], quiet[0]


def next_free(
    now: datetime,
    taken: Sequence[Taken],
    *,
    length: timedelta,
    zone: ZoneInfo,
    hours: tuple[time, time],
    full: Collection[date],
) -> datetime | None:
    """Return when so much time is free for the first time within two weeks, at least 5 minutes on.

    `full` days hold as much as fits in them already, and have no slot.
    """
    today = now.astimezone(zone).date()
    soonest = _rounded(now + STEP)
    for later in range(DAYS_AHEAD):
        day = today + timedelta(days=later)
        if day in full:
            continue
        begins, ends = (instant_of(datetime.combine(day, clock), zone) for clock in hours)
        start = max(begins, soonest)
        for each in sorted(taken):
            if each.start < start + length and each.end > start:
                start = _rounded(each.end)
        if start + length <= ends:
            return start
    return None


def _rounded(moment: datetime) -> datetime:
    """Return the next moment that a clock shows in steps of five minutes."""
    over = timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (STEP - over) if over else moment
