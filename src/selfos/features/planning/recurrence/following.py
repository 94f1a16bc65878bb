"""What comes after: the slot that follows an occurrence once it is done or skipped.

In `schedule` mode the calendar decides, in `completion` mode the day it was done. `catch_up` says
what happens to slots that passed meanwhile: they collapse into the next one to come, or wait one
by one, or are all open at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from dateutil.relativedelta import relativedelta

from selfos.features.planning.recurrence.rules import Frequency, Rule
from selfos.features.planning.recurrence.slots import (
    LAST_DAY,
    Slot,
    day_of,
    is_timed,
    slots_with_exceptions,
    week_of,
)

WORKDAYS_A_WEEK = 5


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
        return slots_with_exceptions(
            rule, self.anchor, after, left_out=self.left_out, added=self.added
        )

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
            return self._counted_from(today, slot, done)
        if self.catch_up is not CatchUp.COLLAPSE:
            return next(self.slots(slot), None)
        if self.rule.is_timed:
            return next(self.slots(max(slot, done)), None)
        later = self.slots(max(slot, _end_of(today, slot)))
        return next(later, None)

    def passing(self, slot: Slot, now: datetime, today: date) -> Slot | None:
        """Return what comes after this slot was left out: what was not missed meanwhile."""
        if self.mode is Mode.COMPLETION:
            return self._counted_from(max(today, day_of(slot)), slot, max(now, begin_of(slot)))
        if self.catch_up is not CatchUp.COLLAPSE:
            return next(self.slots(slot), None)
        missed = now if self.rule.is_timed else _end_of(today - timedelta(days=1), slot)
        return next(self.slots(max(slot, missed)), None)

    def _counted_from(self, today: date, slot: Slot, done: datetime) -> Slot | None:
        """Count the interval from the day it was done, at the same time of day."""
        start: Slot = today
        if isinstance(slot, datetime):
            hourly = self.rule.frequency is Frequency.HOURLY
            start = (
                done.replace(second=0, microsecond=0)
                if hourly
                else datetime.combine(today, slot.time())
            )
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
    return datetime.combine(day, time(23, 59)) if is_timed(slot) else day


def begin_of(slot: Slot) -> datetime:
    """Return the wall time at which a slot begins."""
    return slot if isinstance(slot, datetime) else datetime.combine(slot, time())


def usual_catch_up(rule: Rule) -> CatchUp:
    """Return what people expect: what comes on most days or oftener collapses, the rest waits."""
    daily = rule.frequency is Frequency.DAILY and rule.interval == 1
    most_days = (
        rule.frequency is Frequency.WEEKLY
        and rule.interval == 1
        and len(rule.by_day) >= WORKDAYS_A_WEEK
    )
    return CatchUp.COLLAPSE if daily or most_days or rule.is_timed else CatchUp.ONE


def simulate(repetition: Repetition, n: int, *, days_late: Sequence[int] = ()) -> list[Slot]:
    """Return the next `n` slots if they are done so many days late (or, below 0, early) each."""
    late = iter(days_late)
    found: list[Slot] = []
    slot = repetition.first()
    left = min(n, repetition.rule.count or n)
    while slot is not None and len(found) < left:
        found.append(slot)
        delay = timedelta(days=next(late, 0))
        slot = repetition.following(slot, begin_of(slot) + delay, day_of(slot) + delay)
    return found


def same_period(rule: Rule, one: Slot, other: Slot) -> bool:
    """Tell whether two slots lie in the same hour, day, week, month or year, as the rule counts."""
    first, second = day_of(one), day_of(other)
    match rule.frequency:
        case Frequency.HOURLY:
            return one == other
        case Frequency.DAILY:
            return first == second
        case Frequency.WEEKLY:
            return week_of(rule, first) == week_of(rule, second)
        case Frequency.MONTHLY:
            return (first.year, first.month) == (second.year, second.month)
        case Frequency.YEARLY:
            return first.year == second.year
        case _:
            assert_never(rule.frequency)
