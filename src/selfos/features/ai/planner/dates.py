"""Deadlines in a goal's words: "by June", "in 3 months", "before 1 March 2027"."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from selfos.features.ai.planner.numbers import NUMBER, number

_MONTHS = {name.lower(): index for index, name in enumerate(calendar.month_name) if name} | {
    name.lower(): index for index, name in enumerate(calendar.month_abbr) if name
}
_MONTHS["sept"] = 9
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAYS = {name.lower(): index for index, name in enumerate(calendar.day_name)}
_LEAD = r"(?P<lead>by the end of|by end of|until the end of|by|before|until|till|in|on|for|this)"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date found in the words, and the words it was read from."""

    day: date
    words: str
    span: tuple[int, int]


def find_deadline(text: str, today: date) -> Deadline | None:
    """Find the first deadline in lower-case text; month names look forward from today."""
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            day = _resolved(resolve, match, today)
            if day is not None:
                return Deadline(day, match.group().strip(), match.span())
    return None


def parse_day(text: str, today: date) -> date | None:
    """Read an answer that should be a date, with or without "by"."""
    words = text.strip().lower()
    found = find_deadline(words, today) or find_deadline(f"by {words}", today)
    return found.day if found else None


_Resolve = Callable[[re.Match[str], date], date | None]


def _resolved(resolve: _Resolve, match: re.Match[str], today: date) -> date | None:
    try:
        return resolve(match, today)
    except (ValueError, OverflowError):
        return None


def _iso(match: re.Match[str], _today: date) -> date | None:
    day = date.fromisoformat(match["iso"])
    return day - timedelta(days=1) if _is_before(match) else day


def _slashed(match: re.Match[str], _today: date) -> date | None:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _day_and_month(match: re.Match[str], today: date) -> date | None:
    month, number_of_day = _MONTHS[match["month"]], int(match["day"])
    if match["year"]:
        day = date(int(match["year"]), month, number_of_day)
    else:
        day = date(today.year, month, number_of_day)
        day = day if day >= today else day.replace(year=today.year + 1)
    return day - timedelta(days=1) if _is_before(match) else day


def _month(match: re.Match[str], today: date) -> date | None:
    month = _MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else today.year
    before = _is_before(match)
    day = date(year, month, 1 if before else calendar.monthrange(year, month)[1])
    if day < today and not match["year"]:
        day = date(year + 1, month, 1 if before else calendar.monthrange(year + 1, month)[1])
    return day - timedelta(days=1) if before else day


def _span_of_time(match: re.Match[str], today: date) -> date | None:
    count = number(match["count"])
    if count is None:
        return None
    match match["unit"]:
        case "day":
            return today + timedelta(days=int(count))
        case "week":
            return today + timedelta(days=int(count * 7))
        case "month":
            return today + relativedelta(months=int(count), days=int(count % 1 * 30))
        case _:
            return today + relativedelta(months=int(count * 12))


def _period(match: re.Match[str], today: date) -> date | None:
    ahead = match["which"] == "next"
    match match["unit"]:
        case "week":
            return today + timedelta(days=6 - today.weekday() + 7 * ahead)
        case "month":
            return _end_of_month(today + relativedelta(months=int(ahead)))
        case "quarter":
            first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
            return _end_of_month(first + relativedelta(months=2 + 3 * ahead))
        case _:
            return date(today.year + ahead, 12, 31)


def _year(match: re.Match[str], today: date) -> date | None:
    year = int(match["year"])
    until = match["lead"] in {"by", "before", "until", "till"}
    return date(year - 1 if until and year > today.year else year, 12, 31)


def _season(match: re.Match[str], today: date) -> date | None:
    for year in (today.year, today.year + 1):
        day = _season_start(match["season"], year)
        day -= timedelta(days=_is_before(match))
        if day > today:
            return day
    return None


def _season_start(season: str, year: int) -> date:
    fixed = {
        "spring": (3, 20),
        "summer": (6, 21),
        "autumn": (9, 22),
        "fall": (9, 22),
        "winter": (12, 21),
        "christmas": (12, 24),
        "new year": (12, 31),
        "halloween": (10, 31),
        "valentine's day": (2, 14),
    }
    return easter(year) if season == "easter" else date(year, *fixed[season])


def _weekday(match: re.Match[str], today: date) -> date | None:
    ahead = (_DAYS[match["weekday"]] - today.weekday()) % 7
    return today + timedelta(days=ahead or 7)


def _tomorrow(_match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=1)


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _is_before(match: re.Match[str]) -> bool:
    return match.groupdict().get("lead") == "before"


_WITHIN = r"(?:in|within|over|over the next|in the next|within the next|in under|in less than)"
_RULES: tuple[tuple[re.Pattern[str], _Resolve], ...] = (
    (re.compile(rf"(?:\b{_LEAD} )?(?P<iso>\d{{4}}-\d\d-\d\d)\b"), _iso),
    (re.compile(r"\b(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>20\d\d)\b"), _slashed),
    (
        re.compile(
            rf"(?:\b{_LEAD} )?(?:the )?\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
            rf" (?:of )?(?P<month>{_MONTH})\b(?:,? (?P<year>20\d\d))?"
        ),
        _day_and_month,
    ),
    (
        re.compile(
            rf"(?:\b{_LEAD} )?\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
            r"(?:,? (?P<year>20\d\d))?"
        ),
        _day_and_month,
    ),
    (
        re.compile(
            rf"\b{_LEAD} (?:early |mid |late |next )?(?P<month>{_MONTH})\b(?: (?P<year>20\d\d))?"
        ),
        _month,
    ),
    (re.compile(rf"\b(?P<month>{_MONTH}) (?P<year>20\d\d)\b"), _month),
    (
        re.compile(rf"\b{_WITHIN} (?P<count>{NUMBER}) (?P<unit>day|week|month|year)s?\b"),
        _span_of_time,
    ),
    (
        re.compile(
            r"\b(?:(?:by|before|until|in) )?(?:the )?(?:end of )?(?P<which>this|next|the)"
            r" (?P<unit>week|month|quarter|year)\b(?! (?:i|old))"
        ),
        _period,
    ),
    (re.compile(r"\b(?:end of|by) (?P<which>)(?P<unit>year|month|quarter)(?: end)?\b"), _period),
    (re.compile(rf"\b{_LEAD} (?P<year>20\d\d)\b"), _year),
    (
        re.compile(
            rf"\b{_LEAD} (?:the |next )?(?P<season>spring|summer|autumn|fall|winter|christmas"
            r"|easter|new year|halloween|valentine's day)\b"
        ),
        _season,
    ),
    (re.compile(rf"\b(?:by|before|on|until) (?:next )?(?P<weekday>{'|'.join(_DAYS)})\b"), _weekday),
    (re.compile(r"\b(?:by )?tomorrow\b"), _tomorrow),
)
