"""One text for one rule: what the first date leaves unsaid is said, and month ends are clamped.

"Monthly from the 31st" means the last day of shorter months, as people mean it; the RFC would skip
these months. "Yearly from 29 February" means the 28th in other years.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime

from selfos.features.planning.recurrence.rules import BadRule, Frequency, Rule
from selfos.features.planning.recurrence.slots import (
    DAYS_A_WEEK,
    Slot,
    day_of,
    is_timed,
    next_slots,
)

# Every month has this day; those after it are clamped.
EVERY_MONTH_HAS = 28
FEBRUARY, LEAP_DAY = 2, 29
WHOLE_WEEK = tuple((0, weekday) for weekday in range(7))
# Where the first date is not known yet: a leap year's first day, so that no leap day is missed.
SOME_DAY = date(2028, 1, 1)


def canonical(
    rule: Rule, anchor: Slot | None = None, *, week_start: int = 0, follows: bool = False
) -> Rule:
    """Return the rule as it is stored, or raise BadRule if it can never come up.

    `week_start` holds where the rule names none. A rule that `follows` completions counts from
    them, so it is an interval without parts of its own.
    """
    if follows:
        return _plain(rule, anchor)
    _refuse_hours_of_a_day(rule, anchor)
    rule = _filled(_simplified(rule), anchor)
    rule = _clamped(rule)
    rule = replace(rule, week_start=_week_start(rule, week_start))
    _refuse_never(rule, anchor)
    return rule


def _plain(rule: Rule, anchor: Slot | None) -> Rule:
    if not rule.is_plain:
        raise BadRule(
            "Counting from when it is done needs a plain interval, such as FREQ=DAILY;INTERVAL=3."
        )
    _refuse_hours_of_a_day(rule, anchor)
    _refuse_ended(rule, anchor)
    return replace(rule, week_start=None)


def _simplified(rule: Rule) -> Rule:
    """Write every day of a week, and the days of every week, in their plain form."""
    bare = replace(rule, by_day=(), week_start=None).without_end()
    weekdays = rule.by_day
    if weekdays and bare == Rule(Frequency.DAILY):
        rule = replace(rule, frequency=Frequency.WEEKLY)
        bare = replace(bare, frequency=Frequency.WEEKLY)
    if bare == Rule(Frequency.WEEKLY) and weekdays == WHOLE_WEEK:
        rule = replace(rule, frequency=Frequency.DAILY, by_day=())
    return rule


def _filled(rule: Rule, anchor: Slot | None) -> Rule:
    """Say what the first date says: the weekday, the day of the month, the month."""
    if anchor is None:
        return rule
    day = day_of(anchor)
    has_day = rule.by_day or rule.by_month_day or rule.by_year_day
    match rule.frequency:
        case Frequency.WEEKLY if not rule.by_day:
            return replace(rule, by_day=((0, day.weekday()),))
        case Frequency.YEARLY if rule.by_week and not has_day:
            return replace(rule, by_day=((0, day.weekday()),))
        case Frequency.MONTHLY if not has_day:
            return replace(rule, by_month_day=(day.day,))
        case Frequency.YEARLY if not has_day:
            return replace(rule, by_month=rule.by_month or (day.month,), by_month_day=(day.day,))
        case _:
            return rule


def _clamped(rule: Rule) -> Rule:
    if len(rule.by_month_day) != 1 or rule.by_day or rule.by_year_day or rule.by_position:
        return rule
    day = rule.by_month_day[0]
    monthly = rule.frequency is Frequency.MONTHLY and not rule.by_month and day > EVERY_MONTH_HAS
    leap_day = rule.frequency is Frequency.YEARLY and rule.by_month == (FEBRUARY,)
    if monthly or (leap_day and day == LEAP_DAY):
        days = tuple(range(EVERY_MONTH_HAS, day + 1))
        return replace(rule, by_month_day=days, by_position=(-1,))
    return rule


def _week_start(rule: Rule, usual: int) -> int | None:
    """Return the week start where it makes a difference, and None where it does not."""
    every_nth_week = rule.frequency is Frequency.WEEKLY and (rule.interval > 1 or rule.by_position)
    if not (every_nth_week or rule.by_week):
        return None
    return usual if rule.week_start is None else rule.week_start


def _refuse_hours_of_a_day(rule: Rule, anchor: Slot | None) -> None:
    if rule.is_timed and anchor is not None and not is_timed(anchor):
        raise BadRule("Something that repeats within a day needs a time of day to start from.")


def _refuse_never(rule: Rule, anchor: Slot | None) -> None:
    _refuse_ended(rule, anchor)
    start = anchor
    if start is None:
        rule = replace(rule, interval=1).without_end()
        start = datetime(SOME_DAY.year, 1, 1) if rule.is_timed else SOME_DAY  # noqa: DTZ001
    if not next_slots(rule, start, 1):
        raise BadRule("This rule would never come up.")


def _refuse_ended(rule: Rule, anchor: Slot | None) -> None:
    if rule.until is not None and anchor is not None and rule.until < day_of(anchor):
        raise BadRule("The rule ends before it begins.")


def moved(rule: Rule, old: Slot, new: Slot) -> Rule:
    """Return the rule after its first date moved: a single day it names moves along.

    A rule that names several days keeps them; the moved date then is an exception to it.
    """
    bare = Rule(rule.frequency, rule.interval, week_start=rule.week_start)
    named = replace(rule, until=None, count=None)
    if named == canonical(bare, old):
        again = canonical(bare, new)
    elif named == replace(bare, by_day=_nth(rule, old)):
        again = replace(bare, by_day=_nth(rule, new))
    else:
        return rule
    return replace(again, until=rule.until, count=rule.count)


def _nth(rule: Rule, slot: Slot) -> tuple[tuple[int, int], ...]:
    """Return which weekday of its month a date is, counted from the end as the rule counts."""
    day = day_of(slot)
    from_end = bool(rule.by_day) and rule.by_day[0][0] < 0
    left = monthrange(day.year, day.month)[1] - day.day
    which = -(left // DAYS_A_WEEK) - 1 if from_end else (day.day - 1) // DAYS_A_WEEK + 1
    return ((which, day.weekday()),)
