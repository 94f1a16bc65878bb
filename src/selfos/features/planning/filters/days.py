"""Days as filters name them, written and resolved: `today`, `mon`, `eom`, `+7d`, `2026-12-01`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = ("today", "tomorrow", "yesterday", *WEEKDAYS, "sow", "eow", "som", "eom", "soy", "eoy")
SPOKEN = {
    "tod": "today",
    "tom": "tomorrow",
    "tmr": "tomorrow",
    **dict(
        zip(
            "monday tuesday wednesday thursday friday saturday sunday".split(),
            WEEKDAYS,
            strict=True,
        )
    ),
}
UNITS = "dwmy"
MOST_UNITS = 9_999
MONTHS = 12

_written = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_distance = re.compile(r"([+-])(\d{1,4})([dwmy])", re.ASCII)


@dataclass(frozen=True, slots=True)
class DayOn:
    """A day of the calendar."""

    date: date


@dataclass(frozen=True, slots=True)
class DayCalled:
    """A day with a name, such as `today` or the end of the month."""

    word: str


@dataclass(frozen=True, slots=True)
class DayAway:
    """A day so many days, weeks, months or years from today."""

    amount: int
    unit: str


Day = DayOn | DayCalled | DayAway


@dataclass(frozen=True, slots=True)
class Present:
    """What relative days are counted from: somebody's today, and their week's first weekday."""

    today: date
    first_weekday: int


def read_day(text: str) -> Day | None:
    """Return the day this text names, or None."""
    word = text.casefold()
    word = SPOKEN.get(word, word)
    if word in DAY_WORDS:
        return DayCalled(word)
    if distance := _distance.fullmatch(word):
        sign, amount, unit = distance.groups()
        return DayAway(int(amount) * (-1 if sign == "-" else 1), unit)
    if not _written.fullmatch(word):
        return None
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return None
    return DayOn(day) if EARLIEST <= day <= LATEST else None


def write_day(day: Day) -> str:
    """Return the one way to write this day."""
    match day:
        case DayOn(date=on):
            return on.isoformat()
        case DayCalled(word=word):
            return word
        case DayAway(amount=amount, unit=unit):
            return f"{amount:+d}{unit}"


def resolve_day(day: Day, present: Present, *, past: bool = False) -> date:
    """Return the date; a weekday is the coming one, or with `past` the last one, today included."""
    match day:
        case DayOn(date=on):
            return on
        case DayCalled(word=word):
            return _called(word, present, past=past)
        case DayAway(amount=amount, unit=unit):
            return _away(present.today, amount, unit)


def _called(word: str, present: Present, *, past: bool) -> date:
    today = present.today
    if word in WEEKDAYS:
        ahead = (WEEKDAYS.index(word) - today.weekday()) % 7
        return today + timedelta(days=ahead - 7 if past and ahead else ahead)
    since_week_began = (today.weekday() - present.first_weekday) % 7
    last_of_month = calendar.monthrange(today.year, today.month)[1]
    return {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "yesterday": today - timedelta(days=1),
        "sow": today - timedelta(days=since_week_began),
        "eow": today + timedelta(days=6 - since_week_began),
        "som": today.replace(day=1),
        "eom": today.replace(day=last_of_month),
        "soy": date(today.year, 1, 1),
        "eoy": date(today.year, 12, 31),
    }[word]


def _away(today: date, amount: int, unit: str) -> date:
    """Count from today; a month without this day ends on its last, and far days stop at the end."""
    if unit in "dw":
        return _kept(today.toordinal() + amount * (7 if unit == "w" else 1))
    months = today.year * MONTHS + today.month - 1 + amount * (MONTHS if unit == "y" else 1)
    year, month = divmod(months, MONTHS)
    if not EARLIEST.year <= year <= LATEST.year:
        return EARLIEST if amount < 0 else LATEST
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))


def _kept(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, EARLIEST.toordinal()), LATEST.toordinal()))
