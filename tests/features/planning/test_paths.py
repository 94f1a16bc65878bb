"""The pure core of paths: vectors that browsers can share, and laws that hold for every path."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from selfos.features.planning.paths import (
    Knot,
    Milestone,
    Path,
    Standing,
    exact,
    milestone_path,
    milestones_to_finish,
    restoring,
    share_done,
    standing,
    step_between,
)
from selfos.features.planning.periods import enough, keeping_up, pace_of, period_of
from selfos.features.planning.relaying import direction, relaid, rested
from selfos.features.planning.schemas.words import (
    Counting,
    GoalPeriod,
    PathChangeKind,
    PathState,
)
from selfos.kernel.errors import Invalid
from selfos.kernel.identifiers import new_id

VECTORS = json.loads((File(__file__).parents[2] / "vectors/paths.json").read_text(encoding="utf-8"))
START = date(2026, 1, 1)
KEPT = (PathState.ON, PathState.AHEAD)


def knots(listed: list[Any]) -> tuple[Knot, ...]:
    return tuple(Knot(date.fromisoformat(day), exact(value)) for day, value in listed)


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
def test_vectors(case: dict[str, Any]) -> None:
    path = Path(knots(case["knots"]), exact(case["step"]))
    value, today = exact(case["value"]), date.fromisoformat(case["today"])
    assert standing(path, value, today) == Standing(PathState(case["state"]), case["buffer"])
    if case["asks"] is not None:
        assert path.value_on(today) == Fraction(case["asks"])
    assert path.due_on(today) == exact(case["due"])
    action = restoring(
        path,
        value,
        today,
        week_end=date.fromisoformat(case["week_end"]),
        counting=Counting(case["counting"]),
    )
    shown = action and {
        "by": action.by.isoformat(),
        "amount": float(action.amount),
        "reading": float(action.reading),
    }
    assert shown == case["action"]


numbers = st.integers(-200, 200).map(lambda number: Fraction(number, 2))
offsets = st.integers(-30, 120)


@st.composite
def paths(draw: st.DrawFn) -> Path:
    """Draw a path that goes one way, with flat stretches, in whole, half or tenth steps."""
    gaps = draw(st.lists(st.integers(1, 40), min_size=1, max_size=4))
    rises = draw(st.lists(st.integers(0, 60), min_size=len(gaps), max_size=len(gaps)).filter(any))
    sign = draw(st.sampled_from((1, -1)))
    day, value = START, draw(numbers)
    found = [Knot(day, value)]
    for gap, rise in zip(gaps, rises, strict=True):
        day, value = day + timedelta(days=gap), value + Fraction(sign * rise, 2)
        found.append(Knot(day, value))
    return Path(tuple(found), draw(st.sampled_from((Fraction(1), Fraction(1, 2), Fraction(1, 10)))))


def at(offset: int) -> date:
    return START + timedelta(days=offset)


@given(paths(), offsets)
def test_a_path_meets_its_knots_and_takes_no_leaps_and_never_turns(path: Path, offset: int) -> None:
    assert all(path.value_on(knot.day) == knot.value for knot in path.knots)
    steepest = max(
        abs(after.value - before.value) / (after.day - before.day).days
        for before, after in zip(path.knots, path.knots[1:], strict=False)
    )
    today, tomorrow = path.value_on(at(offset)), path.value_on(at(offset + 1))
    assert abs(tomorrow - today) <= steepest
    assert path.sign * (tomorrow - today) >= 0


@given(paths(), offsets)
def test_only_whole_steps_are_due_and_each_once_the_line_has_reached_it(
    path: Path, offset: int
) -> None:
    assert path.step is not None
    line, due = path.value_on(at(offset)), path.due_on(at(offset))
    assert 0 <= path.sign * (line - due) < path.step
    assert due == path.first.value or ((path.last.value - due) / path.step).denominator == 1
    assert path.sign * (path.due_on(at(offset + 1)) - due) >= 0
    assert path.due_on(path.last.day) == path.last.value
    assert replace(path, step=None).due_on(at(offset)) == line


@given(paths(), numbers, offsets)
def test_the_buffer_ends_on_the_first_day_that_asks_for_more(
    path: Path, value: Fraction, offset: int
) -> None:
    buffer = standing(path, value, at(offset)).buffer
    if buffer is None:
        assert not path.asks_more(value, at(10_000))
        return
    short = at(offset + buffer)
    assert path.asks_more(value, short)
    assert short == path.first.day or not path.asks_more(value, short - timedelta(days=1))


@given(paths(), numbers, offsets, st.integers(0, 6), st.sampled_from(Counting))
def test_the_smallest_action_restores_the_path_and_one_step_less_does_not(
    path: Path, value: Fraction, offset: int, until: int, counting: Counting
) -> None:
    today = at(offset)
    action = restoring(path, value, today, week_end=at(offset + until), counting=counting)
    if action is None:
        assert standing(path, value, today).state in KEPT
        return
    assert today <= action.by
    assert action.amount > 0
    assert action.reading == value + path.sign * action.amount
    assert standing(path, action.reading, action.by).state in KEPT
    less = action.reading - path.sign * (path.step or 1)
    assert standing(path, less, action.by).state not in KEPT


@given(paths(), numbers, offsets, st.integers(0, 7), st.integers(1, 200), numbers)
def test_laying_a_path_anew_never_touches_the_days_before_the_horizon(
    path: Path, value: Fraction, offset: int, horizon: int, length: int, target: Fraction
) -> None:
    turn = at(max(offset, 0) + horizon)
    goal = Knot(turn + timedelta(days=length), target)
    assume(goal != path.last)
    if path.sign * (target - path.value_on(turn)) < 0:
        with pytest.raises(Invalid):
            relaid(path, turn, goal)
        return
    after = relaid(path, turn, goal)
    assert after.last == goal
    for day in range(-5, (turn - START).days + 1):
        assert after.value_on(at(day)) == path.value_on(at(day))
    softer = direction(path, after) is PathChangeKind.EASE
    end = min(path.last.day, after.last.day)
    assert softer == (path.sign * (path.value_on(end) - after.value_on(end)) > 0)


@given(paths(), numbers, offsets, st.integers(0, 7))
def test_a_rest_begins_where_one_stands_and_asks_for_nothing_meanwhile(
    path: Path, value: Fraction, offset: int, rest: int
) -> None:
    today = at(offset)
    assume(standing(path, value, today).state is PathState.OFF)
    after = rested(path, value, today, rest_days=rest, keep_date=False)
    assert after.last.value == path.last.value
    assert after.value_on(at(offset + rest)) == value
    assert (standing(after, value, today).buffer or 0) > rest
    assert standing(after, value, today).state in KEPT


def test_a_path_ends_after_its_horizon_and_after_a_rest() -> None:
    path = Path(knots([["2026-01-01", 0], ["2026-02-01", 31]]))
    for goal in (Knot(date(2026, 1, 9), exact(31)), path.last, Knot(date(2026, 2, 1), exact(3))):
        with pytest.raises(Invalid):
            relaid(path, date(2026, 1, 9), goal)
    with pytest.raises(Invalid):
        rested(path, exact(0), date(2026, 1, 30), rest_days=2, keep_date=True)
    steeper = rested(path, exact(0), date(2026, 1, 29), rest_days=2, keep_date=True)
    assert steeper.last == path.last


def test_steps_are_as_fine_as_the_numbers_of_the_goal() -> None:
    steps = [step_between(*numbers) for numbers in ((0, 24), (80, 72.5), (0.25, 1), (0, 1 / 3))]
    assert steps == [1, Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000)]


@st.composite
def milestone_lists(draw: st.DrawFn) -> list[Milestone]:
    each = st.tuples(st.integers(1, 5), st.integers(0, 60), st.booleans())
    drawn = draw(st.lists(each, min_size=1, max_size=8))
    return [
        Milestone(new_id(), f"Stage {number}", Fraction(weight), at(day), done)
        for number, (weight, day, done) in enumerate(drawn)
    ]


@given(milestone_lists(), offsets, st.integers(0, 6))
@settings(max_examples=60)
def test_milestones_ask_for_what_is_due_and_for_no_more(
    milestones: list[Milestone], offset: int, until: int
) -> None:
    today = at(offset)
    path = milestone_path(milestones)
    assert path is not None
    assert path.value_on(at(61)) == 1
    by, wanted = milestones_to_finish(milestones, today, week_end=at(offset + until))
    state = standing(path, share_done(milestones), today).state
    assert bool(wanted) == (state not in KEPT)
    for finished, kept in ((wanted, True), (wanted[:-1], False)):
        if not wanted:
            break
        ids = {each.id for each in finished}
        then = [
            Milestone(each.id, each.title, each.weight, each.day, each.done or each.id in ids)
            for each in milestones
        ]
        assert (standing(path, share_done(then), by).state in KEPT) == kept


def test_milestones_without_dates_make_no_path() -> None:
    assert milestone_path([]) is None
    assert milestones_to_finish([], START, week_end=START) == (START, [])


@pytest.mark.parametrize(
    ("day", "period", "week_begins", "first", "last"),
    [
        ("2026-01-07", "day", 0, "2026-01-07", "2026-01-07"),
        ("2026-01-07", "week", 0, "2026-01-05", "2026-01-11"),
        ("2026-01-07", "week", 6, "2026-01-04", "2026-01-10"),
        ("2026-01-04", "week", 5, "2026-01-03", "2026-01-09"),
        ("2028-02-29", "month", 0, "2028-02-01", "2028-02-29"),
        ("2026-12-31", "month", 0, "2026-12-01", "2026-12-31"),
    ],
)
def test_periods_hold_their_days(
    day: str, period: str, week_begins: int, first: str, last: str
) -> None:
    found = period_of(date.fromisoformat(day), GoalPeriod(period), week_begins)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("value", "today", "missed", "state", "buffer"),
    [
        (0, "2026-01-05", False, "on", 2),
        (0, "2026-01-07", False, "at_risk", 0),
        (1, "2026-01-07", False, "on", 2),
        (1, "2026-01-09", False, "at_risk", 0),
        (1, "2026-01-09", True, "off", -5),
        (2, "2026-01-07", True, "on", 4),
        (3, "2026-01-07", True, "ahead", 5),
        (4, "2026-01-11", False, "ahead", 1),
        (2, "2026-01-11", False, "at_risk", 0),
    ],
)
def test_three_a_week_by_an_even_pace(
    value: int, today: str, missed: bool, state: str, buffer: int
) -> None:
    week = period_of(date.fromisoformat(today), GoalPeriod.WEEK, 0)
    pace = pace_of(week, Fraction(3), Fraction(1))
    where = keeping_up(pace, Fraction(value), date.fromisoformat(today), missed_before=missed)
    assert where == Standing(PathState(state), buffer)
    if where.state in (PathState.AT_RISK, PathState.OFF):
        action = enough(pace, Fraction(value))
        assert (action.by, action.amount) == (week.last, 3 - value)
