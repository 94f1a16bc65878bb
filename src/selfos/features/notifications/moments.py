"""When somebody is told: wall times made instants, quiet hours, snoozing. Touches no session.

A wall time that a clock skips shifts forward by the gap; one that comes twice is the first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_PER_DAY = 1_440
# A week, and a day on either side for clocks that are set back or forward.
DAYS_LOOKED_AT = 9
EVENING = time(19)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall time in a zone."""
    # With `fold=0` a skipped time is read with the offset before the gap, which shifts it forward.
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def before(wall: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the instant so many minutes before a wall time.

    Whole days are taken off the calendar, so that a day before 9:00 is 9:00; the rest is elapsed.
    """
    days, rest = divmod(minutes, MINUTES_PER_DAY)
    return instant_of(wall - timedelta(days=days), zone) - timedelta(minutes=rest)


def next_at(clock: time, now: datetime, zone: ZoneInfo, *, weekday: int | None = None) -> datetime:
    """Return the next instant after `now` at which a wall clock shows this time.

    On that day of the week, if one is named; Monday is 0.
    """
    today = now.astimezone(zone).date()
    for later in range(DAYS_LOOKED_AT):
        day = today + timedelta(days=later)
        found = instant_of(datetime.combine(day, clock), zone)
        if found > now and weekday in (None, day.weekday()):
            return found
    raise AssertionError("a wall clock shows every time within nine days")


def end_of_quiet(now: datetime, zone: ZoneInfo, hours: tuple[time, time] | None) -> datetime | None:
    """Return when the quiet hours around `now` end, or None outside of them.

    They may go past midnight; a start that is the end means there are none.
    """
    if hours is None or hours[0] == hours[1]:
        return None
    start, end = hours
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begins = instant_of(datetime.combine(day, start), zone)
        last = day + timedelta(days=1) if end < start else day
        ends = instant_of(datetime.combine(last, end), zone)
        if begins <= now < ends:
            return ends
    return None


def tonight(now: datetime, zone: ZoneInfo) -> datetime:
    """Return this evening, or an hour from now if it has come."""
    evening = instant_of(datetime.combine(now.astimezone(zone).date(), EVENING), zone)
    return evening if evening > now else now + timedelta(hours=1)


def tomorrow(today: date, zone: ZoneInfo, usual: time) -> datetime:
    """Return the usual time of the day after `today`, as somebody counts their days."""
    return instant_of(datetime.combine(today + timedelta(days=1), usual), zone)
