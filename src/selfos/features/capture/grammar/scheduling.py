"""Taking what a text says of days, times, durations and repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from selfos.features.capture.grammar.calendar import Here
from selfos.features.capture.grammar.clock import read_hour
from selfos.features.capture.grammar.draft import Draft
from selfos.features.capture.grammar.lexicon import TAKEN, Lexicon, Phrase
from selfos.features.capture.grammar.repeats import Rule, ended, read_rule, refined
from selfos.features.capture.grammar.results import Plan, Reminder, Repeat
from selfos.features.capture.grammar.slots import next_slots
from selfos.features.capture.grammar.tokens import too_late
from selfos.features.capture.grammar.whens import (
    LAST_WORD,
    REACH,
    Islands,
    Said,
    all_said,
    is_last,
    is_meant,
    is_spoken_of,
    led_by,
    said_alone,
)

DEADLINE = re.compile(r"\{([^{}]+)\}")
BEFORE_DUE = re.compile(rf"(?<![^\s{TAKEN}])-([0-9]{{1,4}})(m|min|h|d)(?!\w)")
MINUTES_IN = {"m": 1, "min": 1, "h": 60, "d": 1440}
MOST_MINUTES, MOST_REMINDERS = 525_600, 12


@dataclass(frozen=True, slots=True)
class Found:
    """Something found at a place of the text."""

    start: int
    end: int
    rule: Rule
    after_done: bool


def read_deadline(draft: Draft, lexicon: Lexicon, here: Here) -> None:
    """Take the first {day} as the deadline."""
    for found in DEADLINE.finditer(draft.work):
        plan = said_alone(found[1], lexicon, here)
        if plan is None:
            message = f"“{found[1].strip()}” is not a day, so it stays in the title."
            draft.warn("unknown_deadline", message, found.span())
            draft.keep(*found.span())
        elif draft.fields.deadline:
            too_late(draft, "deadline", found.span())
        else:
            draft.fields.deadline = plan.date
            draft.take(*found.span(), "deadline")


def read_reminders(draft: Draft, lexicon: Lexicon, here: Here) -> None:
    """Take minutes before the due time (-30m) and times of their own (rem 9am)."""
    for found in lexicon.reminder.finditer(draft.work):
        times = [
            (match.end(), hour)
            for phrase in lexicon.phrases("time")
            if (match := phrase.pattern.match(draft.work, found.end()))
            and (hour := read_hour(phrase.meaning, phrase.values(match), here))
        ]
        if times:
            end, hour = max(times, key=lambda each: each[0])
            draft.fields.reminders.append(Reminder(time=hour.on_the_clock(here.parts)))
            draft.take(found.start(), end, "reminder")
    for found in BEFORE_DUE.finditer(draft.work):
        minutes = int(found[1]) * MINUTES_IN[found[2]]
        if minutes <= MOST_MINUTES and len(draft.fields.reminders) < MOST_REMINDERS:
            draft.fields.reminders.append(Reminder(minutes_before=minutes))
            draft.take(*found.span(), "reminder")


def read_schedule(draft: Draft, lexicon: Lexicon, here: Here) -> list[Plan]:
    """Take repetition, days, times and durations; return the next dates."""
    found = _repetition(draft.work, lexicon, here)
    if found:
        draft.take(found.start, found.end, "repeat")
    islands = {start: end for start, end, _, _ in _durations(draft.work, lexicon)}
    said = all_said(draft.work, lexicon, here, islands)
    islands |= {each.start: each.end for each in said}
    ends = list(_ends(draft.work, lexicon, found)) if found else []
    islands |= {match.start(): match.end() for _, match in ends}
    meant = _when_meant(draft, lexicon, said, islands, found)
    _take_durations(draft, lexicon, islands)
    if found:
        return _repeat(draft, here, found, meant, ends)
    _plan(draft, here, meant)
    _take_someday(draft, lexicon)
    return [draft.fields.due] if draft.fields.due else []


def _repetition(text: str, lexicon: Lexicon, here: Here) -> Found | None:
    """Return the first repetition, with what narrows it directly behind."""
    best: tuple[int, int, Phrase, Rule, bool] | None = None
    for phrase in lexicon.phrases("repeat"):
        for match in phrase.pattern.finditer(text):
            values = phrase.values(match)
            rule = read_rule(phrase.meaning, values)
            if rule is None:
                continue
            if phrase.end and not _ends_text(text, match, lexicon, here):
                continue
            if best is None or (match.start(), -match.end()) < (best[0], -best[1]):
                best = (*match.span(), phrase, rule, "done" in values)
    if best is None:
        return None
    start, end, _, rule, after_done = best
    return _narrowed(text, lexicon, Found(start, end, rule, after_done))


def _ends_text(text: str, found: re.Match[str], lexicon: Lexicon, here: Here) -> bool:
    """Tell whether "daily" stands at the end, but for a time, an end or a duration."""
    before = LAST_WORD.search(text, max(0, found.start() - REACH), found.start())
    if before and (before[1] in lexicon.not_after or before[1].isdecimal()):
        return False
    text = text[: found.start()] + TAKEN * len(found[0]) + text[found.end() :]
    pieces = {each.start: each.end for each in all_said(text, lexicon, here)}
    for section in ("repeat_on", "repeat_end"):
        for phrase in lexicon.phrases(section):
            pieces |= {match.start(): match.end() for match in phrase.pattern.finditer(text)}
    pieces |= {start: end for start, end, _, _ in _durations(text, lexicon)}
    return is_last(text, found.end(), lexicon, pieces)


def _narrowed(text: str, lexicon: Lexicon, found: Found) -> Found:
    gap = len(text) - len(text[found.end :].lstrip(" \t,"))
    best = found
    for phrase in lexicon.phrases("repeat_on"):
        match = phrase.pattern.match(text, gap)
        rule = match and refined(found.rule, phrase.meaning, phrase.values(match))
        if match and rule and match.end() > best.end:
            best = replace(found, end=match.end(), rule=rule)
    return best


def _ends(text: str, lexicon: Lexicon, found: Found) -> Iterator[tuple[Phrase, re.Match[str]]]:
    for phrase in lexicon.phrases("repeat_end"):
        for match in phrase.pattern.finditer(text, found.end):
            yield phrase, match


def _when_meant(
    draft: Draft,
    lexicon: Lexicon,
    said: Sequence[Said],
    islands: Islands,
    found: Found | None,
) -> dict[str, Said]:
    """Take the first day or time of each role; note plain ones that stay in the title."""
    text, meant = draft.work, dict[str, Said]()
    for each in said:
        connected = found is not None and _touches(text, each, found, lexicon)
        if each.nonsense:
            _refuse_day(draft, each)
            continue
        if not connected and (each.bare and not each.role):
            continue
        if not connected and not is_meant(text, each, lexicon, islands):
            _leave(draft, each, lexicon)
            continue
        role = each.role or "due"
        if role == "until" and found is None:
            role = "due"
        if role in meant:
            too_late(draft, "date", (each.inner, each.end))
            continue
        meant[role] = each
        draft.take(each.start, each.end, role, shown_from=_shown_from(each))
    return meant


def _shown_from(said: Said) -> int:
    """A chip shows the words themselves; "at 5" and "until May" would be bare without theirs."""
    return said.inner if said.day and said.role in (None, "due") else said.start


def _touches(text: str, said: Said, found: Found, lexicon: Lexicon) -> bool:
    if said.start >= found.end:
        return lexicon.joint.fullmatch(text[found.end : said.start]) is not None
    return lexicon.joint.fullmatch(text[said.end : found.start]) is not None


def _leave(draft: Draft, said: Said, lexicon: Lexicon) -> None:
    if said.strong and said.day and not is_spoken_of(draft.work, said, lexicon):
        text = draft.text[said.inner : said.end]
        message = f"“{text}” stays in the title; put it last to make it the date."
        draft.warn("in_title", message, (said.inner, said.end))


def _refuse_day(draft: Draft, said: Said) -> None:
    text = draft.text[said.inner : said.end]
    message = f"There is no such day as “{text}”, so it stays in the title."
    draft.warn("no_such_day", message, (said.inner, said.end))


def _plan(draft: Draft, here: Here, meant: dict[str, Said]) -> None:
    due = meant.get("due")
    if due:
        draft.fields.due = due.plan(here)
        if (
            draft.fields.due.time
            and draft.fields.due.wall < here.now.replace(second=0, microsecond=0)
            and not due.zone
        ):
            draft.warn("past", "That time has passed already.", (due.inner, due.end))
    start = meant.get("start")
    if start:
        draft.fields.start = start.plan(here)


def _repeat(
    draft: Draft,
    here: Here,
    found: Found,
    meant: dict[str, Said],
    ends: Sequence[tuple[Phrase, re.Match[str]]],
) -> list[Plan]:
    due, begin = meant.get("due"), meant.get("start")
    clock = _clock(here, found.rule, due, begin)
    anchor = next((each.day.date for each in (begin, due) if each and each.day), None)
    first = _first(found.rule, here, anchor, clock)
    if first is None:
        return []
    rule = found.rule.anchored(first.date())
    for phrase, match in ends:
        more = ended(rule, phrase.meaning, phrase.values(match), first.date())
        if more and draft.free(*match.span()) and not (rule.count or rule.until):
            rule = more
            draft.take(*match.span(), "repeat_end")
    until = meant.get("until")
    if until and until.day and not rule.count:
        rule = replace(rule, until=until.day.date)
    slots = next_slots(rule.text(), first)
    if not slots:
        draft.warn("repeat_over", "This would end before it begins.", (found.start, found.end))
        return []
    mode = "completion" if found.after_done and found.rule.plain else "schedule"
    if found.after_done and not found.rule.plain:
        message = "Counting from when it is done needs a plain interval, such as every! 3 days."
        draft.warn("needs_interval", message, (found.start, found.end))
    phrase = draft.text[found.start : found.end]
    zone = next((each.zone for each in (due, begin) if each and each.zone), None)
    timed = clock is not None or rule.frequency == "HOURLY"
    plans = [Plan(slot.date(), slot.time() if timed else None, zone) for slot in slots]
    draft.fields.repeat = Repeat(rule.text(), mode, phrase)
    draft.fields.due = plans[0]
    return plans


def _clock(here: Here, rule: Rule, *said: Said | None) -> time | None:
    """Return the time of day something repeats at."""
    hour = next((each.hour for each in said if each and each.hour), None)
    if hour is None:
        return here.parts[rule.part] if rule.part else None
    if rule.part and hour.part is None:
        return replace(hour, part=rule.part).on_the_clock(here.parts)
    return hour.on_the_clock(here.parts)


def _first(rule: Rule, here: Here, anchor: date | None, clock: time | None) -> datetime | None:
    """Return the first slot from a day on, never one that has passed."""
    day = anchor or here.today
    if rule.frequency == "HOURLY":
        if clock is None:
            soon = here.now.replace(second=0, microsecond=0) + timedelta(hours=rule.interval)
            return soon if anchor is None else datetime.combine(day, time())
        wall = datetime.combine(day, clock)
        return wall if anchor or wall > here.now else wall + timedelta(days=1)
    # Without the interval: "every other Monday" begins with the next Monday there is.
    plain = replace(rule, interval=1)
    for slot in next_slots(plain.text(), datetime.combine(day, clock or time()), 2):
        if clock is None or slot > here.now or anchor is not None:
            return slot
    return None


def _durations(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, int, bool]]:
    """Yield each duration's place with the word before, its minutes, whether there is one."""
    for phrase in lexicon.phrases("duration"):
        for match in phrase.pattern.finditer(text):
            values = phrase.values(match)
            hours = float(str(values.get("h", 0)).replace(",", "."))
            minutes = round(hours * 60) + int(values.get("mm", 0))
            lead = led_by(text, match.start(), "duration", lexicon)
            if 0 < minutes <= MOST_MINUTES and (lead or not phrase.lead):
                yield (lead or match).start(), match.end(), minutes, bool(lead)


def _take_durations(draft: Draft, lexicon: Lexicon, islands: Islands) -> None:
    found = sorted(_durations(draft.work, lexicon), key=lambda each: (each[0], -each[1]))
    for start, end, minutes, led in found:
        if not draft.free(start, end):
            continue
        if not led and not is_last(draft.work, end, lexicon, islands):
            continue
        if draft.fields.duration_minutes:
            too_late(draft, "duration", (start, end))
            continue
        draft.fields.duration_minutes = minutes
        draft.take(start, end, "duration")


def _take_someday(draft: Draft, lexicon: Lexicon) -> None:
    for phrase in lexicon.phrases("someday"):
        match = phrase.pattern.search(draft.work)
        if match and not draft.fields.due and is_last(draft.work, match.end(), lexicon, {}):
            draft.fields.someday = True
            draft.take(*match.span(), "someday")
