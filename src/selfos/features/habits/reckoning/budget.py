"""The skip budget: forgotten days that are forgiven without asking, so many in a month.

A period is forgiven as a whole or not at all, oldest first, and only once its misses are final.
What a month leaves unused is gone with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from selfos.features.habits.reckoning.records import Judgement
from selfos.features.habits.schemas.words import Verdict


def forgive(judgement: Judgement, budget: int) -> set[date]:
    """Turn misses into skips as far as the budget goes; returns the days forgiven."""
    spent: Counter[tuple[int, int]] = Counter()
    forgiven: set[date] = set()
    if budget == 0:
        return forgiven
    for stretch in judgement.stretches:
        if not stretch.lacking:
            continue
        cost = Counter(_months(stretch.lacking))
        if any(spent[month] + n > budget for month, n in cost.items()):
            continue
        spent.update(cost)
        stretch.verdict = Verdict.SKIPPED
        forgiven.update(stretch.lacking)
    for judged in judgement.days:
        if judged.day in forgiven:
            judged.verdict = Verdict.SKIPPED
    return forgiven


def _months(days: Iterable[date]) -> Iterable[tuple[int, int]]:
    return ((day.year, day.month) for day in days)
