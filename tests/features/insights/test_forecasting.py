"""When a goal may be reached: intervals that are met as often as they say, and say why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from selfos.features.insights.behaviour import Share
from selfos.features.insights.forecasting import Week, foresee, missing_weeks
from selfos.features.insights.forewords import forecast_sentence, reliability_sentence, why_sentence
from selfos.features.insights.reliability import Kept, Level, levels
from tests.features.insights.goals import TODAY, try_forecast

# Beside the verdict the figure, for `--junitxml`.
Note = Callable[[str, Any], None]


def met(people: int, weeks: int) -> tuple[int, int]:
    """Return how many 80 % intervals held the day, of how many."""
    tried = [try_forecast(seed * 31 + weeks, weeks) for seed in range(people)]
    found = [each for each in tried if each is not None]
    held = sum(
        (forecast.low or date.max) <= day <= (forecast.high or date.max) for forecast, day in found
    )
    return held, len(found)


def test_the_interval_of_80_percent_holds_about_80_percent() -> None:
    results = [met(110, weeks) for weeks in (5, 8, 12, 26)]
    held, people = map(sum, zip(*results, strict=True))
    # Three standard errors of a share of 400.
    assert 0.74 < held / people < 0.86, results


@pytest.mark.proof
@pytest.mark.parametrize("weeks", [5, 8, 12, 26, 40])
def test_it_holds_75_to_85_percent_after_few_weeks_and_after_many(
    weeks: int, record_property: Note
) -> None:
    held, people = met(1_500, weeks)
    record_property("held", f"{held} of {people}")
    assert 0.75 <= held / people <= 0.85, f"{held} of {people}"


def test_an_even_pace_is_foreseen_and_growth_puts_it_off() -> None:
    even, growing = [Week(2.0)] * 12, [Week(2.0, 1.0)] * 12
    found = foresee(even, 20, TODAY, random=Random(1), lives=400)
    assert found.low is not None
    assert found.median is not None
    assert found.high is not None
    assert abs((found.median - TODAY).days - 70) < 10
    assert found.low < found.median < found.high
    later = foresee(growing, 20, TODAY, random=Random(1), lives=400)
    assert later.median is not None
    assert later.median > found.median + timedelta(days=30)
    assert (found.per_week, later.growth) == (2.0, 1.0)
    assert 0.5 <= found.chance_by(found.median) < 0.6
    assert found == foresee(even, 20, TODAY, random=Random(1), lives=400)


def test_recent_weeks_count_more() -> None:
    faster = [Week(1.0)] * 20 + [Week(4.0)] * 10
    slower = [Week(4.0)] * 10 + [Week(1.0)] * 20
    soon, late = (
        foresee(each, 30, TODAY, random=Random(2), lives=300) for each in (faster, slower)
    )
    assert soon.median is not None
    assert late.median is not None
    assert soon.median < late.median


def test_too_little_history_is_said_and_what_is_out_of_sight_as_well() -> None:
    assert missing_weeks([Week(3.0)] * 3) == "3 of 4 whole weeks so far"
    assert "2 of 3 weeks" in str(missing_weeks([Week(1.0), Week(0), Week(0), Week(1.0)]))
    assert missing_weeks([Week(1.0)] * 4) is None
    lost = foresee([Week(1.0, 2.0)] * 10, 30, TODAY, random=Random(3), lives=200)
    assert (lost.median, lost.high) == (None, None)
    assert "not in sight" in forecast_sentence(lost, TODAY)


def test_sentences_give_median_interval_and_reason() -> None:
    found = foresee([Week(2.0, 0.5)] * 12, 20, TODAY, random=Random(1), lives=300)
    assert forecast_sentence(found, TODAY).startswith("As likely as not by ")
    assert "(80 %) between" in forecast_sentence(found, TODAY)
    why = why_sentence(20, "runs", found)
    assert why.startswith("20 runs remain. Over 12 weeks")
    assert "while 0.5 a week were added" in why


def test_reliability_counts_only_days_that_have_come() -> None:
    past, ahead = TODAY - timedelta(days=10), TODAY + timedelta(days=10)
    kept = [
        Kept((past, past, past, ahead, None), past - timedelta(days=1)),
        Kept((past, past, ahead, ahead, None), None),
        Kept((past, ahead, ahead, ahead, ahead), TODAY - timedelta(days=1)),
    ]
    found = levels(kept, TODAY)
    counted = [(each.level, each.happened.count, each.happened.of) for each in found]
    assert counted == [(0.1, 1, 3), (0.25, 1, 2), (0.5, 1, 1)]
    assert "No day" in reliability_sentence([])
    assert "8 were (80 %)" in reliability_sentence([Level(0.9, Share(8, 10, 0.5, 0.9))])
