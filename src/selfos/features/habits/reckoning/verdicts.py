"""One verdict for each day, and for each period.

Where the days are open, a person has rest to spend: days that can be left out while the rest of
the period still suffices. A day left out is not due while rest remains, and missed after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from selfos.features.habits.reckoning.calendars import judge_calendar
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
from selfos.features.habits.reckoning.rolling import judge_rolling
from selfos.features.habits.schemas.words import Period, Verdict

FAILED = frozenset({Verdict.MISSED, Verdict.PARTIAL})


def judge(
    obligation: Obligation, marks: Mapping[date, Mark], calendar: Calendar, last: date
) -> Judgement:
    """Judge every day from the start to `last`, which may lie ahead of today."""
    match obligation.period:
        case Period.DAY:
            return _judge_daily(obligation, marks, calendar, last)
        case Period.WEEK | Period.MONTH:
            return judge_calendar(obligation, marks, calendar, last)
        case Period.ROLLING:
            return judge_rolling(obligation, marks, calendar, last)


def _judge_daily(
    obligation: Obligation, marks: Mapping[date, Mark], calendar: Calendar, last: date
) -> Judgement:
    judgement = Judgement()
    for day in each_day(calendar.start, last):
        mark = marks.get(day, NO_MARK)
        met = not obligation.limit and mark.amount >= obligation.need
        aside = set_aside(mark, calendar, day, met=met)
        if aside is None and obligation.due is not None and day not in obligation.due:
            aside = Verdict.NOT_DUE
        verdict = _verdict(obligation, mark, aside, is_final=calendar.is_final(day))
        judgement.days.append(Judged(day, verdict, mark.amount, tight=aside is None))
        if aside is None:
            lacking = (day,) if verdict in FAILED and calendar.is_final(day) else ()
            judgement.stretches.append(Stretch(day, day, verdict, lacking))
    return judgement


def _verdict(
    obligation: Obligation, mark: Mark, aside: Verdict | None, *, is_final: bool
) -> Verdict:
    if obligation.limit:
        return _limit_verdict(obligation.need, mark, aside, is_final=is_final)
    if mark.amount >= obligation.need:
        return Verdict.DONE
    if aside is not None:
        return aside
    if not is_final:
        return Verdict.OPEN
    return Verdict.PARTIAL if mark.amount > 0 else Verdict.MISSED


def _limit_verdict(limit: float, mark: Mark, aside: Verdict | None, *, is_final: bool) -> Verdict:
    """While a day runs, silence is neither success nor failure."""
    if aside is not None:
        return aside
    if mark.amount > limit:
        return Verdict.MISSED
    return Verdict.DONE if is_final or mark.confirmed else Verdict.OPEN
