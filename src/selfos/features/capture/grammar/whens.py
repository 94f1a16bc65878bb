"""Finding days and times in a text, and deciding which of them are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from selfos.features.capture.grammar.calendar import Day, Here, read_day, shifted
from selfos.features.capture.grammar.clock import Hour, next_slot, read_hour, second_reading
from selfos.features.capture.grammar.lexicon import TAKEN, Lexicon, Phrase
from selfos.features.capture.grammar.results import Plan

# Where something begins that may be understood, and where it ends.
Islands = dict[int, int]
WEEKDAY_MEANINGS = frozenset({"coming", "this", "weekday_of"})
CLOCK_UNITS = frozenset({"minute", "hour"})
RELATIVE = frozenset({"ahead", "ago"})
DATED = frozenset({"day_month", "written"})
ROLES = ("start", "until", "due")
LAST_WORD = re.compile(r"(\S+)[ \t]*\Z")
ZONE = re.compile(r"[ \t]+\(?([a-z]{2,4}|[a-z]+(?:/[a-z_]+){1,2})\)?(?![\w/])")
CLAUSE_END = re.compile(r"[.!?;)]?(?:[.!?;][ \t]|[ \t]+[-–—][ \t]|\n)")
# How far back a word before a date is looked for, and how many pieces may follow one: no line that
# means something has more, and a hostile one costs no more.
REACH, MOST_PIECES = 60, 20
BLANK = re.compile(rf"[\s{TAKEN}(\[]*\Z")


@dataclass(frozen=True, slots=True)
class Element:
    """A day or a time at its place in the text."""

    start: int
    end: int
    phrase: Phrase
    day: Day | None = None
    hour: Hour | None = None
    plain: bool = False
    counted: bool = False

    @property
    def on_weekday(self) -> bool:
        """Tell whether it names no more than a day of the week."""
        return self.phrase.meaning in WEEKDAY_MEANINGS

    @property
    def nonsense(self) -> bool:
        """Tell whether it looks like a day that does not exist, such as 30 February."""
        return self.phrase.meaning in DATED and self.day is None


@dataclass(frozen=True, slots=True)
class Said:
    """A day, a time or both, said in one go; `role` is what the word before makes of it."""

    start: int
    end: int
    inner: int
    elements: tuple[Element, ...]
    role: str | None = None
    zone: str | None = None

    @property
    def day(self) -> Day | None:
        """Return the day, if one was named."""
        return next((each.day for each in self.elements if each.day), None)

    @property
    def hour(self) -> Hour | None:
        """Return the time, if one was named."""
        hours = [each.hour for each in self.elements if each.hour]
        if len(hours) == 2:  # noqa: PLR2004 - a clock and a part of the day
            return hours[0].joined(hours[1])
        return hours[0] if hours else None

    @property
    def strong(self) -> bool:
        """Tell whether it is plain enough to begin a text with."""
        return any(each.plain for each in self.elements)

    @property
    def nonsense(self) -> bool:
        """Tell whether part of it is a day that does not exist."""
        return any(each.nonsense for each in self.elements)

    @property
    def bare(self) -> bool:
        """Tell whether it is no more than "morning"."""
        return all(each.phrase.bare for each in self.elements)

    def plan(self, here: Here) -> Plan:
        """Return the day and time meant; a time that has passed moves to its next slot."""
        there = elsewhere(here, self.zone) if self.zone else here
        day, hour = self.day, self.hour
        if hour is None:
            assert day is not None  # noqa: S101 - something was said
            return Plan(day.date, day.time, self.zone if day.time else None)
        if day is None and hour.days is None:
            wall = next_slot(hour, there)
            return Plan(wall.date(), wall.time(), self.zone)
        date = day.date if day else there.today + timedelta(days=hour.days or 0)
        wall = datetime.combine(date, hour.on_the_clock(here.parts))
        if wall <= there.now and date == there.today:
            if hour.clock is None:  # "tonight", late in the evening
                return Plan(date)
            wall = second_reading(wall, hour, here)
        return Plan(wall.date(), wall.time(), self.zone)


def elsewhere(here: Here, zone: str) -> Here:
    """Return now and today as they are in another zone."""
    there = ZoneInfo(zone)
    now = here.now.replace(tzinfo=here.zone).astimezone(there).replace(tzinfo=None)
    return replace(here, now=now, today=now.date(), zone=there)


def all_said(text: str, lexicon: Lexicon, here: Here, islands: Islands | None = None) -> list[Said]:
    """Return every day and time a folded text may speak of, in their order."""
    chosen: list[Element] = []
    found = _elements(text, lexicon, here, islands or {})
    for element in sorted(found, key=lambda e: (e.start, -e.end)):
        if not chosen or element.start >= chosen[-1].end:
            chosen.append(element)
    return [_placed(text, lexicon, group) for group in _grouped(text, lexicon, chosen)]


def said_alone(text: str, lexicon: Lexicon, here: Here) -> Plan | None:
    """Return the day or time that is all this text says, or None if it says anything else."""
    found = all_said(f"{text} ", lexicon, here)
    if len(found) != 1 or text[: found[0].start].strip() or text[found[0].end :].strip():
        return None
    return found[0].plan(here)


def is_last(text: str, end: int, lexicon: Lexicon, islands: Islands) -> bool:
    """Tell whether nothing but understood words, and what may yet be understood, follows."""
    if CLAUSE_END.match(text, end):
        return True
    for _ in range(MOST_PIECES):
        end = lexicon.tail.match(text, end).end()  # pyright: ignore[reportOptionalMemberAccess]
        if end == len(text):
            return True
        if end not in islands:
            other = lexicon.alternative.match(text, end)
            if other is None or other.end() not in islands:
                return False
            end = other.end()
        end = islands[end]
    return False


def is_meant(text: str, said: Said, lexicon: Lexicon, islands: Islands) -> bool:
    """Tell whether this place makes it a date.

    It does behind a word such as "on", with day and time together, at the end of the text, and
    what cannot be anything else also at its beginning. "9/11 report" stays a title.
    """
    if said.role or (said.day and said.hour):
        return True
    if not said.strong and is_spoken_of(text, said, lexicon):
        return False
    if is_last(text, said.end, lexicon, islands):
        return True
    return said.strong and BLANK.match(text, 0, said.start) is not None


def is_spoken_of(text: str, said: Said, lexicon: Lexicon) -> bool:
    """Tell whether the word before makes a plain word of it: "the sun", "chapter 3"."""
    before = LAST_WORD.search(text, max(0, said.start - REACH), said.start)
    return before is not None and before[1].strip("\"'(") in lexicon.not_after


def _elements(text: str, lexicon: Lexicon, here: Here, islands: Islands) -> Iterator[Element]:
    for phrase in lexicon.phrases("date"):
        for found in phrase.pattern.finditer(text):
            start, end = found.span()
            values = phrase.values(found)
            day = read_day(phrase.meaning, values, here)
            if (day or phrase.meaning in DATED) and _allowed(text, found, phrase, lexicon, islands):
                # A day with its year cannot be anything else.
                element = Element(start, end, phrase, day, plain=phrase.start or "year" in values)
                yield _with_offset(text, lexicon, element)
    for phrase in lexicon.phrases("time"):
        for found in phrase.pattern.finditer(text):
            start, end = found.span()
            hour = read_hour(phrase.meaning, phrase.values(found), here)
            if hour and _allowed(text, found, phrase, lexicon, islands):
                yield Element(start, end, phrase, hour=hour, plain=phrase.start)


def _allowed(
    text: str, found: re.Match[str], phrase: Phrase, lexicon: Lexicon, islands: Islands
) -> bool:
    if phrase.end and not is_last(text, found.end(), lexicon, islands):
        return False
    if not phrase.lead:
        return True
    roles = ROLES if phrase in lexicon.phrases("date") else ("time",)
    return any(led_by(text, found.start(), role, lexicon) for role in roles)


def led_by(text: str, start: int, role: str, lexicon: Lexicon) -> re.Match[str] | None:
    """Return the word directly before a place that gives what stands there this role."""
    return lexicon.leads[role].search(text, max(0, start - REACH), start)


def _with_offset(text: str, lexicon: Lexicon, element: Element) -> Element:
    """Return the day counted from another: three weeks from tomorrow."""
    if element.day is None:
        return element
    for phrase in lexicon.phrases("offset"):
        for found in phrase.pattern.finditer(text, max(0, element.start - REACH), element.start):
            values = phrase.values(found)
            if text[found.end() : element.start].strip() or values["unit"] in CLOCK_UNITS:
                continue
            n = values["n"] if phrase.meaning == "after" else -values["n"]
            try:
                day = Day(shifted(element.day.date, n, values["unit"]))
            except (ValueError, OverflowError):
                continue
            return replace(element, start=found.start(), day=day, counted=True)
    return element


def _grouped(text: str, lexicon: Lexicon, chosen: list[Element]) -> Iterator[tuple[Element, ...]]:
    group: list[Element] = []
    for element in chosen:
        between = text[group[-1].end : element.start] if group else ""
        if group and lexicon.joint.fullmatch(between) and (more := _joined(group, element)):
            group = more
            continue
        if group:
            yield tuple(group)
        group = [element]
    if group:
        yield tuple(group)


def _joined(group: list[Element], new: Element) -> list[Element] | None:
    """Return a group with one more element, or None where it says a second thing."""
    if new.hour:
        hours = [each.hour for each in group if each.hour]
        fits = not hours or (len(hours) == 1 and hours[0].joined(new.hour))
        return [*group, new] if fits else None
    if all(each.hour for each in group):
        return [*group, new]
    return _one_day(group[0], new) if len(group) == 1 else None


def _one_day(first: Element, second: Element) -> list[Element] | None:
    """Return two days as one: "friday 7/6" is the 7th of June, "in a month on monday" a Monday."""
    if first.on_weekday and not second.on_weekday:
        return [replace(first, day=None), second]
    if first.on_weekday or second.phrase.meaning != "coming" or not (first.day and second.day):
        return None
    if first.phrase.meaning not in RELATIVE and not first.counted:
        return [first, replace(second, day=None)]
    ahead = (second.day.date.weekday() - first.day.date.weekday()) % 7
    moved = Day(first.day.date + timedelta(days=ahead))
    return [replace(first, day=moved), replace(second, day=None)]


def _placed(text: str, lexicon: Lexicon, group: tuple[Element, ...]) -> Said:
    start, end = group[0].start, group[-1].end
    if text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")":
        end += 1
    zone, end = _zone_after(text, lexicon, end) if any(e.hour for e in group) else (None, end)
    roles = ("time", *ROLES) if group[0].hour else ROLES
    for role in roles:
        lead = led_by(text, start, role, lexicon)
        if lead:
            role = "due" if role == "time" else role  # noqa: PLW2901
            return Said(lead.start(), end, start, group, role, zone)
    return Said(start, end, start, group, zone=zone)


def _zone_after(text: str, lexicon: Lexicon, end: int) -> tuple[str | None, int]:
    found = ZONE.match(text, end)
    if found is None:
        return None, end
    zone = lexicon.table["zones"].get(found[1]) or _zones().get(found[1])
    return (zone, found.end()) if zone else (None, end)


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name}
