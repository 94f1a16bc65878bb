"""Strength, 0 to 1: how firmly a habit sits. It grows with each time and forgets slowly.

The model is that of Loop Habit Tracker: with f the target frequency per day, each day moves the
strength s towards v, the share of the target that was reached, by s ← s·m + v·(1−m) where
m = 0.5^(√f/13). Thirteen done days of a daily habit make one half. A day that asked for nothing
(skipped, paused, not due by rule) leaves s alone; where the days are fixed, one due day is a step
of 1/f days.
"""

from __future__ import annotations

from collections import deque
from math import sqrt

from selfos.features.habits.reckoning.records import Calendar, Judgement, Obligation
from selfos.features.habits.schemas.words import Period, Verdict

DAYS_TO_HALF = 13
RARELY = 1 / 365
COUNTED = frozenset({Verdict.DONE, Verdict.PARTIAL, Verdict.MISSED})
WITHOUT_WEIGHT = frozenset({Verdict.SKIPPED, Verdict.PAUSED, Verdict.OPEN})


def memory(frequency: float) -> float:
    """Return m: the part of the strength that one day leaves standing."""
    return float(0.5 ** (sqrt(frequency) / DAYS_TO_HALF))


def share(obligation: Obligation, reached: float) -> float:
    """Return v: 1 when the target is met; past a limit it falls to 0 at twice the limit."""
    need = obligation.need
    if not obligation.limit:
        return min(1.0, reached / need)
    if reached <= need:
        return 1.0
    return max(0.0, 2.0 - reached / need) if need > 0 else 0.0


def strengths(obligation: Obligation, judgement: Judgement, calendar: Calendar) -> list[float]:
    """Return the strength at the end of each judged day."""
    if obligation.period is Period.DAY:
        return _by_days(obligation, judgement)
    return _by_window(obligation, judgement, calendar)


def _by_days(obligation: Obligation, judgement: Judgement) -> list[float]:
    frequency = _frequency(obligation)
    m = memory(frequency) ** (1 / frequency)
    owed = {s.first for s in judgement.stretches if s.verdict in COUNTED}
    strength, course = 0.0, list[float]()
    for judged in judgement.days:
        if judged.day in owed:
            strength = strength * m + share(obligation, judged.amount) * (1 - m)
        course.append(strength)
    return course


def _frequency(obligation: Obligation) -> float:
    """Return how often a rule's days come, as a share of all days."""
    if obligation.due is None:
        return 1.0
    if len(obligation.due) < 2:  # noqa: PLR2004 - a distance needs two days
        return RARELY
    span = (max(obligation.due) - min(obligation.due)).days
    return (len(obligation.due) - 1) / span


def _by_window(obligation: Obligation, judgement: Judgement, calendar: Calendar) -> list[float]:
    window = obligation.window
    m = memory((obligation.times if obligation.ticked else 1) / window)
    row: deque[float] = deque(maxlen=window)
    strength, course = 0.0, list[float]()
    for judged in judgement.days:
        if judged.verdict not in WITHOUT_WEIGHT and judged.day not in calendar.unlived:
            row.append(float(judged.amount > 0) if obligation.ticked else judged.amount)
            strength = strength * m + share(obligation, sum(row)) * (1 - m)
        course.append(strength)
    return course
