"""Obligations for any so many days in a row: x times, or an amount, in y days.

Days set aside stand outside of the row, as if they had not been. A miss is settled by having been
missed, so a neglected habit is missed x times in y days and not every day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import date

from selfos.features.habits.reckoning.records import (
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


def judge_rolling(
    obligation: Obligation, marks: Mapping[date, Mark], calendar: Calendar, last: date
) -> Judgement:
    """Judge day by day, each at the end of its own row of days."""
    walk = _Ticks(obligation, calendar) if obligation.ticked else _Amounts(obligation, calendar)
    judgement = Judgement()
    for day in each_day(calendar.start, last):
        mark = marks.get(day, NO_MARK)
        met = not obligation.limit and mark.amount > 0
        aside = set_aside(mark, calendar, day, met=met)
        if aside is not None and not met:
            judgement.days.append(Judged(day, aside, mark.amount))
            continue
        judged, outcome = walk.step(day, mark)
        judgement.days.append(judged)
        if outcome is not None:
            failed = outcome in (Verdict.MISSED, Verdict.PARTIAL)
            lacking = (day,) if failed and calendar.is_final(day) else ()
            judgement.stretches.append(Stretch(day, day, outcome, lacking))
    return judgement


class _Ticks:
    """Ticked days: of y days in a row, y - x can be rest."""

    def __init__(self, obligation: Obligation, calendar: Calendar) -> None:
        self.rests = obligation.window - obligation.times
        self.row: deque[bool] = deque(maxlen=obligation.window - 1)
        self.calendar = calendar

    def step(self, day: date, mark: Mark) -> tuple[Judged, Verdict | None]:
        if mark.amount > 0:
            self.row.append(True)
            return Judged(day, Verdict.DONE, mark.amount), Verdict.DONE
        tight = self.row.count(False) >= self.rests
        missed = tight and self.calendar.is_final(day)
        self.row.append(missed)
        if missed:
            return Judged(day, Verdict.MISSED, tight=True), Verdict.MISSED
        still_open = tight or day >= self.calendar.today
        verdict = Verdict.OPEN if still_open else Verdict.NOT_DUE
        return Judged(day, verdict, tight=tight), None


class _Amounts:
    """An amount to reach, or to stay below, in any y days."""

    def __init__(self, obligation: Obligation, calendar: Calendar) -> None:
        self.need, self.limit = obligation.need, obligation.limit
        self.row: deque[float] = deque(maxlen=obligation.window - 1)
        self.calendar = calendar

    def step(self, day: date, mark: Mark) -> tuple[Judged, Verdict | None]:
        is_full = len(self.row) == self.row.maxlen
        total = sum(self.row) + mark.amount
        self.row.append(mark.amount)
        if self.limit:
            return self._below(day, mark, total)
        some = mark.amount > 0
        if total >= self.need:
            verdict = Verdict.DONE if some else Verdict.NOT_DUE
            return Judged(day, verdict, mark.amount), Verdict.DONE if some else None
        final = self.calendar.is_final(day)
        if is_full and final:
            self.row.clear()
            failed = Verdict.PARTIAL if some else Verdict.MISSED
            return Judged(day, failed, mark.amount, tight=True), failed
        still_open = is_full or day >= self.calendar.today
        verdict = Verdict.OPEN if still_open else Verdict.NOT_DUE
        return Judged(day, Verdict.PARTIAL if some else verdict, mark.amount, tight=is_full), None

    def _below(self, day: date, mark: Mark, total: float) -> tuple[Judged, Verdict | None]:
        if total > self.need:
            verdict = Verdict.MISSED if mark.amount > 0 else Verdict.NOT_DUE
            return Judged(day, verdict, mark.amount), verdict
        kept = mark.confirmed or self.calendar.is_final(day)
        verdict = Verdict.DONE if kept else Verdict.OPEN
        return Judged(day, verdict, mark.amount), verdict
