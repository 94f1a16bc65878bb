"""The vocabulary: which qualifiers there are, and which words they take."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum

from selfos.features.planning.filters.tree import PlaceKind

MOST_NODES = 50
MOST_ROWS = 200


class Takes(StrEnum):
    """What stands behind the colon of a qualifier."""

    DAYS = "days"
    DURATION = "duration"
    NUMBER = "number"
    PERSON = "person"
    TEXT = "text"
    WORD = "word"


LACKED = ("area assignee date deadline duration goal label note project start").split()
# What a qualifier may be given, where its words are counted.
CHOICES: dict[str, tuple[str, ...]] = {
    "is": tuple(
        "active archived blocked blocking cancelled completed deferred doing done dropped due"
        " goal habit inbox missed on_hold open overdue paused recurring shared skipped subtask todo"
        " unread waiting".split()
    ),
    "no": tuple(LACKED),
    "has": tuple(sorted([*LACKED, "comment", "subtask"])),
    "by": ("ai", "me"),
    "pace": ("ahead", "at_risk", "behind", "off", "on"),
    "period": ("day", "month", "rolling", "week"),
    "schedule": ("quota", "rule"),
    "type": ("at_least", "at_most", "avoid", "duration", "yes_no"),
    "window": ("afternoon", "anytime", "evening", "midday", "morning", "night"),
}
# What the language means to know, of things that are not there yet.
NOT_THERE: dict[tuple[str, str], str] = {
    ("has", "file"): "There are no files yet, so nothing has one.",
}
QUALIFIERS: dict[str, Takes] = {
    **dict.fromkeys(("due", "deadline", "start", "done", "created", "updated"), Takes.DAYS),
    **dict.fromkeys(("priority", "progress", "streak", "strength"), Takes.NUMBER),
    **dict.fromkeys(CHOICES, Takes.WORD),
    "assignee": Takes.PERSON,
    "duration": Takes.DURATION,
    "text": Takes.TEXT,
}
SORTS = tuple(
    "created deadline done due duration priority progress rank start streak strength title"
    " updated".split()
)
GROUPS = tuple("area assignee due goal priority project state".split())
SETTINGS = ("sort", "group", "limit")
# The places of a thing, by the sign that names them.
SIGNS: dict[str, PlaceKind] = {
    "##": "project",
    "#": "project",
    "@": "label",
    "~": "area",
    "^": "goal",
}


class FilterError(Exception):
    """What is wrong with a filter: a sentence, where it stands, and perhaps what was meant."""

    def __init__(self, detail: str, start: int, end: int, *, suggestion: str | None = None) -> None:
        """`start` and `end` count characters; `suggestion` would replace what lies between."""
        super().__init__(detail)
        self.detail = detail
        self.start = start
        self.end = end
        self.suggestion = suggestion


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word this one probably stands for, or None."""
    close = get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def meant(suggestion: str | None) -> str:
    """Return the question that ends a sentence about an unknown word."""
    return f", did you mean `{suggestion}`?" if suggestion else "."
