"""Reads what stands behind the colon of a qualifier: days, numbers, durations, words, people."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn, TypeVar

from selfos.features.planning.filters.days import DAY_WORDS, SPOKEN, read_day
from selfos.features.planning.filters.tree import (
    Assignee,
    Dated,
    Measured,
    Node,
    Range,
    Span,
    Word,
)
from selfos.features.planning.filters.words import (
    CHOICES,
    NOT_THERE,
    QUALIFIERS,
    FilterError,
    Takes,
    meant,
    nearest,
)

Value = TypeVar("Value")
ME, NOBODY = "me", "none"
PERCENT = 100
DIGITS = 6
MINUTES_PER_HOUR = 60
PRIORITIES = (1, 2, 3, 4)
USAGE = {
    Takes.DAYS: "takes a day such as today, mon, eom, +7d or 2026-12-01, or <today, mon..fri",
    Takes.DURATION: "takes a length such as 45m or 1h30, or <45m, >=1h, 30m..2h",
    Takes.NUMBER: "takes a number, or <7, >=7, 1..3",
    Takes.PERSON: "takes me, none or a name",
}

_comparison = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)
_number = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_percent = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)%", re.ASCII)
_duration = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,6})(?:m|min)?)?", re.ASCII | re.IGNORECASE)


def qualified(field: str, value: str, span: Span, begins: int) -> Node:
    """Return the condition `field:value`; the value stands in the text from `begins`."""
    takes = QUALIFIERS[field]
    match takes:
        case Takes.DAYS:
            return Dated(field, _range(field, value, span, begins, read_day), span)
        case Takes.DURATION:
            return Measured(field, _range(field, value, span, begins, _read_duration), span)
        case Takes.NUMBER:
            numbers = _range(field, value, span, begins, _read_number)
            if field == "priority":
                _refuse_other_priorities(numbers, span)
            return Measured(field, numbers, span)
        case Takes.PERSON:
            if not value.strip():
                _misused(field, span)
            word = value.casefold()
            return Assignee(word if word in (ME, NOBODY) else value, span)
        case _:
            return Word(field, _choice(field, value, span, begins), span)


def exactly(field: str, value: float, span: Span) -> Measured:
    """Return the condition that a number is this one."""
    return Measured(field, Range(value, value), span)


def _refuse_other_priorities(numbers: Range[float], span: Span) -> None:
    ends = (end for end in (numbers.low, numbers.high) if end is not None)
    if any(end not in PRIORITIES for end in ends):
        raise FilterError("A priority is 1, 2, 3 or 4.", span.start, span.end)


def _range(
    field: str, text: str, span: Span, begins: int, read: Callable[[str], Value | None]
) -> Range[Value]:
    """Read `x`, `<x`, `>=x`, `a..b`, `a..` or `..b`."""

    def end(part: str, at: int) -> Value:
        value = read(part)
        if value is None:
            _unreadable(field, part, span, at)
        return value

    low, dots, high = text.partition("..")
    if dots:
        if not low and not high:
            _misused(field, span)
        return Range(
            end(low, begins) if low else None,
            end(high, begins + len(low) + len(dots)) if high else None,
        )
    found = _comparison.fullmatch(text)
    sign, rest = (found[1], found[2]) if found else (None, text)
    value = end(rest, begins + len(text) - len(rest))
    match sign:
        case "<":
            return Range(None, value, below=True)
        case "<=":
            return Range(None, value)
        case ">":
            return Range(value, None, above=True)
        case ">=":
            return Range(value, None)
        case _:
            return Range(value, value)


def _read_number(text: str) -> float | None:
    if found := _percent.fullmatch(text):
        return round(float(found[1]) / PERCENT, DIGITS)
    return float(text) if _number.fullmatch(text) else None


def _read_duration(text: str) -> float | None:
    found = _duration.fullmatch(text)
    if found is None or not text:
        return None
    return int(found[1] or 0) * MINUTES_PER_HOUR + int(found[2] or 0)


def _choice(field: str, value: str, span: Span, begins: int) -> str:
    word = value.casefold()
    choices = CHOICES[field]
    if word in choices:
        return word
    if reason := NOT_THERE.get((field, word)):
        raise FilterError(reason, span.start, span.end)
    if not word:
        listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
        raise FilterError(f"`{field}:` takes {listed}.", span.start, span.end)
    suggestion = nearest(word, choices)
    detail = f"`{field}:` knows no `{value}`{meant(suggestion)}"
    raise FilterError(detail, begins, begins + len(value), suggestion=suggestion)


def _unreadable(field: str, part: str, span: Span, at: int) -> NoReturn:
    if not part:
        _misused(field, span)
    suggestion = nearest(part, (*DAY_WORDS, *SPOKEN)) if QUALIFIERS[field] is Takes.DAYS else None
    if suggestion:
        detail = f"`{field}:` knows no day `{part}`{meant(suggestion)}"
    else:
        detail = f"`{field}:` {USAGE[QUALIFIERS[field]]}, not `{part}`."
    raise FilterError(detail, at, at + len(part), suggestion=suggestion)


def _misused(field: str, span: Span) -> NoReturn:
    raise FilterError(f"`{field}:` {USAGE[QUALIFIERS[field]]}.", span.start, span.end)
