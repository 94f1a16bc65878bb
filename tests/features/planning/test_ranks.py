from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfos.features.planning.ranks import rank_at, rank_between, spread

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
MOVES = st.lists(st.integers(min_value=0, max_value=1_000_000), max_size=150)


def ascending(ranks: list[str]) -> bool:
    return sorted(set(ranks)) == ranks


def insert_at(ranks: list[str], position: int) -> None:
    before = ranks[position - 1] if position else None
    after = ranks[position] if position < len(ranks) else None
    ranks.insert(position, rank_between(before, after))


@given(MOVES)
def test_between_any_two_ranks_there_is_another(moves: list[int]) -> None:
    ranks = [rank_at(NOW)]
    for move in moves:
        insert_at(ranks, move % (len(ranks) + 1))
    assert ascending(ranks)


@given(st.integers(min_value=1, max_value=150), st.sampled_from(["first", "last"]))
def test_putting_first_or_last_costs_no_length(times: int, end: str) -> None:
    ranks = [rank_at(NOW)]
    for _ in range(times):
        insert_at(ranks, 0 if end == "first" else len(ranks))
    assert ascending(ranks)
    assert max(map(len, ranks)) <= len(rank_at(NOW))


@given(st.integers(min_value=0, max_value=500))
def test_later_rows_rank_later(milliseconds: int) -> None:
    later = NOW + timedelta(milliseconds=milliseconds + 1)
    assert rank_at(NOW) < rank_at(later)
    assert rank_at(NOW, 1) < rank_at(NOW, 2 + milliseconds)


@given(st.integers(min_value=0, max_value=300), st.sampled_from(["both", "low", "high", "none"]))
def test_spreading_fills_any_gap_with_short_ranks(count: int, bounds: str) -> None:
    before = rank_at(NOW) if bounds in {"both", "low"} else None
    after = rank_at(NOW + timedelta(seconds=1)) if bounds in {"both", "high"} else None
    ranks = spread(before, after, count)
    whole = [*([before] if before else []), *ranks, *([after] if after else [])]
    assert len(ranks) == count
    assert ascending(whole)
    assert max(map(len, whole), default=0) <= 14


@pytest.mark.parametrize(("before", "after"), [("a1", "a1"), ("a2", "a1"), ("b00", "az")])
def test_ranks_out_of_order_have_nothing_between(before: str, after: str) -> None:
    with pytest.raises(ValueError, match="not below"):
        rank_between(before, after)


def test_insertions_at_one_spot_grow_by_a_letter_for_about_five() -> None:
    ranks = [rank_at(NOW), rank_at(NOW + timedelta(seconds=1))]
    for _ in range(100):
        insert_at(ranks, 1)
    assert ascending(ranks)
    assert max(map(len, ranks)) <= 14 + 100 / 5 + 5
