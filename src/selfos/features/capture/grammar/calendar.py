"""What the words for days mean, seen from somebody's today."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from selfos.features.capture.grammar.lexicon import Values

WEEK, SATURDAY = 7, 5
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FEAST = re.compile(
    r"(?:easter|(?P<month>\d\d)-(?:(?P<day>\d\d)|(?P<nth>[1-4])(?P<weekday>[A-Z]{2})))"
    r"(?P<shift>[+-]\d+)?"
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
# The last month of a search for a day such as Friday the 13th; one comes within fourteen months.
MONTHS_AHEAD = 14
MIDDLE = 15
LATE_EVENING = time(23, 59)


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when somebody writes, and how they count days."""

    now: datetime
    today: date
    zone: ZoneInfo
    week_start: int
    month_first: bool
    parts: Mapping[str, time]
    clock: int

    def week_of(self, day: date) -> date:
        """Return the first day of a day's week."""
        return day - timedelta(days=(day.weekday() - self.week_start) % WEEK)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was named, perhaps with the time that comes with it."""

    date: date
    time: time | None = None


Meaning = Callable[[Values, Here], "Day | date | None"]


def read_day(meaning: str, values: Values, here: Here) -> Day | None:
    """Return the day these words mean, or None where there is none."""
    try:
        found = MEANINGS[meaning](values, here)
    except (ValueError, OverflowError):
        return None
    day = Day(found) if isinstance(found, date) else found
    return day if day is not None and FIRST_DAY <= day.date <= LAST_DAY else None


def shifted(day: date, n: int, unit: str) -> date:
    """Return a day so many days, weeks, months or years later."""
    match unit:
        case "day":
            return day + timedelta(days=n)
        case "week":
            return day + timedelta(weeks=n)
        case "fortnight":
            return day + timedelta(weeks=2 * n)
        case "month":
            return day + relativedelta(months=n)
        case "quarter":
            return day + relativedelta(months=3 * n)
        case _:
            return day + relativedelta(years=n)


def _near(values: Values, here: Here) -> date:
    return here.today + timedelta(days=values["near"])


def _ahead(values: Values, here: Here) -> Day | date:
    return _moved(values.get("n", 1), values["unit"], here)


def _ago(values: Values, here: Here) -> Day | date:
    return _moved(-values.get("n", 1), values["unit"], here)


def _moved(n: int, unit: str, here: Here) -> Day | date:
    if unit not in ("minute", "hour"):
        return shifted(here.today, n, unit)
    # Hours are counted on the real clock: one hour is an hour, also where clocks are changed.
    step = timedelta(**{f"{unit}s": n})
    then = (here.now.replace(tzinfo=here.zone).astimezone(_UTC) + step).astimezone(here.zone)
    return Day(then.date(), then.time().replace(second=0, microsecond=0))


def _written(values: Values, _here: Here) -> date:
    return date(int(values["year"]), int(values["m"]), int(values["d"]))


def _numeric(values: Values, here: Here) -> date:
    first, second = int(values["a"]), int(values["b"])
    month, day = (first, second) if here.month_first else (second, first)
    if month > 12:  # noqa: PLR2004 - then it can only be meant the other way round
        month, day = day, month
    return _dated(day, month, values.get("y"), here)


def _day_month(values: Values, here: Here) -> date:
    return _dated(int(values["day"]), int(values["month"]), values.get("year"), here)


def _mid_month(values: Values, here: Here) -> date:
    return _dated(MIDDLE, int(values["month"]), values.get("year"), here)


def _dated(day: int, month: int, year: Any, here: Here) -> date:
    """Return a day of a month; without a year it is the next one."""
    if year is not None:
        number = int(year)
        return date(number + (2000 if number < 100 else 0), month, day)  # noqa: PLR2004
    for ahead in range(9):
        # 29 February is up to eight years away.
        if (month, day) != (2, 29) or _leap(here.today.year + ahead):
            found = date(here.today.year + ahead, month, day)
            if found >= here.today:
                return found
    return date(here.today.year, month, day)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _coming(values: Values, here: Here) -> date:
    return _next_weekday(here.today + timedelta(days=1), values["weekday"])


def _this(values: Values, here: Here) -> date:
    return _next_weekday(here.today, values["weekday"])


def _past(values: Values, here: Here) -> date:
    return _next_weekday(here.today - timedelta(weeks=1), values["weekday"])


def _next_weekday(first: date, weekday: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % WEEK)


def _weekday_of(values: Values, here: Here) -> date:
    week = here.week_of(here.today) + timedelta(weeks=values["shift"])
    return _next_weekday(week, values["weekday"])


def _weekday_day(values: Values, here: Here) -> date | None:
    """Return the next such day of a month that is this weekday: Friday the 13th."""
    first = here.today.replace(day=1)
    for ahead in range(MONTHS_AHEAD):
        month = first + relativedelta(months=ahead)
        if values["day"] > _length(month):
            continue
        found = month.replace(day=values["day"])
        if found >= here.today and found.weekday() == values["weekday"]:
            return found
    return None


def _period(values: Values, here: Here) -> date:
    return _begin(values["period"], values["shift"], here)


def _begin(period: str, shift: int, here: Here) -> date:
    match period:
        case "week":
            return here.week_of(here.today) + timedelta(weeks=shift)
        case "weekend":
            monday = here.today - timedelta(days=here.today.weekday())
            saturday = monday + timedelta(days=SATURDAY, weeks=shift)
            return max(saturday, here.today) if shift == 0 else saturday
        case "month":
            return here.today.replace(day=1) + relativedelta(months=shift)
        case "quarter":
            first = (here.today.month - 1) // 3 * 3 + 1
            return here.today.replace(day=1, month=first) + relativedelta(months=3 * shift)
        case _:
            return here.today.replace(day=1, month=1) + relativedelta(years=shift)


def _end_of(values: Values, here: Here) -> date | Day:
    if values["period"] == "day":
        return Day(here.today, LATE_EVENING)
    if values["period"] == "weekend":
        return _begin("weekend", values["shift"], here) + timedelta(days=1)
    return _begin(values["period"], values["shift"] + 1, here) - timedelta(days=1)


def _end_of_weekday(values: Values, here: Here) -> Day:
    return Day(_coming(values, here), LATE_EVENING)


def _nth_of_month(values: Values, here: Here) -> date:
    return _begin("month", values["shift"], here).replace(day=values["day"])


def _month_day(values: Values, here: Here) -> date | None:
    """Return the next day of a month with this number."""
    wanted = int(values["d"])
    for ahead in range(3):
        month = here.today.replace(day=1) + relativedelta(months=ahead)
        if wanted <= _length(month) and (found := month.replace(day=wanted)) >= here.today:
            return found
    return None


def _length(month: date) -> int:
    return (month.replace(day=1) + relativedelta(months=1) - timedelta(days=1)).day


def _feast(values: Values, here: Here) -> date | None:
    """Return a feast: 12-25, 11-4TH+1 (the day after the fourth Thursday) or easter-2."""
    found = FEAST.fullmatch(values["feast"])
    if found is None:
        raise ValueError(values["feast"])
    if found["day"]:
        return _dated(int(found["day"]), int(found["month"]), values.get("year"), here)
    said = values.get("year")
    years = (int(said),) if said else (here.today.year, here.today.year + 1)
    days = (_feast_in(year, found) for year in years)
    return next((day for day in days if said or day >= here.today), None)


def _feast_in(year: int, feast: re.Match[str]) -> date:
    shift = timedelta(days=int(feast["shift"] or 0))
    if feast["month"] is None:
        return easter(year) + shift
    weekday = WEEKDAYS.index(feast["weekday"])
    first = _next_weekday(date(year, int(feast["month"]), 1), weekday)
    return first + timedelta(weeks=int(feast["nth"]) - 1) + shift


_UTC = ZoneInfo("UTC")
MEANINGS: Mapping[str, Meaning] = {
    "ago": _ago,
    "ahead": _ahead,
    "coming": _coming,
    "day_month": _day_month,
    "end_of": _end_of,
    "end_of_weekday": _end_of_weekday,
    "feast": _feast,
    "mid_month": _mid_month,
    "month_day": _month_day,
    "near": _near,
    "nth_of_month": _nth_of_month,
    "numeric": _numeric,
    "past": _past,
    "period": _period,
    "this": _this,
    "weekday_day": _weekday_day,
    "weekday_of": _weekday_of,
    "written": _written,
}
