"""What the words for repetitions mean: RFC 5545 rules, in the form people expect of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from selfos.features.capture.grammar.calendar import shifted
from selfos.features.capture.grammar.lexicon import Values

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)
# From here on a day is missing in some months, and people mean the last one there is.
SHORT_MONTH = 28
LEAP_MONTH, LEAP_DAY = 2, 29
MAXIMUM_INTERVAL, MAXIMUM_COUNT = 999, 999
FREQUENCIES = {
    "hour": ("HOURLY", 1),
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule by its parts."""

    frequency: str
    interval: int = 1
    days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    month: int | None = None
    position: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None
    part: str | None = None

    @property
    def plain(self) -> bool:
        """Tell whether it is an interval and nothing else."""
        return not (self.days or self.month_days or self.month)

    def text(self) -> str:
        """Return it as RFC 5545 writes it."""
        parts = {
            "FREQ": self.frequency,
            "INTERVAL": self.interval if self.interval > 1 else "",
            "BYMONTH": self.month or "",
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYDAY": ",".join(self.days),
            "BYSETPOS": ",".join(map(str, self.position)),
            "UNTIL": self.until.strftime("%Y%m%d") if self.until else "",
            "COUNT": self.count or "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value != "")

    def anchored(self, day: date) -> Rule:
        """Return it with the day spelled out where a plain month or year would skip some."""
        if not self.plain or day.day <= SHORT_MONTH:
            return self
        if self.frequency == "MONTHLY":
            return on_month_days(self, [day.day]) or self
        if self.frequency == "YEARLY" and (day.month, day.day) == (LEAP_MONTH, LEAP_DAY):
            return replace(on_month_days(self, [LEAP_DAY]) or self, month=LEAP_MONTH)
        return self


def read_rule(meaning: str, values: Values) -> Rule | None:
    """Return the rule these words mean, or None where there is none."""
    return MEANINGS[meaning](values)


def refined(rule: Rule, meaning: str, values: Values) -> Rule | None:
    """Return a plain rule narrowed by what follows it: "every month" "on the 15th"."""
    if not rule.plain:
        return None
    narrow = MEANINGS[meaning](values)
    fits = {"weekdays": "WEEKLY"}.get(meaning, "MONTHLY")
    if narrow is None or rule.frequency != fits:
        return None
    return replace(narrow, interval=rule.interval)


def ended(rule: Rule, meaning: str, values: Values, first: date) -> Rule | None:
    """Return a rule that ends after some time, or after so many times."""
    n = values["n"]
    if not 0 < n <= MAXIMUM_COUNT:
        return None
    if meaning == "times":
        return replace(rule, count=n)
    if values["unit"] in ("minute", "hour"):
        return None
    return replace(rule, until=shifted(first, n, values["unit"]) - timedelta(days=1))


def on_month_days(rule: Rule, days: Sequence[int]) -> Rule | None:
    """Return a rule on days of the month, the last day standing in for missing ones."""
    if not all(day == -1 or 1 <= day <= 31 for day in days):  # noqa: PLR2004
        return None
    if len(days) == 1 and days[0] > SHORT_MONTH:
        clamped = tuple(range(SHORT_MONTH, days[0] + 1))
        return replace(rule, month_days=clamped, position=(-1,))
    ordered = sorted({day for day in days if day > 0}) + ([-1] if -1 in days else [])
    return replace(rule, month_days=tuple(ordered))


def _interval(values: Values) -> Rule | None:
    if values["unit"] not in FREQUENCIES:
        return None
    frequency, times = FREQUENCIES[values["unit"]]
    n = values.get("n", 1)
    return Rule(frequency, n * times) if 0 < n <= MAXIMUM_INTERVAL else None


def _weekdays(values: Values) -> Rule:
    return Rule("WEEKLY", values.get("n", 1) or 1, days=_days(values["days"]))


def _workdays(_values: Values) -> Rule:
    return Rule("WEEKLY", days=_days(WORKDAYS))


def _weekends(_values: Values) -> Rule:
    return Rule("WEEKLY", days=_days(WEEKEND))


def _nth_weekday(values: Values) -> Rule | None:
    nths, days = values["nths"], _days(values["days"])
    if not all(nth == -1 or 1 <= nth <= 5 for nth in nths):  # noqa: PLR2004 - weeks of a month
        return None
    return Rule("MONTHLY", days=tuple(f"{nth}{day}" for nth in nths for day in days))


def _nth_workday(values: Values) -> Rule | None:
    nths = tuple(values["nths"])
    if not all(nth == -1 or 1 <= nth <= 20 for nth in nths):  # noqa: PLR2004 - each month has 20
        return None
    return Rule("MONTHLY", days=_days(WORKDAYS), position=nths)


def _month_days(values: Values) -> Rule | None:
    return on_month_days(Rule("MONTHLY"), values["nths"])


def _day_of_month(values: Values) -> Rule | None:
    return on_month_days(Rule("MONTHLY"), [values["day"]])


def _yearly(values: Values) -> Rule | None:
    month, day = int(values["month"]), int(values["day"])
    try:
        date(2000, month, day)
    except ValueError:
        return None
    rule = Rule("YEARLY", month=month)
    if (month, day) == (LEAP_MONTH, LEAP_DAY):
        return on_month_days(rule, [day])
    return replace(rule, month_days=(day,))


def _dayparts(values: Values) -> Rule:
    return Rule("DAILY", part=values["part"])


def _days(weekdays: Sequence[int]) -> tuple[str, ...]:
    return tuple(WEEKDAYS[day] for day in sorted(set(weekdays)))


MEANINGS: Mapping[str, Callable[[Values], Rule | None]] = {
    "day_of_month": _day_of_month,
    "dayparts": _dayparts,
    "interval": _interval,
    "month_days": _month_days,
    "nth_weekday": _nth_weekday,
    "nth_workday": _nth_workday,
    "weekdays": _weekdays,
    "weekends": _weekends,
    "workdays": _workdays,
    "yearly": _yearly,
}
