"""Rules of repeating: RFC 5545's RRULE read strictly, within bounds, and written back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_TEXT = 256
LARGEST_INTERVAL = 1_000
LARGEST_COUNT = 1_000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
NUMBER = re.compile(r"[+-]?\d{1,4}")
UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?")


class BadRule(ValueError):
    """A rule that is not one, or not one of ours; says why in a sentence for the user."""


class Frequency(StrEnum):
    """How long one period of a rule is."""

    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, its parts sorted and free of repetitions.

    `by_day` holds pairs of which one (0: every, 1: the first, -1: the last) and the weekday, where
    Monday is 0. `until` is a local date and still belongs to the rule.
    """

    frequency: Frequency
    interval: int = 1
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    week_start: int | None = None
    until: date | None = None
    count: int | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether it is an interval and nothing else, so that it can follow completions."""
        return all(getattr(self, name) == () for name in LISTS.values())

    @property
    def is_timed(self) -> bool:
        """Tell whether it comes up at hours of its own, so that a bare date cannot anchor it."""
        return self.frequency is Frequency.HOURLY or bool(self.by_hour)

    def has_period_of(self, other: Rule) -> bool:
        """Tell whether both come round equally often."""
        return (self.frequency, self.interval) == (other.frequency, other.interval)

    def without_end(self) -> Rule:
        """Return the same rule going on for ever."""
        return replace(self, until=None, count=None)

    def text(self) -> str:
        """Write it as RRULE text; the same rule is always the same text."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        for key, name in LISTS.items():
            values = getattr(self, name)
            if values:
                written = map(_day_text, values) if name == "by_day" else map(str, values)
                parts.append(f"{key}={','.join(written)}")
        if self.week_start is not None:
            parts.append(f"WKST={WEEKDAYS[self.week_start]}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        return ";".join(parts)


# The lists of a rule by RRULE's word for them, in the order in which we write them.
LISTS = {
    "BYMONTH": "by_month",
    "BYWEEKNO": "by_week",
    "BYYEARDAY": "by_year_day",
    "BYMONTHDAY": "by_month_day",
    "BYDAY": "by_day",
    "BYHOUR": "by_hour",
    "BYSETPOS": "by_position",
}
# The least and greatest number each list takes, and whether it also counts from the end.
BOUNDS: dict[str, tuple[int, int, bool]] = {
    "BYMONTH": (1, 12, False),
    "BYWEEKNO": (1, 53, True),
    "BYYEARDAY": (1, 366, True),
    "BYMONTHDAY": (1, 31, True),
    "BYHOUR": (0, 23, False),
    "BYSETPOS": (1, 366, True),
}
H, D, W, M, Y = Frequency
# RFC 5545, 3.3.10: which list makes sense in which period.
ALLOWED: dict[str, frozenset[Frequency]] = {
    "BYWEEKNO": frozenset({Y}),
    "BYYEARDAY": frozenset({Y}),
    "BYMONTHDAY": frozenset({H, D, M, Y}),
    "BYSETPOS": frozenset({D, W, M, Y}),
}


def read(text: str, *, zone: ZoneInfo | None = None) -> Rule:
    """Read RRULE text or raise BadRule; an UNTIL in UTC becomes the date it is in `zone`."""
    return _read(text.strip().upper().removeprefix("RRULE:"), zone)


@lru_cache(maxsize=2_048)
def _read(text: str, zone: ZoneInfo | None) -> Rule:
    if len(text) > LONGEST_TEXT:
        raise BadRule(f"A rule has at most {LONGEST_TEXT} characters.")
    given = _parts(text)
    frequency = _frequency(given.pop("FREQ", ""))
    interval = _number(given.pop("INTERVAL", "1"), "INTERVAL", LARGEST_INTERVAL)
    count = _number(given.pop("COUNT"), "COUNT", LARGEST_COUNT) if "COUNT" in given else None
    until = _until(given.pop("UNTIL"), zone) if "UNTIL" in given else None
    week_start = _week_start(given.pop("WKST")) if "WKST" in given else None
    if count is not None and until is not None:
        raise BadRule("A rule ends on a day or after a number of times, not both.")
    lists = {LISTS[key]: _list(key, value, frequency) for key, value in given.items()}
    rule = Rule(frequency, interval, **lists, week_start=week_start, until=until, count=count)
    _refuse_nonsense(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    known = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *LISTS}
    given: dict[str, str] = {}
    for part in text.removesuffix(";").split(";"):
        key, equals, value = part.partition("=")
        if not equals or not value:
            raise BadRule("Write a rule as RRULE says, such as FREQ=WEEKLY;BYDAY=MO.")
        if key in {"BYMINUTE", "BYSECOND"}:
            raise BadRule("The minute comes from the first date; leave BYMINUTE and BYSECOND out.")
        if key not in known:
            raise BadRule(f"A rule has no part “{key[:20]}”.")
        if key in given:
            raise BadRule(f"The rule says {key} twice.")
        given[key] = value
    return given


def _frequency(word: str) -> Frequency:
    if word in {"SECONDLY", "MINUTELY"}:
        raise BadRule("Something can repeat every hour at most.")
    try:
        return Frequency(word)
    except ValueError as error:
        raise BadRule("FREQ is one of HOURLY, DAILY, WEEKLY, MONTHLY and YEARLY.") from error


def _number(text: str, key: str, largest: int) -> int:
    if not NUMBER.fullmatch(text) or not 1 <= int(text) <= largest:
        raise BadRule(f"{key} is a number from 1 to {largest}.")
    return int(text)


def _until(text: str, zone: ZoneInfo | None) -> date:
    match = UNTIL.fullmatch(text)
    try:
        instant = datetime.fromisoformat(text) if match else None
    except ValueError:
        instant = None
    if instant is None:
        raise BadRule("UNTIL is a day such as 20271231.")
    return instant.astimezone(zone).date() if instant.tzinfo and zone else instant.date()


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        raise BadRule("WKST is a weekday such as MO.")
    return WEEKDAYS.index(text)


def _list(key: str, text: str, frequency: Frequency) -> tuple[Any, ...]:
    if frequency not in ALLOWED.get(key, frozenset(Frequency)):
        raise BadRule(f"{key} makes no sense in a rule that is {frequency.lower()}.")
    values = text.split(",")
    if key == "BYDAY":
        return tuple(sorted({_weekday(value, frequency) for value in values}))
    least, greatest, from_end = BOUNDS[key]
    numbers: set[int] = set()
    for value in values:
        number = int(value) if NUMBER.fullmatch(value) else None
        if number is None or not least <= (abs(number) if from_end else number) <= greatest:
            raise BadRule(f"{key} takes numbers from {least} to {greatest}.")
        numbers.add(number)
    return tuple(sorted(numbers))


def _weekday(text: str, frequency: Frequency) -> tuple[int, int]:
    match = BY_DAY.fullmatch(text)
    which = int(match[1] or 0) if match else 0
    largest = 53 if frequency is Y else 5
    if match is None or (match[1] and not 1 <= abs(which) <= largest):
        raise BadRule("BYDAY takes weekdays such as MO, 2TU or -1FR.")
    if which and frequency not in {M, Y}:
        raise BadRule("Only a month or a year has a first, second or last weekday.")
    return which, WEEKDAYS.index(match[2])


def _refuse_nonsense(rule: Rule) -> None:
    if rule.by_position and replace(rule, by_position=()).is_plain:
        raise BadRule("BYSETPOS picks among other parts; give one of them.")
    if rule.by_week and any(which for which, _ in rule.by_day):
        raise BadRule("A rule by week numbers has weekdays without numbers.")
    if rule.by_month and rule.by_month_day and not _some_month_has_day(rule):
        raise BadRule("No month of this rule has such a day; it would never come up.")


def _some_month_has_day(rule: Rule) -> bool:
    nearest = min(abs(day) for day in rule.by_month_day)
    return any(nearest <= LONGEST_MONTHS.get(month, 31) for month in rule.by_month)


def _day_text(value: tuple[int, int]) -> str:
    which, weekday = value
    return f"{which or ''}{WEEKDAYS[weekday]}"
