"""Obligations for a calendar week or month, on days of one's own choice.

Days set aside (skipped, paused, never lived) shrink the obligation in proportion. The period in
which a habit begins may be too short to be fair, so it can be met but not failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from selfos.features.habits.reckoning.records import (
    DAY,
    NO_MARK,
    Calendar,
    Judged,
    Judgement,
    Mark,
    Obligation,
    Stretch,
    each_day,
    set_aside,
)
from selfos.features.habits.schemas.words import Verdict

# Shares of an amount are fractions; this much short of it is a matter of arithmetic.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Span:
    """One period laid out: its days since the start, and those that ask for nothing."""

    days: Sequence[date]
    aside: Mapping[date, Verdict]
    marks: Mapping[date, Mark]
    need: float
    begins_it: bool

    @property
    def free(self) -> list[date]:
        """Return the days on which something could be done."""
        return [day for day in self.days if day not in self.aside]

    def amount(self, day: date) -> float:
        """Return what was recorded on a day."""
        return self.marks.get(day, NO_MARK).amount

    def nothing_owed(self) -> Verdict:
        """Return the verdict on a period of which every day was set aside."""
        skipped = Verdict.SKIPPED in self.aside.values()
        return Verdict.SKIPPED if skipped else Verdict.PAUSED


def judge_calendar(
    obligation: Obligation, marks: Mapping[date, Mark], calendar: Calendar, last: date
) -> Judgement:
    """Judge whole periods; days after `last` count as still to come."""
    judgement = Judgement()
    first, end = calendar.period_of(calendar.start, obligation.period)
    while first <= last:
        span = _span(obligation, marks, calendar, first, end)
        if obligation.limit:
            days, stretch = _judge_limit(span, calendar, obligation.need)
        elif obligation.ticked:
            days, stretch = _judge_ticks(span, calendar)
        else:
            days, stretch = _judge_amounts(span, calendar)
        judgement.days += [judged for judged in days if judged.day <= last]
        judgement.stretches.append(stretch)
        first, end = calendar.period_of(end + DAY, obligation.period)
    return judgement


def _span(
    obligation: Obligation,
    marks: Mapping[date, Mark],
    calendar: Calendar,
    first: date,
    end: date,
) -> Span:
    days = list(each_day(max(first, calendar.start), end))
    aside: dict[date, Verdict] = {}
    for day in days:
        mark = marks.get(day, NO_MARK)
        met = not obligation.limit and mark.amount > 0
        reason = set_aside(mark, calendar, day, met=met)
        # What was done on a paused day still counts; what was let slip then does not.
        if reason is not None and not met:
            aside[day] = reason
    share = (len(days) - len(aside)) / ((end - first).days + 1)
    need = obligation.need * share
    if obligation.ticked:
        need = ceil(need - ROUNDING)
    return Span(days, aside, marks, need, begins_it=calendar.start > first)


def _judge_ticks(span: Span, calendar: Calendar) -> tuple[list[Judged], Stretch]:
    ticks = sum(span.amount(day) > 0 for day in span.days)
    rest = len(span.free) - int(span.need)
    met = ticks >= span.need
    judged: list[Judged] = []
    for day in span.days:
        tight = not met and rest <= 0
        verdict = _left_out(span, calendar, day, met=met, tight=tight)
        if span.amount(day) > 0:
            verdict = Verdict.DONE
        elif day not in span.aside:
            rest -= 1
        judged.append(Judged(day, verdict, span.amount(day), tight=tight))
    lacking = tuple(each.day for each in judged if each.verdict is Verdict.MISSED)
    return judged, _stretch(span, met=met, some=ticks > 0, lacking=lacking)


def _judge_amounts(span: Span, calendar: Calendar) -> tuple[list[Judged], Stretch]:
    total = sum(map(span.amount, span.days))
    met = total >= span.need - ROUNDING
    free = span.free
    judged: list[Judged] = []
    for day in span.days:
        tight = not met and day == free[-1]
        verdict = _left_out(span, calendar, day, met=met, tight=tight)
        if span.amount(day) > 0:
            verdict = Verdict.DONE if met else Verdict.PARTIAL
        judged.append(Judged(day, verdict, span.amount(day), tight=tight))
    over = bool(free) and calendar.is_final(free[-1])
    lacking = (free[-1],) if over and not met and not span.begins_it else ()
    return judged, _stretch(span, met=met, some=total > 0, lacking=lacking)


def _left_out(span: Span, calendar: Calendar, day: date, *, met: bool, tight: bool) -> Verdict:
    """Return the verdict on a day without a record."""
    if day in span.aside:
        return span.aside[day]
    if met:
        return Verdict.NOT_DUE
    if tight and calendar.is_final(day):
        return Verdict.NOT_DUE if span.begins_it else Verdict.MISSED
    return Verdict.OPEN if tight or day >= calendar.today else Verdict.NOT_DUE


def _stretch(span: Span, *, met: bool, some: bool, lacking: tuple[date, ...]) -> Stretch:
    if not span.free:
        verdict = span.nothing_owed()
    elif met:
        verdict = Verdict.DONE
    elif lacking:
        verdict = Verdict.PARTIAL if some else Verdict.MISSED
    else:
        verdict = Verdict.OPEN
    return Stretch(span.days[0], span.days[-1], verdict, lacking)


def _judge_limit(span: Span, calendar: Calendar, limit: float) -> tuple[list[Judged], Stretch]:
    total, broken_on = 0.0, None
    judged: list[Judged] = []
    for day in span.days:
        amount = span.amount(day)
        mark = span.marks.get(day, NO_MARK)
        if day in span.aside:
            verdict = span.aside[day]
        else:
            total += amount
            if total > limit:
                verdict = Verdict.MISSED if amount > 0 else Verdict.NOT_DUE
                broken_on = broken_on or day
            else:
                kept = mark.confirmed or calendar.is_final(day)
                verdict = Verdict.DONE if kept else Verdict.OPEN
        judged.append(Judged(day, verdict, amount))
    if broken_on is not None:
        lacking = (broken_on,) if calendar.is_final(broken_on) else ()
        return judged, Stretch(span.days[0], span.days[-1], Verdict.MISSED, lacking)
    if not span.free:
        return judged, Stretch(span.days[0], span.days[-1], span.nothing_owed())
    over = calendar.is_final(span.days[-1])
    verdict = Verdict.DONE if over else Verdict.OPEN
    return judged, Stretch(span.days[0], span.days[-1], verdict)
