"""What travelling does to days: a flight can cut one short, or take it away."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from selfos.features.identity.service import UserTime

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
# A day of which less than half was lived asks for nothing; what was done on it counts.
HALF = time(12)


def unlived_days(clock: UserTime) -> frozenset[date]:
    """Return the days that a change of zone has left no room, or hardly any, to live."""
    missing: set[date] = set()
    for instant, _ in clock.changes:
        before, after = _wall(clock, instant - MOMENT), _wall(clock, instant)
        first, last = before.date(), after.date()
        if last <= first:
            continue
        if before.time() >= HALF:
            first += DAY
        if after.time() > HALF:
            last += DAY
        missing.update(first + DAY * n for n in range((last - first).days))
    return frozenset(missing)


def _wall(clock: UserTime, instant: datetime) -> datetime:
    """Return the wall time as if each of their days began at midnight."""
    wall = instant.astimezone(clock.zone_at(instant)).replace(tzinfo=None)
    return wall - timedelta(minutes=clock.day_start_minutes)
