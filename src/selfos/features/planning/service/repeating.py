"""Rules of repeating for other slices: the pure core behind sentences for the user."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from selfos.features.planning.recurrence import slots
from selfos.features.planning.recurrence.canonical import canonical, moved
from selfos.features.planning.recurrence.following import Mode, usual_catch_up
from selfos.features.planning.recurrence.rules import BadRule, Rule, read
from selfos.features.planning.recurrence.slots import Slot
from selfos.features.planning.recurrence.wording import say
from selfos.features.planning.schemas.repeating import Repeat
from selfos.kernel.errors import invalid


def canonical_rule(
    text: str,
    anchor: Slot | None = None,
    *,
    week_start: int = 0,
    zone: ZoneInfo | None = None,
    pointer: str = "/rule",
) -> str:
    """Return the one text of an RRULE, or raise Invalid, pointing at the field it came in.

    The anchor, where it is known, fills in what the text leaves to the first date. `week_start`
    (0 is Monday) counts where the text names none; `zone` is where an UNTIL in UTC is read.
    """
    try:
        return canonical(read(text, zone=zone), anchor, week_start=week_start).text()
    except BadRule as error:
        raise invalid(pointer, str(error)) from error


def next_slots(rule: str, anchor: Slot, *, after: Slot | None = None, n: int = 10) -> list[Slot]:
    """Return the first slots of a canonical rule, or those strictly after `after`."""
    return slots.next_slots(_filled(rule, anchor), anchor, n, after=after)


def slots_between(rule: str, anchor: Slot, first: date, last: date) -> list[Slot]:
    """Return the slots of a canonical rule on the days from `first` to `last`."""
    return slots.slots_between(_filled(rule, anchor), anchor, first, last)


def walk_slots(
    rule: str,
    anchor: Slot,
    *,
    after: Slot | None = None,
    left_out: Collection[Slot] = (),
    added: Iterable[Slot] = (),
) -> Iterator[Slot]:
    """Walk the slots of a rule that is canonical for its anchor, strictly after `after`.

    Single slots that differ from the rule are left out, or added.
    """
    return slots.slots_with_exceptions(read(rule), anchor, after, left_out=left_out, added=added)


def moved_rule(rule: str, old: Slot, new: Slot) -> str:
    """Return a canonical rule after its first date moved: a single day it names moves along."""
    return moved(read(rule), old, new).text()


def ended_rule(rule: str, last: date) -> str:
    """Return a canonical rule that ends on this day."""
    return replace(read(rule), count=None, until=last).text()


def continued_rule(rule: str, anchor: Slot, slot: Slot) -> str:
    """Return what is left of a canonical rule from one of its slots on."""
    parsed = read(rule)
    if parsed.count is None:
        return rule
    used = sum(1 for _ in takewhile(lambda each: each < slot, walk_slots(rule, anchor)))
    return replace(parsed, count=max(1, parsed.count - used)).text()


def last_day_of(rule: str, anchor: Slot) -> date:
    """Return the last day a canonical rule may come up; without an end, of all we reckon with."""
    parsed = read(rule)
    if parsed.count is None:
        return parsed.until or slots.LAST_DAY
    *_, last = (anchor, *walk_slots(rule, anchor))
    return slots.day_of(last)


def is_due(rule: str, anchor: Slot, day: date) -> bool:
    """Tell whether a canonical rule comes up on this day."""
    return slots.is_due(_filled(rule, anchor), anchor, day)


def say_rule(rule: str) -> str:
    """Return a rule in words, such as "every 2 weeks on Mon and Thu"."""
    return say(read(rule))


def repeat_in_full(repeat: Repeat) -> dict[str, Any]:
    """Return how a task is to repeat as its row would say it, as far as the first date allows.

    Raises BadRule for a rule that cannot be read.
    """
    rule = canonical(read(repeat.rule), follows=repeat.mode is Mode.COMPLETION)
    catch_up = repeat.catch_up or usual_catch_up(rule)
    said = {"rule": rule.text(), "catch_up": catch_up, "text": say(rule, repeat.mode)}
    return {**repeat.model_dump(mode="json"), **said}


def _filled(rule: str, anchor: Slot) -> Rule:
    return canonical(read(rule), anchor)


def read_slots(texts: Sequence[str], anchor: Slot, pointer: str) -> list[Slot]:
    """Read single slots that differ from a rule, or raise Invalid, pointing at the wrong one."""
    return [read_one_slot(text, anchor, f"{pointer}/{place}") for place, text in enumerate(texts)]


def read_one_slot(text: str, anchor: Slot, pointer: str) -> Slot:
    """Read a slot of what begins at `anchor`, or raise Invalid."""
    try:
        slot = slots.read_slot(text)
    except ValueError:
        slot = None
    if slot is None or slots.is_timed(slot) is not slots.is_timed(anchor):
        example = "2027-03-28T09:00" if slots.is_timed(anchor) else "2027-03-28"
        raise invalid(pointer, f"Write it as {example}.")
    return slot
