"""A rule in words, such as "every 2 weeks on Mon and Thu"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from selfos.features.planning.recurrence.canonical import EVERY_MONTH_HAS, FEBRUARY, LEAP_DAY
from selfos.features.planning.recurrence.following import Mode
from selfos.features.planning.recurrence.rules import Frequency, Rule

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = {
    Frequency.HOURLY: "hour",
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.YEARLY: "year",
}
WORKDAYS = tuple((0, weekday) for weekday in range(5))
WEEKEND = ((0, 5), (0, 6))
NAMED_DAYS = {WORKDAYS: "workday", WEEKEND: "weekend day"}
TEENS = range(11, 14)


def say(rule: Rule, mode: Mode = Mode.SCHEDULE) -> str:
    """Say how often, on which days, and until when."""
    if mode is Mode.COMPLETION:
        span = _counted(rule.interval, UNITS[rule.frequency])
        return f"{span} after it is done{_end(rule)}"
    return f"{_often(rule)}{_end(rule)}"


def _often(rule: Rule) -> str:
    if rule.frequency is Frequency.WEEKLY and rule.interval == 1 and rule.by_position == ():
        if rule.by_day == WORKDAYS:
            return f"every workday{_months(rule)}"
        if rule.by_day == WEEKEND:
            return f"every weekend{_months(rule)}"
    unit = UNITS[rule.frequency]
    every = f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"
    return f"{every}{_which_days(rule)}{_hours(rule)}"


def _which_days(rule: Rule) -> str:
    """Say which days of the period, with the months they lie in."""
    clamped = _clamped(rule)
    if clamped is not None:
        return clamped
    if rule.by_position:
        return f" on the {_places(rule.by_position)} {_picked(rule)}{_months(rule, ' of ')}"
    if _is_dated(rule):
        month = MONTHS[rule.by_month[0] - 1]
        return f" on {_joined(f'{day} {month}' for day in rule.by_month_day)}"
    said = [part for part in (_weekdays(rule), _numbers(rule)) if part]
    days = f" on {', if it is '.join(said)}" if said else ""
    return (
        f"{days}{_months(rule, ' of ' if rule.frequency is Frequency.YEARLY and said else ' in ')}"
    )


def _is_dated(rule: Rule) -> bool:
    """Tell whether it names days of one month, such as 3 May."""
    if rule.frequency is not Frequency.YEARLY or len(rule.by_month) != 1 or rule.by_day:
        return False
    return bool(rule.by_month_day) and min(rule.by_month_day) > 0


def _clamped(rule: Rule) -> str | None:
    """Say a clamped end of a month the way it was meant."""
    days = rule.by_month_day
    is_span = days[:1] == (EVERY_MONTH_HAS,) and days == tuple(range(days[0], days[-1] + 1))
    if rule.by_position != (-1,) or rule.by_day or not is_span:
        return None
    if rule.frequency is Frequency.YEARLY and rule.by_month == (FEBRUARY,) and days[-1] == LEAP_DAY:
        return " on 29 Feb, or the 28th"
    return f" on the {ordinal(days[-1])}, or the last day" if not rule.by_month else None


def _weekdays(rule: Rule) -> str:
    plain = [DAYS[weekday] for which, weekday in rule.by_day if which == 0]
    nth = [f"the {_place(which)} {DAYS[weekday]}" for which, weekday in rule.by_day if which]
    return _joined([*plain, *nth])


def _numbers(rule: Rule) -> str:
    parts: list[str] = []
    if rule.by_month_day:
        parts.append(f"the {_places(rule.by_month_day, 'day')}")
    if rule.by_year_day:
        parts.append(f"the {_places(rule.by_year_day, 'day')} of the year")
    if rule.by_week:
        weeks = "week" if len(rule.by_week) == 1 else "weeks"
        parts.append(f"{weeks} {_joined(str(week) for week in rule.by_week)}")
    return _joined(parts)


def _picked(rule: Rule) -> str:
    if rule.by_month_day or rule.by_year_day or rule.by_week:
        parts = [part for part in (_weekdays(rule), _numbers(rule)) if part]
        return f"of {' and '.join(parts)}"
    return NAMED_DAYS.get(rule.by_day) or f"of {_weekdays(rule) or 'its times'}"


def _months(rule: Rule, joint: str = " in ") -> str:
    return (
        f"{joint}{_joined(MONTHS[month - 1] for month in rule.by_month)}" if rule.by_month else ""
    )


def _hours(rule: Rule) -> str:
    return f" at {_joined(f'{hour:02}:00' for hour in rule.by_hour)}" if rule.by_hour else ""


def _end(rule: Rule) -> str:
    if rule.until is not None:
        return f" until {_date(rule.until)}"
    return f", {_counted(rule.count, 'time')}" if rule.count is not None else ""


def _date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _places(places: Sequence[int], noun: str = "") -> str:
    """Say which ones: "1st and 15th", "last day", "15th and last day"."""
    ordered = [*(p for p in places if p > 0), *sorted(p for p in places if p < 0)]
    needs_noun = noun and ordered and ordered[-1] < 0
    return _joined(_place(place) for place in ordered) + (f" {noun}" if needs_noun else "")


def _place(place: int) -> str:
    if place > 0:
        return ordinal(place)
    return "last" if place == -1 else f"{ordinal(-place)} last"


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th and so on."""
    ending = "th" if number % 100 in TEENS else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _joined(words: Iterable[str]) -> str:
    said = list(words)
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
