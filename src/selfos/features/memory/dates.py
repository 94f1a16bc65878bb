"""Days in what people say of themselves: "since May", "two years ago", "on 12 June 2025".

Pure, and careful: what cannot be placed on a day without guessing is no day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1, "an": 1}
_MONTH = "|".join(MONTHS)
_COUNT = r"\d{1,3}|" + "|".join(NUMBERS)
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\b\.?(?:,?\s+(\d{{4}}))?", re.IGNORECASE
)
MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:km|min|h\b|hours|kg))"
    r"(?:,?\s+(\d{4}))?",
    re.IGNORECASE,
)
MONTH_YEAR = re.compile(
    rf"\b(?:in|since|until|till|by|from|last|of|during|before|after)\s+({_MONTH})\b\.?"
    r"(?:\s+(\d{4}))?",
    re.IGNORECASE,
)
YEAR = re.compile(
    r"\b(?:in|since|until|till|from|of|during|back in|before|after)\s+((?:19|20)\d{2})\b",
    re.IGNORECASE,
)
AGO = re.compile(rf"\b({_COUNT})\s+(day|week|month|year)s?\s+ago\b", re.IGNORECASE)
LAST = re.compile(r"\blast\s+(week|month|year)\b", re.IGNORECASE)
DAYS_OF = {"day": 1, "week": 7}
MONTHS_PER_YEAR, SHORTEST_MONTH = 12, 28


def day_said(text: str, today: date) -> date | None:
    """Return the one day a sentence speaks of, as a past one; months and years by their first."""
    return _written_out(text, today) or _counted_back(text, today) or _by_name(text, today)


def _written_out(text: str, today: date) -> date | None:
    if found := ISO.search(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := DAY_MONTH.search(text):
        return _of_year(found[3], MONTHS[found[2].lower()], int(found[1]), today)
    if found := MONTH_DAY.search(text):
        return _of_year(found[3], MONTHS[found[1].lower()], int(found[2]), today)
    return None


def _counted_back(text: str, today: date) -> date | None:
    if found := AGO.search(text):
        count = NUMBERS.get(found[1].lower()) or int(found[1])
        return _before(today, count, found[2].lower())
    if re.search(r"\byesterday\b", text, re.IGNORECASE):
        return today - timedelta(days=1)
    if found := LAST.search(text):
        return _before(today, 1, found[1].lower())
    return None


def _by_name(text: str, today: date) -> date | None:
    if found := MONTH_YEAR.search(text):
        return _of_year(found[2], MONTHS[found[1].lower()], 1, today)
    if found := YEAR.search(text):
        return date(int(found[1]), 1, 1)
    if re.search(r"\b(?:today|this morning|tonight|just now)\b", text, re.IGNORECASE):
        return today
    return None


def _before(today: date, count: int, unit: str) -> date | None:
    if unit in DAYS_OF:
        return today - timedelta(days=count * DAYS_OF[unit])
    back = count * (MONTHS_PER_YEAR if unit == "year" else 1)
    year, month = divmod(today.year * MONTHS_PER_YEAR + today.month - 1 - back, MONTHS_PER_YEAR)
    return _made(year, month + 1, min(today.day, SHORTEST_MONTH))


def _of_year(year: str | None, month: int, day: int, today: date) -> date | None:
    """Return that day of the year named, else the last one that is not ahead."""
    if year is not None:
        return _made(int(year), month, day)
    found = _made(today.year, month, day)
    return found if found is None or found <= today else _made(today.year - 1, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


PERIOD = re.compile(
    rf"\b(?:(?:in|during|back in|on|by|of|since|before|after|until)\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:(?:{_MONTH})\b\.?(?:\s+\d{{1,2}}\b(?!\d))?"
    rf"(?:,?\s+(?:19|20)\d{{2}}\b)?|(?:19|20)\d{{2}}\b)"
    rf"|\blast\s+(?:week|month|year)\b|\byesterday\b"
    rf"|\b(?:{_COUNT})\s+(?:day|week|month|year)s?\s+ago\b",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"\b(?:used to|previously|formerly|in the past|back then|before|earlier|once)\b", re.IGNORECASE
)
Period = tuple[date, date]


def period_asked(question: str, today: date) -> Period | None:
    """Return the first and last day of the past that a question asks about, or None."""
    found = PERIOD.search(question)
    # "May I ..." asks for leave.
    if found is None or found[0].lower() == "may":
        return None
    named = found[0]
    day = day_said(named, today) or day_said(f"in {named}", today)
    if day is None or day > today:
        return None
    return day, min(_last_of(named, day), today)


def without_period(question: str) -> str:
    """Return the question without the words that name a day or time."""
    return PERIOD.sub(lambda found: found[0] if found[0].lower() == "may" else " ", question)


def _last_of(named: str, day: date) -> date:
    """Return the last day of the month, week or year that was named, or the day itself."""
    if DAY_MONTH.search(named) or MONTH_DAY.search(named) or ISO.search(named):
        return day
    if re.search(r"\blast (?:month|week)\b|\byesterday\b|\bago\b", named, re.IGNORECASE):
        span = {"week": 6, "month": 30}
        return day + timedelta(
            days=next((n for word, n in span.items() if word in named.lower()), 0)
        )
    if re.search(rf"\b(?:{_MONTH})\b", named, re.IGNORECASE):
        following = day.replace(day=1) + timedelta(days=31)
        return following.replace(day=1) - timedelta(days=1)
    return date(day.year, 12, 31)


def asks_about_before(question: str) -> bool:
    """Tell whether a question asks for what held once: earlier facts may answer it."""
    return BEFORE.search(question) is not None
