"""What comes after: the slot that follows an occurrence once it is done or skipped.

In `schedule` mode the calendar decides, in `completion` mode the day it was done. `catch_up` says
what happens to slots that passed meanwhile: they collapse into the next one to come, or wait one
by one, or are all open at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import assert_never

from dateutil.relativedelta import relativedelta

from selfos.features.planning.recurrence.rules import Frequency, Rule
from selfos.features.planning.recurrence.slots import (
    LAST_DAY,
    Slot,
    day_of,
    is_timed,
    slots_after,
)


class Mode(StrEnum):
    """What the next date is counted from: the calendar, or the day it was done."""

    SCHEDULE = "schedule"
    COMPLETION = "completion"


class CatchUp(StrEnum):
    """What becomes of missed dates: one for all, one after another, or each at once."""

    COLLAPSE = "collapse"
    ONE = "one"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Repetition:
    """How something repeats. `left_out` and `added` are single slots that differ from the rule.

    Its rule may end on a day; how many times are left is counted by who knows what was done.
    """

    rule: Rule
    anchor: Slot
    mode: Mode = Mode.SCHEDULE
    catch_up: CatchUp = CatchUp.ONE
    left_out: frozenset[Slot] = frozenset()
    added: tuple[Slot, ...] = ()

    def slots(self, after: Slot | None = None) -> Iterator[Slot]:
        """Walk what the calendar says, strictly after `after` or from the anchor on."""
        rule = replace(self.rule, count=None)
        extra = sorted(slot for slot in self.added if after is None or slot > after)
        return self._kept(merge(slots_after(rule, self.anchor, after), extra))

    def _kept(self, slots: Iterable[Slot]) -> Iterator[Slot]:
        last: Slot | None = None
        for slot in slots:
            if slot != last and slot not in self.left_out:
                yield slot
            last = slot

    def first(self) -> Slot | None:
        """Return the first slot; counted from completions it is the anchor itself."""
        if self.mode is Mode.COMPLETION:
            return self.anchor
        return next(self.slots(), None)

    def following(self, slot: Slot, done: datetime, today: date) -> Slot | None:
        """Return what comes after this slot was done at a local time that belongs to `today`.

        It is later than the slot itself, so doing Friday's on Wednesday never brings the same
        Friday again. None when the rule has ended.
        """
        if self.mode is Mode.COMPLETION:
            return self._after_completion(slot, done, today)
        if self.catch_up is not CatchUp.COLLAPSE:
            return next(self.slots(slot), None)
        if self.rule.is_timed:
            return next(self.slots(max(slot, done)), None)
        later = self.slots(max(slot, _end_of(today, slot)))
        return next(later, None)

    def _after_completion(self, slot: Slot, done: datetime, today: date) -> Slot | None:
        """Count the interval from the day it was done, at the same time of day."""
        start: Slot = today
        if isinstance(slot, datetime):
            hourly = self.rule.frequency is Frequency.HOURLY
            start = done if hourly else datetime.combine(today, slot.time())
        # Months are added up before they are clamped: 31 January, 28 February, 31 March.
        for number in range(1, 10_000):
            found = start + _span(self.rule, number)
            if found > slot:
                break
        else:
            return None
        ended = self.rule.until is not None and day_of(found) > self.rule.until
        return None if ended or day_of(found) > LAST_DAY else found


def _span(rule: Rule, number: int) -> timedelta | relativedelta:
    amount = rule.interval * number
    match rule.frequency:
        case Frequency.HOURLY:
            return timedelta(hours=amount)
        case Frequency.DAILY:
            return timedelta(days=amount)
        case Frequency.WEEKLY:
            return timedelta(weeks=amount)
        case Frequency.MONTHLY:
            return relativedelta(months=amount)
        case Frequency.YEARLY:
            return relativedelta(years=amount)
        case _:
            assert_never(rule.frequency)


def _end_of(day: date, slot: Slot) -> Slot:
    return datetime(day.year, day.month, day.day, 23, 59) if is_timed(slot) else day  # noqa: DTZ001


def usual_catch_up(rule: Rule) -> CatchUp:
    """Return what people expect: what comes every day or oftener collapses, the rest waits."""
    every_day = rule.frequency is Frequency.DAILY and rule.interval == 1
    return CatchUp.COLLAPSE if every_day or rule.is_timed else CatchUp.ONE


def simulate(repetition: Repetition, n: int, *, days_late: Sequence[int] = ()) -> list[Slot]:
    """Return the next `n` slots if they are done so many days late (or, below 0, early) each."""
    late = iter(days_late)
    found: list[Slot] = []
    slot = repetition.first()
    left = min(n, repetition.rule.count or n)
    while slot is not None and len(found) < left:
        found.append(slot)
        delay = timedelta(days=next(late, 0))
        at = slot if isinstance(slot, datetime) else datetime(slot.year, slot.month, slot.day)  # noqa: DTZ001
        slot = repetition.following(slot, at + delay, day_of(slot) + delay)
    return found


def upcoming(repetition: Repetition, after: Slot | None, n: int) -> list[Slot]:
    """Return the next `n` slots by the calendar."""
    return list(islice(repetition.slots(after), n))
