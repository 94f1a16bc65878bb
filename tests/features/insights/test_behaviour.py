"""How somebody works: counted, with its number and interval, silent below a least number."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from selfos.features.insights.behaviour import (
    best_hours,
    days_before,
    estimates,
    load,
    share_of,
    slips,
    stretch,
)
from selfos.features.insights.wording import estimates_sentence

TODAY = date(2026, 5, 20)


def test_slips_count_what_was_not_done_by_its_date() -> None:
    day = TODAY - timedelta(days=9)
    kept, late, never = (day, day), (day, day + timedelta(days=1)), (day, None)
    assert slips([kept] * 19, 0) is None
    found = slips([kept] * 15 + [late] * 3 + [never] * 2, 4)
    assert found is not None
    assert (found.late.count, found.late.of, found.put_off) == (5, 20, 4)
    assert found.late.low < 0.25 < found.late.high


def test_best_hours_stand_out_or_are_not_named() -> None:
    assert best_hours([9] * 29) is None
    assert best_hours([6 + i % 16 for i in range(64)]) is None
    found = best_hours([9, 10, 11] * 12 + [15, 20] * 6)
    assert found is not None
    assert (found.first, found.last, found.done.count, found.done.of) == (9, 12, 36, 48)


def test_load_compares_what_was_planned_for_a_day_with_what_was_done_of_it() -> None:
    days = days_before(TODAY, 28)
    a, b, c = (UUID(int=i) for i in range(3))
    planned = {day: {a, b} for day in days[:10]}
    done = {day: {a, c} for day in days}
    assert load(days, {day: {a} for day in days[:9]}, done) is None
    found = load(days, planned, done)
    assert found is not None
    assert (found.days, found.planned, found.kept, found.done) == (10, 2.0, 1.0, 2.0)


def test_plans_stretch_by_the_middle_one_with_an_interval_of_two_of_them() -> None:
    def plan(meant: int, took: int) -> tuple[date, date, date]:
        return TODAY, TODAY + timedelta(days=meant), TODAY + timedelta(days=took)

    assert stretch([plan(10, 20)] * 5 + [plan(0, 9)]) is None
    found = stretch(plan(10, took) for took in (5, 10, 12, 15, 18, 20))
    assert found is not None
    assert (found.late.count, found.late.of) == (4, 6)
    assert (found.median, found.low, found.high) == (pytest.approx(1.35), 0.5, 2.0)
    more = stretch(plan(10, took) for took in range(1, 21))
    assert more is not None
    # Of 20 the 6th and the 15th hold the median with 95.9 %.
    assert (more.median, more.low, more.high) == (pytest.approx(1.05), 0.6, 1.5)


def test_a_share_keeps_an_interval_at_the_ends() -> None:
    assert (share_of(0, 20).low, share_of(20, 20).high) == (0.0, 1.0)
    assert 0.1 < share_of(0, 20).high < 0.2


def test_estimates_are_held_against_what_tasks_took_from_ten_on() -> None:
    took = [(30.0, 30.0 * times) for times in (1.1, 1.2, 1.3, 1.4, 1.4, 1.5, 1.6, 1.9, 2.5)]
    assert estimates(took) is None
    # What was not measured, or meant to take nothing, is no tenth.
    assert estimates([*took, (0.0, 9.0), (9.0, 0.0)]) is None
    found = estimates([*took, (60.0, 48.0)])
    assert found is not None
    assert (round(found.median, 2), found.late.count, found.late.of) == (1.4, 9, 10)
    assert found.low <= found.median <= found.high
    assert "is open" not in estimates_sentence(found)
    even = estimates([(30.0, 30.0 * times / 10) for times in range(6, 16)])
    assert even is not None
    assert "is open" in estimates_sentence(even)
