"""When a rule comes up: its slots in order, found period by period from anywhere in time.

A slot is a local date, or a local wall time without a zone, as its anchor is. The work of a
search is bounded whatever the rule says: after so many periods without a slot there is none. The
periods are ours because dateutil's `rrule` cannot be bounded from outside: on a rule that never
comes up it walks to the year 9999. The tests hold us to its answers on every rule that does.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice, takewhile
from math import gcd
from zoneinfo import ZoneInfo

from selfos.features.planning.recurrence.rules import Frequency, Rule

Slot = date | datetime
# How many periods in a row may be empty: a leap day with a weekday of its own is 40 years away, a
# Friday the 13th 14 months. Of months that a rule leaves out one day is looked at.
PATIENCE = {
    Frequency.YEARLY: 40,
    Frequency.MONTHLY: 100,
    Frequency.WEEKLY: 450,
    Frequency.DAILY: 1_600,
    Frequency.HOURLY: 1_600,
}
DAYWISE = frozenset({Frequency.DAILY, Frequency.HOURLY})
LAST_DAY = date(2200, 12, 31)
A_DAY, A_WEEK, AN_HOUR = timedelta(days=1), timedelta(days=7), timedelta(hours=1)
MONTHS_A_YEAR, DAYS_A_WEEK, HOURS_A_DAY = 12, 7, 24
# A week belongs to the year in which most of its days lie (ISO 8601).
FIRST_WEEK_HOLDS, LAST_WEEK_HOLDS = (1, 4), (12, 28)


def is_timed(slot: Slot) -> bool:
    """Tell whether a slot is a wall time rather than a whole day."""
    return isinstance(slot, datetime)


def day_of(slot: Slot) -> date:
    """Return the day a slot lies on."""
    return slot.date() if isinstance(slot, datetime) else slot


def just_before(slot: Slot) -> Slot:
    """Return a slot so close before this one that nothing lies between."""
    return slot - (timedelta(minutes=1) if is_timed(slot) else A_DAY)


def slot_text(slot: Slot) -> str:
    """Write a slot as it is stored: 2027-03-28, or 2027-03-28T02:30."""
    return slot.isoformat(timespec="minutes") if isinstance(slot, datetime) else slot.isoformat()


def read_slot(text: str) -> Slot:
    """Read what `slot_text` has written; raises ValueError."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall time.

    One that the clocks jump over moves ahead by the gap, one that comes twice means the first.
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def next_slots(rule: Rule, anchor: Slot, n: int, *, after: Slot | None = None) -> list[Slot]:
    """Return the first `n` slots from the anchor on, or those strictly after `after`."""
    return list(islice(slots_after(rule, anchor, after), n))


def slots_between(rule: Rule, anchor: Slot, first: date, last: date) -> list[Slot]:
    """Return all slots on the days from `first` to `last`."""
    opening = _midnight(first) if is_timed(anchor) else first
    found = slots_after(rule, anchor, just_before(opening))
    return list(takewhile(lambda slot: day_of(slot) <= last, found))


def is_due(rule: Rule, anchor: Slot, day: date) -> bool:
    """Tell whether the rule comes up on this day."""
    return bool(slots_between(rule, anchor, day, day))


def slots_after(rule: Rule, anchor: Slot, after: Slot | None = None) -> Iterator[Slot]:
    """Walk the slots strictly after `after`, or from the anchor on, until the rule ends.

    A COUNT counts from the anchor, so such a rule is walked from there.
    """
    begin = _moment(anchor)
    bound = _moment(after) if after is not None else None
    start = begin if bound is None or rule.count is not None else max(begin, bound)
    found: Iterable[datetime] = (slot for slot in _walk(rule, begin, start) if slot >= begin)
    if rule.until is not None:
        end = rule.until
        found = takewhile(lambda slot: slot.date() <= end, found)
    for slot in islice(found, rule.count):
        if bound is None or slot > bound:
            yield slot if is_timed(anchor) else slot.date()


def slots_with_exceptions(
    rule: Rule,
    anchor: Slot,
    after: Slot | None = None,
    *,
    left_out: Collection[Slot],
    added: Iterable[Slot],
) -> Iterator[Slot]:
    """Walk the slots as `slots_after` does, each once, with single ones left out and added."""
    extra = sorted(slot for slot in added if after is None or slot > after)
    last: Slot | None = None
    for slot in merge(slots_after(rule, anchor, after), extra):
        if slot != last and slot not in left_out:
            yield slot
        last = slot


