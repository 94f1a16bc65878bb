"""Rest: until which day an obligation can be left alone without losing anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from selfos.features.habits.reckoning.records import (
    DAY,
    Calendar,
    Judged,
    Judgement,
    Obligation,
)
from selfos.features.habits.schemas.words import Period, Verdict


def rest_until(obligation: Obligation, judgement: Judgement, calendar: Calendar) -> date | None:
    """Return the next day that matters, if it is not today; None where each day does.

    The judgement must reach far enough ahead to see it.
    """
    if obligation.limit:
        return None
    ahead = [judged for judged in judgement.days if judged.day >= calendar.today]
    if not ahead or ahead[0].verdict is Verdict.PAUSED:
        return None
    if obligation.period is Period.DAY:
        return _next_by_rule(obligation, ahead[0])
    if _is_met(obligation, judgement, calendar):
        _, end = calendar.period_of(calendar.today, obligation.period)
        return end + DAY
    until = _next_tight(ahead)
    return until if until != calendar.today else None


def _next_by_rule(obligation: Obligation, today: Judged) -> date | None:
    if obligation.due is None or today.verdict is Verdict.OPEN:
        return None
    return min((day for day in obligation.due if day > today.day), default=None)


def _is_met(obligation: Obligation, judgement: Judgement, calendar: Calendar) -> bool:
    if obligation.period not in (Period.WEEK, Period.MONTH):
        return False
    around = (s for s in judgement.stretches if s.first <= calendar.today <= s.last)
    return any(stretch.verdict is Verdict.DONE for stretch in around)


def _next_tight(ahead: Sequence[Judged]) -> date | None:
    tight = (each.day for each in ahead if each.tight and each.verdict is Verdict.OPEN)
    return next(tight, None)
