"""Quick-add: our own vectors, and Microsoft's Recognizers cases, which nobody tuned for us."""

from __future__ import annotations

from typing import Any

from bench.quick_add import DATA, measure
from evals.scores import Score
from tests.features.capture.test_grammar import VECTORS, plain, read

SUITE = "quick-add"


def scores() -> list[Score]:
    """Return the figures of the grammar."""
    right = sum(_reads(vector) for vector in VECTORS)
    rows = measure(DATA)
    pinned = {"instants": 0.75, "sets": 1.0, "sets_read": 0.93, "durations": 0.90}
    return [
        _line("own vectors, exact", right, len(VECTORS), 1.0),
        *(
            _line(f"Recognizers, {rows[name].name}", rows[name].hits, rows[name].of, least)
            for name, least in pinned.items()
        ),
        Score(
            suite=SUITE,
            measure="Recognizers, dates where there are none",
            value=rows["false_positives"].share,
            cases=rows["false_positives"].of,
            most=0.10,
        ),
    ]


def _reads(vector: dict[str, Any]) -> bool:
    expected = vector["expect"]
    parsed = read(vector)
    return (parsed.kind, parsed.title, plain(parsed.fields)) == tuple(
        expected[name] for name in ("kind", "title", "fields")
    )


def _line(measure: str, hits: int, of: int, least: float) -> Score:
    return Score(suite=SUITE, measure=measure, value=hits / of, cases=of, least=least)
