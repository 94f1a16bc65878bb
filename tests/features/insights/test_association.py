"""What goes together: hardly anybody sees what is not there, and what is there is found."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from selfos.features.insights.association import (
    LOOKS,
    DayFactor,
    DayOutcome,
    due_look,
    look,
    next_look_at,
    questions,
)
from selfos.features.insights.association.looks import RISK, RISK_PER_LOOK
from selfos.features.insights.wording import association_sentence
from tests.features.insights.days import RUN, live

# Beside the verdict the figure, for `--junitxml`.
Note = Callable[[str, Any], None]
MOOD_AND_RUN = (f"{DayFactor.HABIT}:{RUN}", DayOutcome.MOOD)


def sees_anything(seed: int, days: int, risk: float, **kind: float) -> bool:
    life = live(Random(seed), days, **kind)
    return bool(look(questions(life), risk=risk, random=Random(seed)))


def finds_run(seed: int, days: int, effect: float) -> bool:
    life = live(Random(seed), days, effect=effect, memory=0.3, lasting=0.2)
    found = look(questions(life), risk=RISK_PER_LOOK, random=Random(seed))
    return MOOD_AND_RUN in [(each.key, each.outcome_key) for each in found]


def test_hardly_anybody_sees_what_is_not_there_even_where_days_hang_together() -> None:
    plain = [sees_anything(seed, 42, RISK) for seed in range(25)]
    lasting = [sees_anything(seed, 63, RISK, memory=0.5, lasting=0.5) for seed in range(20)]
    # 45 people at one in twenty: 8 or more would happen twice in 1,000 times.
    assert sum(plain + lasting) < 8


def test_what_is_there_is_found_with_the_right_sign_and_an_interval_around_it() -> None:
    life = live(Random(3), 150, effect=1.3)
    (first, *_) = look(questions(life), risk=RISK_PER_LOOK, random=Random(3))
    assert (first.key, first.outcome_key) == MOOD_AND_RUN
    assert first.low < first.effect < first.high
    assert first.low > 0
    assert first.with_mean > first.without_mean
    assert min(first.with_days, first.without_days) >= 10


def test_below_the_smallest_sample_nothing_is_asked() -> None:
    life = live(Random(5), 27, effect=4)
    assert look(questions(life), risk=1.0, random=Random(5)) == []


def test_the_same_seed_gives_the_same_answer() -> None:
    asked = questions(live(Random(3), 150, effect=1.3))
    first, second = (look(asked, risk=RISK_PER_LOOK, random=Random("a")) for _ in range(2))
    assert first == second


def test_looks_come_when_the_days_have_grown_by_half_and_spend_the_risk_together() -> None:
    assert RISK_PER_LOOK * len(LOOKS) == pytest.approx(RISK)
    assert [due_look(days, 0) for days in (27, 28, 41, 42)] == [None, 1, 1, 2]
    assert (due_look(50, 2), due_look(500, 7), due_look(900, 8)) == (None, 8, None)
    assert (next_look_at(0), next_look_at(8)) == (28, None)


def test_a_sentence_says_days_effect_and_interval_and_claims_no_cause() -> None:
    said = association_sentence(
        DayFactor.HABIT,
        "Run",
        DayOutcome.MOOD,
        days=(23, 31),
        means=(4.1, 3.5),
        effect=(-0.6, -1.0, -0.2),
    )
    assert "On 23 days with “Run”" in said
    assert "on 31 without" in said
    assert "0.6 lower (95 % interval 0.2 to 1.0)" in said
    for word in ("because", "cause", "makes", "improves", "leads"):
        assert word not in said


@pytest.mark.proof
def test_over_a_life_of_looks_one_in_twenty_at_most_sees_anything(
    record_property: Note,
) -> None:
    people = 600
    seen = 0
    for seed in range(people):
        life = {"memory": 0.4, "lasting": 0.4} if seed % 2 else {}
        seen += any(sees_anything(seed, days, RISK_PER_LOOK, **life) for days in LOOKS[:6])
    record_property("seen", f"{seen} of {people}")
    assert seen / people <= RISK, f"{seen} of {people}"


@pytest.mark.proof
@pytest.mark.parametrize(
    ("days", "effect", "least"),
    [(63, 1.0, 0.1), (142, 0.8, 0.5), (213, 0.8, 0.75), (320, 0.5, 0.4)],
)
def test_the_power_is_as_stated(
    days: int, effect: float, least: float, record_property: Note
) -> None:
    people = 60
    found = sum(finds_run(seed, days, effect) for seed in range(people))
    record_property("found", f"{found} of {people}")
    assert found / people >= least, f"{found} of {people}"