def _moment(slot: Slot) -> datetime:
    return slot if isinstance(slot, datetime) else _midnight(slot)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _walk(rule: Rule, anchor: datetime, start: datetime) -> Iterator[datetime]:
    """Walk all slots from the period that holds `start` on, also those before `start` in it."""
    if rule.frequency in DAYWISE:
        yield from _walk_days(rule, anchor, start)
        return
    # The first days of a year can lie in a week of the year before.
    index = (_period_of(rule, anchor, start) - bool(rule.by_week)) // rule.interval * rule.interval
    empty = 0
    while empty < PATIENCE[rule.frequency]:
        first = _first_day(rule, anchor, index)
        if first > LAST_DAY:
            return
        chosen = _chosen(rule, _at_times(rule, anchor, _days(rule, first)))
        yield from chosen
        empty = 0 if chosen else empty + 1
        index += rule.interval


def _walk_days(rule: Rule, anchor: datetime, start: datetime) -> Iterator[datetime]:
    """Walk a rule that goes by days or hours: day by day, past months that it leaves out."""
    hourly = rule.frequency is Frequency.HOURLY
    if hourly and not _reaches_its_hours(rule, anchor):
        return
    step = A_DAY if hourly else A_DAY * rule.interval
    day = anchor.date() + (start.date() - anchor.date()) // step * step
    empty = 0
    while empty < PATIENCE[rule.frequency] and day <= LAST_DAY:
        found: list[datetime] = []
        if rule.by_month and day.month not in rule.by_month:
            rest = A_DAY * (monthrange(day.year, day.month)[1] - day.day)
            day += rest // step * step
        elif _fits(rule, day):
            found = _hourly(rule, anchor, day) if hourly else _at_times(rule, anchor, [day])
            yield from _chosen(rule, found)
        empty = 0 if found else empty + 1
        day += step


def _period_of(rule: Rule, anchor: datetime, start: datetime) -> int:
    """Return how many periods after the anchor's the period of `start` comes."""
    match rule.frequency:
        case Frequency.YEARLY:
            return start.year - anchor.year
        case Frequency.MONTHLY:
            return (start.year - anchor.year) * MONTHS_A_YEAR + start.month - anchor.month
        case _:
            weeks = week_of(rule, start.date()) - week_of(rule, anchor.date())
            return weeks.days // DAYS_A_WEEK


def _first_day(rule: Rule, anchor: datetime, index: int) -> date:
    match rule.frequency:
        case Frequency.YEARLY:
            return date(min(anchor.year + index, LAST_DAY.year + 1), 1, 1)
        case Frequency.MONTHLY:
            years, month = divmod(anchor.month - 1 + index, MONTHS_A_YEAR)
            return date(min(anchor.year + years, LAST_DAY.year + 1), month + 1, 1)
        case _:
            return week_of(rule, anchor.date()) + A_WEEK * index


def week_of(rule: Rule, day: date) -> date:
    """Return the first day of the week this day lies in, by the rule's week start."""
    return day - A_DAY * ((day.weekday() - (rule.week_start or 0)) % DAYS_A_WEEK)


def _days(rule: Rule, first: date) -> list[date]:
    """Return the days of one period that the rule's parts leave, in order."""
    match rule.frequency:
        case Frequency.YEARLY:
            return _in_year(rule, first.year)
        case Frequency.MONTHLY:
            if rule.by_month and first.month not in rule.by_month:
                return []
            return _in_month(rule, first.year, first.month)
        case _:
            week = (first + A_DAY * number for number in range(DAYS_A_WEEK))
            return [day for day in week if _fits(rule, day)]


def _fits(rule: Rule, day: date) -> bool:
    """Tell whether a single day is in the months, month days and weekdays of the rule."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_day and (0, day.weekday()) not in rule.by_day:
        return False
    numbers = rule.by_month_day
    from_end = day.day - 1 - monthrange(day.year, day.month)[1] if numbers else 0
    return not numbers or day.day in numbers or from_end in numbers


def _in_month(rule: Rule, year: int, month: int) -> list[date]:
    """Return the days of a month by the rule's month days and weekdays."""
    first_weekday, length = monthrange(year, month)
    numbers = set(range(1, length + 1))
    if rule.by_month_day:
        numbers &= {day if day > 0 else length + 1 + day for day in rule.by_month_day}
    if rule.by_day:
        numbers &= _weekdays(rule.by_day, first_weekday, length)
    return [date(year, month, number) for number in sorted(numbers)]


