"""The numeric models behind the plans."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfos.features.ai.planner.numbers import number
from selfos.features.ai.planner.progressions import (
    capped_growth,
    interpolate,
    monthly_payment,
    months_to_clear,
    quarter_marks,
    weeks_to_peak,
)


@given(
    start=st.floats(1, 20),
    factor=st.floats(1, 8),
    weeks=st.integers(1, 80),
    least_step=st.floats(0.1, 2),
)
def test_training_never_grows_faster_than_allowed(
    start: float, factor: float, weeks: int, least_step: float
) -> None:
    peak = start * factor
    values = capped_growth(start, peak, weeks, least_step)
    hard = [value for week, value in enumerate(values, start=1) if week % 4]
    assert len(values) == weeks
    assert all(b <= max(a * 1.1, a + least_step) + 1e-9 for a, b in pairwise(hard))
    assert max(values) <= peak + 1e-9
    if weeks >= weeks_to_peak(start, peak, least_step):
        assert max(values) == pytest.approx(peak)


def test_every_fourth_week_is_lighter() -> None:
    values = capped_growth(10, 30, 16, 1)
    assert all(values[week - 1] < values[week - 2] for week in (4, 8, 12, 16))


@given(balance=st.floats(100, 1e6), rate=st.floats(0, 40), months=st.integers(2, 360))
def test_the_annuity_clears_the_balance_in_its_months(
    balance: float, rate: float, months: int
) -> None:
    payment, left = monthly_payment(balance, rate, months), balance
    for _ in range(months):
        left = left * (1 + rate / 1200) - payment
    assert left == pytest.approx(0, abs=balance * 1e-4)
    assert months_to_clear(balance, rate, payment) == pytest.approx(months, rel=1e-4)


def test_a_payment_below_the_interest_never_clears() -> None:
    assert months_to_clear(10_000, 24, 200) is None
    assert months_to_clear(10_000, 0, 200) == 50


def test_quarters_and_lines() -> None:
    assert quarter_marks(0, 12) == [3, 6, 9, 12]
    assert interpolate(((0, 0), (10, 20)), 5) == 10
    assert interpolate(((0, 0), (10, 20)), 99) == 20


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5,000", 5000),
        ("5.000", 5000),
        ("1 000", 1000),
        ("2.5", 2.5),
        ("a dozen", 12),
        ("x", None),
        ("nan", None),
        ("9" * 400, None),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float | None) -> None:
    assert number(text) == value
