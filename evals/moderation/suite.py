"""Precision and recall of the rules of moderation, for known and for held-out texts."""

from __future__ import annotations

from evals.scores import Score
from tests.features.moderation.test_suite import held_out, known, measured


def scores() -> list[Score]:
    """Return the figures of moderation's rules."""
    found: list[Score] = []
    for name, cases, least in (("known", known(), 0.87), ("held out", held_out(), 0.34)):
        precision, recall = measured(cases)
        found += [
            _line(f"{name}: flagged rightly (precision)", precision, len(cases), 0.99),
            _line(f"{name}: harm found (recall)", recall, len(cases), least),
        ]
    return found


def _line(measure: str, value: float, cases: int, least: float) -> Score:
    return Score(suite="moderation", measure=measure, value=value, cases=cases, least=least)
