"""No suite of the evals falls below what it has reached, and the page says what they give."""

from collections.abc import Callable

import pytest

from evals.__main__ import PAGE, SUITES
from evals.scores import Score


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.__module__)
def test_no_suite_falls_below_its_threshold(suite: Callable[[], list[Score]]) -> None:
    scores = suite()
    assert [score.measure for score in scores if not score.holds] == []
    page = PAGE.read_text("utf-8")
    missing = [score.row() for score in scores if f"| {' | '.join(score.row())} |" not in page]
    assert not missing, "run `python -m evals --write`"
