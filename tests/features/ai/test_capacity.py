"""What a plan adds to the weeks, and ways to make room that keep every promise they give."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.ai.planner.capacity import (
    TOLERANCE,
    Life,
    Plan,
    WayKind,
    Work,
    forecast,
    ways_to_fit,
)

TODAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)
HOUR = 60.0


def work(number: int, days: int, minutes: float, **more: object) -> Work:
    due = TODAY + timedelta(days=days)
    return Work(id=UUID(int=number), title=f"Work {number}", due=due, minutes=minutes, **more)  # pyright: ignore[reportArgumentType]


@st.composite
def works(draw: st.DrawFn, first: int) -> tuple[Work, ...]:
    count = draw(st.integers(0, 12))
    made = list[Work]()
    for number in range(count):
        days, minutes = draw(st.integers(0, 120)), draw(st.sampled_from([0, 15, 60, 120, 400]))
        slack = draw(st.none() | st.integers(0, 60))
        made.append(
            work(
                first + number,
                days,
                minutes,
                latest=None if slack is None else TODAY + timedelta(days=days + slack),
                fixed=draw(st.sampled_from([False, False, False, True])),
                priority=draw(st.integers(1, 4)),
            )
        )
    return tuple(sorted(made, key=lambda each: each.due))


weekly = st.dictionaries(
    st.integers(0, 20).map(lambda n: MONDAY + timedelta(weeks=n)), st.integers(0, 400), max_size=8
)
lives = st.builds(
    Life,
    today=st.just(TODAY),
    week_start=st.just(0),
    capacity=st.sampled_from([60.0, 300.0, 600.0]),
    promised=works(1),
    steady=weekly,
)
plans = st.builds(Plan, steps=works(100), rhythm=weekly)


@settings(max_examples=80, deadline=None)
@given(life=lives, plan=plans)
def test_no_way_makes_a_week_fuller_that_was_full(life: Life, plan: Plan) -> None:
    for way in ways_to_fit(life, plan):
        as_far = work(999, 0, 0), replace(work(998, 0, 0), due=way.weeks[-1].week_start)
        before = forecast(life, replace(plan, steps=(*plan.steps, *as_far)))
        for was, week in zip(before, way.weeks, strict=False):
            assert week.over <= was.over + TOLERANCE


@settings(max_examples=80, deadline=None)
@given(life=lives, plan=plans)
def test_what_moves_waits_whole_weeks_and_keeps_its_last_day(life: Life, plan: Plan) -> None:
    for way in ways_to_fit(life, plan):
        for move in way.moves:
            assert (move.due - move.work.due).days > 0
            assert (move.due - move.work.due).days % 7 == 0
            assert not move.work.fixed
            assert move.work.latest is None or move.due <= move.work.latest


@settings(max_examples=80, deadline=None)
@given(life=lives, plan=plans)
def test_steps_that_wait_keep_their_order(life: Life, plan: Plan) -> None:
    for way in ways_to_fit(life, plan):
        if way.kind is WayKind.LATER:
            moved = {move.work.id: move.due for move in way.moves}
            days = [moved.get(step.id, step.due) for step in plan.steps]
            assert all(one <= other for one, other in pairwise(days))


@settings(max_examples=80, deadline=None)
@given(life=lives, plan=plans)
def test_a_way_is_offered_only_where_it_helps_and_the_cheapest_comes_first(
    life: Life, plan: Plan
) -> None:
    before = sum(week.added for week in forecast(life, plan))
    ways = ways_to_fit(life, plan)
    assert all(way.left < before for way in ways)
    assert ways == ways_to_fit(life, plan)
    keys = [way.price for way in ways]
    assert keys == sorted(keys)


def test_a_plan_that_fits_needs_no_way() -> None:
    life = Life(today=TODAY, week_start=0, capacity=10 * HOUR, promised=(work(1, 7, 5 * HOUR),))
    plan = Plan(steps=(work(2, 8, 5 * HOUR),))
    week = forecast(life, plan)[1]
    assert (week.promised, week.planned, week.over) == (5 * HOUR, 5 * HOUR, 0)
    assert ways_to_fit(life, plan) == ()


def test_a_full_week_lets_the_plan_or_the_promise_wait_whichever_is_cheaper() -> None:
    promised = work(1, 7, 9 * HOUR, priority=3)
    life = Life(today=TODAY, week_start=0, capacity=10 * HOUR, promised=(promised,))
    first, second = ways_to_fit(life, Plan(steps=(work(2, 8, 2 * HOUR),)))
    assert (first.kind, first.cost, first.left) == (WayKind.LATER, 2.0, 0)
    assert [move.due for move in first.moves] == [TODAY + timedelta(days=15)]
    assert (second.kind, second.cost) == (WayKind.MAKE_ROOM, 18.0)
    assert [move.work for move in second.moves] == [promised]


def test_a_week_that_was_too_full_before_is_not_the_plans_fault() -> None:
    life = Life(today=TODAY, week_start=0, capacity=HOUR, promised=(work(1, 7, 5 * HOUR),))
    weeks = forecast(life, Plan(steps=(work(2, 15, HOUR),)))
    assert [week.over for week in weeks] == [0, 4 * HOUR, 0]
    assert [week.added for week in weeks] == [0, 0, 0]


def test_the_running_week_holds_only_what_is_left_of_it() -> None:
    life = Life(today=TODAY, week_start=0, capacity=7 * HOUR)
    assert [week.capacity for week in forecast(life, Plan(steps=(work(1, 7, 1),)))] == [
        5 * HOUR,
        7 * HOUR,
    ]


def test_a_race_stays_on_its_day_and_nothing_is_put_behind_it() -> None:
    race = work(3, 16, 2 * HOUR, fixed=True)
    life = Life(today=TODAY, week_start=0, capacity=2 * HOUR, promised=(work(1, 7, 2 * HOUR),))
    plan = Plan(steps=(work(2, 8, HOUR), race))
    assert [way.kind for way in ways_to_fit(life, plan)] == [WayKind.MAKE_ROOM]
