"""From one line of text to what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Literal, cast
from zoneinfo import ZoneInfo

from selfos.features.capture.grammar.calendar import Here
from selfos.features.capture.grammar.draft import Draft
from selfos.features.capture.grammar.habits import read_habit
from selfos.features.capture.grammar.lexicon import Lexicon, lexicon_for
from selfos.features.capture.grammar.names import NO_NAMES, Names, fold
from selfos.features.capture.grammar.results import Fields, Habit, Kind, Parsed, Plan
from selfos.features.capture.grammar.scheduling import (
    read_deadline,
    read_reminders,
    read_schedule,
)
from selfos.features.capture.grammar.tokens import (
    read_escapes,
    read_links,
    read_note,
    read_priority,
    read_references,
)

WHOLLY_QUOTED = re.compile(r'\s*"([^"]*)"\s*')
NOTE_SIGN = re.compile(r"\s*//[ \t]*(?=\S)")
PARTS: Mapping[str, time] = MappingProxyType(
    {"morning": time(9), "afternoon": time(12), "evening": time(19), "night": time(22)}
)
LONGEST_TITLE_WORDS = 10
Prefixes = Literal["todoist", "vikunja"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a person has chosen: their signs, their week, their day, their parts of it."""

    prefixes: Prefixes = "todoist"
    week_start: int = 0
    day_start_minutes: int = 0
    parts: Mapping[str, time] = field(default_factory=lambda: PARTS)


OPTIONS = Options()


def parse(
    text: str,
    now: datetime,
    zone: ZoneInfo,
    locale: str = "en",
    names: Names = NO_NAMES,
    *,
    options: Options = OPTIONS,
    ignored: Iterable[tuple[int, int]] = (),
) -> Parsed:
    """Return what a line of text means to somebody at an instant in a zone; never raises.

    `ignored` are spans, in characters, that stay in the title whatever they look like.
    """
    quoted = WHOLLY_QUOTED.fullmatch(fold(text))
    if quoted:
        title = " ".join(text[slice(*quoted.span(1))].split())
        return Parsed("task", title, Fields(), [], [], [])
    lexicon = lexicon_for(locale)
    here = _here(now, zone, lexicon, locale, options)
    draft = Draft(text, ignored)
    read_escapes(draft)
    kind = _read_kind(draft, lexicon)
    read_note(draft)
    read_links(draft)
    read_references(draft, names, options.prefixes)
    if kind == "note":
        return _parsed(draft, kind, [])
    read_priority(draft)
    read_habit(draft, lexicon, options.prefixes, kind)
    if draft.fields.habit:
        kind = "habit"
    elif kind == "habit":
        draft.fields.habit = Habit()
    read_deadline(draft, lexicon, here)
    read_reminders(draft, lexicon, here)
    preview = read_schedule(draft, lexicon, here)
    return _parsed(draft, kind, preview)


def is_unclear(parsed: Parsed) -> bool:
    """Tell whether something in a line may not have been taken as meant.

    That is so with a warning that no choice or offer of ours settles, with a number left in the
    title, and with a title longer than a task's usually is.
    """
    unsettled = (
        not (warning.choices or warning.offer or warning.code == "no_title")
        for warning in parsed.warnings
    )
    numbers = any(letter.isdecimal() for letter in parsed.title)
    return any(unsettled) or numbers or len(parsed.title.split()) > LONGEST_TITLE_WORDS


def _here(now: datetime, zone: ZoneInfo, lexicon: Lexicon, locale: str, options: Options) -> Here:
    try:
        local = now.astimezone(zone).replace(tzinfo=None)
        today = (local - timedelta(minutes=options.day_start_minutes)).date()
    except OverflowError:  # the first and the last day there is
        local = now.replace(tzinfo=None)
        today = local.date()
    return Here(
        now=local,
        today=today,
        zone=zone,
        week_start=options.week_start,
        month_first=lexicon.month_first(locale),
        parts=options.parts,
        clock=lexicon.clock,
    )


def _read_kind(draft: Draft, lexicon: Lexicon) -> Kind:
    """Take "goal:", "habit:" or "note:" from the beginning; // begins a note as well."""
    sign = NOTE_SIGN.match(draft.work)
    if sign:
        draft.take(*sign.span(), "kind")
        return "note"
    found = lexicon.kind.match(draft.work)
    if found is None:
        return "task"
    draft.take(*found.span(), "kind")
    return cast("Kind", lexicon.table["kinds"][found[1]])


def _parsed(draft: Draft, kind: Kind, preview: list[Plan]) -> Parsed:
    title = draft.title()
    if not title:
        draft.warn("no_title", "Write what it is about, too.")
    spans = sorted(draft.spans, key=lambda each: each.start)
    return Parsed(kind, title, draft.fields, spans, draft.warnings, preview)