def _weekdays(pairs: Iterable[tuple[int, int]], first_weekday: int, length: int) -> set[int]:
    """Return the days of a span of `length` days that are these weekdays, or the nth of them."""
    numbers: set[int] = set()
    for which, weekday in pairs:
        first = (weekday - first_weekday) % DAYS_A_WEEK + 1
        all_of_them = range(first, length + 1, DAYS_A_WEEK)
        place = which - 1 if which > 0 else which
        numbers |= set(all_of_them[place : place + 1 or None] if which else all_of_them)
    return numbers


def _in_year(rule: Rule, year: int) -> list[date]:
    """Return the days of a year; by week numbers, those of its weeks."""
    if rule.by_week:
        days = _of_weeks(rule, year)
    elif rule.by_year_day or (not rule.by_month and any(which for which, _ in rule.by_day)):
        days = _of_year(rule, year)
    else:
        months = rule.by_month or range(1, MONTHS_A_YEAR + 1)
        return [day for month in months for day in _in_month(rule, year, month)]
    in_months = [day for day in days if not rule.by_month or day.month in rule.by_month]
    if not rule.by_month_day and not rule.by_month:
        return in_months
    # Without months, the weekdays have been counted in the year already.
    monthly = rule if rule.by_month else replace(rule, by_day=())
    fitting = {
        day for month in {(d.year, d.month) for d in days} for day in _in_month(monthly, *month)
    }
    return [day for day in in_months if day in fitting]


def _of_year(rule: Rule, year: int) -> list[date]:
    """Return the days by their number in the year, and by weekdays counted in the year."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    numbers = set(range(1, length + 1))
    if rule.by_year_day:
        numbers &= {day if day > 0 else length + 1 + day for day in rule.by_year_day}
    if rule.by_day and not rule.by_month:
        numbers &= _weekdays(rule.by_day, first.weekday(), length)
    return [first + A_DAY * (number - 1) for number in sorted(numbers)]


def _of_weeks(rule: Rule, year: int) -> list[date]:
    first = week_of(rule, date(year, *FIRST_WEEK_HOLDS))
    last = week_of(rule, date(year, *LAST_WEEK_HOLDS))
    weeks = {first + A_WEEK * (n - 1) if n > 0 else last + A_WEEK * (n + 1) for n in rule.by_week}
    days = (week + A_DAY * n for week in sorted(weeks) for n in range(DAYS_A_WEEK))
    inside = (day for day in days if first <= day < last + A_WEEK)
    return [day for day in inside if not rule.by_day or (0, day.weekday()) in rule.by_day]


def _at_times(rule: Rule, anchor: datetime, days: list[date]) -> list[datetime]:
    clocks = [time(hour, anchor.minute) for hour in rule.by_hour or (anchor.hour,)]
    return [datetime.combine(day, clock) for day in days for clock in clocks]


def _reaches_its_hours(rule: Rule, anchor: datetime) -> bool:
    """Tell whether every nth hour from the anchor ever meets the hours of the rule."""
    apart = gcd(rule.interval, HOURS_A_DAY)
    return not rule.by_hour or any((hour - anchor.hour) % apart == 0 for hour in rule.by_hour)


def _hourly(rule: Rule, anchor: datetime, day: date) -> list[datetime]:
    """Return every nth hour since the anchor that lies on this day."""
    step = AN_HOUR * rule.interval
    slot = anchor - (anchor - _midnight(day)) // step * step
    found: list[datetime] = []
    while slot.date() == day:
        if not rule.by_hour or slot.hour in rule.by_hour:
            found.append(slot)
        slot += step
    return found


def _chosen(rule: Rule, moments: list[datetime]) -> list[datetime]:
    """Return the moments of a period that BYSETPOS picks; without one, all."""
    if not rule.by_position:
        return moments
    count = len(moments)
    places = {place - 1 if place > 0 else count + place for place in rule.by_position}
    return [moment for place, moment in enumerate(moments) if place in places]
