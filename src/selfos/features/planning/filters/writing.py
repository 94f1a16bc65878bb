"""Writes a filter in its one canonical form, which reads as the same filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from selfos.features.planning.filters.days import write_day
from selfos.features.planning.filters.tree import (
    And,
    Assignee,
    Dated,
    Everything,
    Filter,
    Measured,
    Node,
    Not,
    Or,
    Place,
    Range,
    Section,
    SortKey,
    Text,
    Word,
)
from selfos.features.planning.filters.values import DIGITS

Value = TypeVar("Value")

_plain_name = re.compile(r"[^\s()|&,\"/]+")
_plain_word = re.compile(r"[^\s()|&,\"]+")
# What would be read as something else than a word.
_not_a_word = re.compile(r"[!\-#@~^]|[A-Za-z_]+:(?!//)|[pP][1-4]\Z")
_sign_of = {"project": "#", "label": "@", "area": "~", "goal": "^"}


def write_filter(chosen: Filter) -> str:
    """Return the canonical text of a filter."""
    sections = ", ".join(write(section.where) for section in chosen.sections)
    settings: list[str] = []
    if chosen.sort:
        settings.append(f"sort:{','.join(_sort_key(key) for key in chosen.sort)}")
    if chosen.group:
        settings.append(f"group:{chosen.group.name}")
    if chosen.limit:
        settings.append(f"limit:{chosen.limit}")
    only_settings = settings and chosen.sections == (Section(Everything()),)
    return " ".join(settings if only_settings else [sections, *settings])


def write(node: Node) -> str:  # noqa: C901, PLR0911 - a line for each kind
    """Return the canonical text of one condition."""
    match node:
        case And(parts=parts):
            return " ".join(_within(part, Or) for part in parts)
        case Or(parts=parts):
            return " | ".join(write(part) for part in parts)
        case Not(part=part):
            return f"!{_within(part, Or, And)}"
        case Everything():
            return "*"
        case Text(text=text, exact=exact):
            return _text(text, exact=exact)
        case Place():
            return _place(node)
        case Word(name=name, word=word):
            return f"{name}:{word}"
        case Assignee(who=who):
            return f"assignee:{who if _plain_word.fullmatch(who) else _quoted(who)}"
        case Dated(name=name, range=days):
            return f"{name}:{_range(days, write_day)}"
        case Measured():
            return _measured(node)


def _within(node: Node, *looser: type[Or | And]) -> str:
    return f"({write(node)})" if isinstance(node, looser) else write(node)


def _text(text: str, *, exact: bool) -> str:
    if exact:
        return _quoted(text)
    return f"text:{text}" if _not_a_word.match(text) else text


def _place(place: Place) -> str:
    sign = "##" if place.deep else _sign_of[place.kind]
    names = [place.name] if place.phase is None else [place.name, place.phase]
    plain = _plain_name if place.kind == "project" else _plain_word
    return sign + "/".join(
        name
        if plain.fullmatch(name) and not (place.kind == "project" and name[0] == "#")
        else _quoted(name)
        for name in names
    )


def _measured(node: Measured) -> str:
    numbers = node.range
    if node.name == "priority" and numbers.low is not None and numbers.low == numbers.high:
        return f"p{numbers.low:g}"
    unit = "m" if node.name == "duration" else ""
    return f"{node.name}:{_range(numbers, lambda number: f'{_number(number)}{unit}')}"


def _number(number: float) -> str:
    return f"{number:.{DIGITS}f}".rstrip("0").rstrip(".")


def _range(values: Range[Value], write_value: Callable[[Value], str]) -> str:
    low = None if values.low is None else write_value(values.low)
    high = None if values.high is None else write_value(values.high)
    if low is not None and low == high:
        return low
    if low is None:
        return f"{'<' if values.below else '<='}{high}"
    if high is None:
        return f"{'>' if values.above else '>='}{low}"
    return f"{low}..{high}"


def _sort_key(key: SortKey) -> str:
    return f"{'-' if key.descending else ''}{key.name}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
