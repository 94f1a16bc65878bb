"""All of a habit's reckoning in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from selfos.features.habits.reckoning.budget import forgive
from selfos.features.habits.reckoning.records import (
    DAY,
    NO_MARK,
    Calendar,
    Judged,
    Judgement,
    Mark,
    Obligation,
    Stretch,
)
from selfos.features.habits.reckoning.rest import rest_until
from selfos.features.habits.reckoning.streaks import Streak, streak
from selfos.features.habits.reckoning.strength import strengths
from selfos.features.habits.reckoning.verdicts import judge
from selfos.features.habits.schemas.words import Period, Verdict


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a habit's records amount to today.

    `days` end today, or with the last record where a flight has turned the calendar back;
    `course` is the strength at the end of each. `due` says that leaving today out costs the
    obligation; a limit asks for nothing. `unrecorded` is a yesterday that can still be recorded.
    `reached` of `need` is how far the running period has come.
    """

    days: list[Judged]
    course: list[float]
    stretches: list[Stretch]
    streak: Streak
    today: Judged
    due: bool
    rest_until: date | None
    unrecorded: date | None
    forgiven: set[date]
    reached: float
    need: float

    @property
    def strength(self) -> float:
        """Return the strength as it stands."""
        return self.course[-1] if self.course else 0.0


def reckon(obligation: Obligation, marks: Mapping[date, Mark], calendar: Calendar) -> Reckoning:
    """Judge all days and derive everything else from the verdicts."""
    last = max([calendar.today, *marks])
    whole = judge(obligation, marks, calendar, last + _sight(obligation))
    forgiven = forgive(whole, obligation.forgiven)
    days = [judged for judged in whole.days if judged.day <= last]
    past = Judgement(days, [s for s in whole.stretches if s.first <= last])
    by_day = {judged.day: judged for judged in days}
    today = by_day.get(calendar.today, Judged(calendar.today, Verdict.NOT_DUE))
    return Reckoning(
        days=days,
        course=strengths(obligation, past, calendar),
        stretches=past.stretches,
        streak=streak(obligation, past.stretches, last),
        today=today,
        due=today.verdict is Verdict.OPEN and today.tight and not obligation.limit,
        rest_until=rest_until(obligation, whole, calendar),
        unrecorded=_unrecorded(obligation, by_day.get(calendar.today - DAY)),
        forgiven=forgiven,
        reached=_reached(obligation, marks, calendar),
        need=obligation.need,
    )


def _sight(obligation: Obligation) -> timedelta:
    """Return how far ahead the next day that matters can lie, for obligations of many days."""
    return timedelta(days=0 if obligation.period is Period.DAY else 2 * obligation.window)


def _unrecorded(obligation: Obligation, yesterday: Judged | None) -> date | None:
    if yesterday is None or obligation.limit:
        return None
    waits = yesterday.verdict is Verdict.OPEN and yesterday.tight
    return yesterday.day if waits else None


def _reached(obligation: Obligation, marks: Mapping[date, Mark], calendar: Calendar) -> float:
    """Return the ticks or the amount of the running period."""
    match obligation.period:
        case Period.DAY:
            first = calendar.today
        case Period.WEEK | Period.MONTH:
            first, _ = calendar.period_of(calendar.today, obligation.period)
        case Period.ROLLING:
            first = calendar.today - timedelta(days=obligation.window - 1)
    span = (calendar.today - first).days + 1
    amounts = (marks.get(first + n * DAY, NO_MARK).amount for n in range(span))
    if obligation.ticked and obligation.period is not Period.DAY:
        return float(sum(amount > 0 for amount in amounts))
    return sum(amounts)
