"""What holds whatever is recorded, and wherever somebody travels."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfos.features.habits.reckoning import Calendar, Mark, Obligation, reckon
from selfos.features.habits.schemas.words import HabitType, Period, Verdict
from selfos.features.habits.service.travel import unlived_days
from selfos.features.identity.schemas import WeekStart
from selfos.features.identity.service import UserTime

START = date(2026, 11, 2)
TAKEOFF = datetime(2026, 11, 2, 12, tzinfo=UTC)
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Lord_Howe",
]
AN_HOUR = timedelta(hours=1)

obligations = st.one_of(
    st.builds(Obligation, st.just(HabitType.YES_NO), times=st.integers(1, 3)),
    st.builds(
        Obligation,
        st.sampled_from([HabitType.AT_LEAST, HabitType.AT_MOST, HabitType.DURATION]),
        target=st.floats(0.5, 20),
        period=st.sampled_from([Period.DAY, Period.WEEK, Period.MONTH]),
        forgiven=st.integers(0, 3),
    ),
    st.builds(
        Obligation,
        st.just(HabitType.YES_NO),
        period=st.sampled_from([Period.WEEK, Period.MONTH]),
        times=st.integers(1, 7),
        forgiven=st.integers(0, 3),
    ),
    st.builds(
        Obligation,
        st.sampled_from([HabitType.YES_NO, HabitType.AT_LEAST, HabitType.AT_MOST]),
        period=st.just(Period.ROLLING),
        rolling_days=st.integers(3, 14),
        times=st.integers(1, 3),
        forgiven=st.integers(0, 3),
    ),
    st.builds(Obligation, st.just(HabitType.AVOID), forgiven=st.integers(0, 3)),
)
marks = st.dictionaries(
    st.integers(0, 60).map(lambda n: START + timedelta(days=n)),
    st.builds(Mark, st.floats(0, 30), confirmed=st.booleans(), skipped=st.booleans()),
    max_size=60,
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    today = START + timedelta(days=draw(st.integers(0, 60)))
    pauses = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10)), max_size=2))
    return Calendar(
        START,
        today,
        final_before=today - timedelta(days=draw(st.integers(0, 1))),
        first_weekday=draw(st.sampled_from([0, 5, 6])),
        pauses=[(START + timedelta(days=a), START + timedelta(days=a + n)) for a, n in pauses],
    )


@given(obligations, marks, calendars())
@settings(max_examples=100, deadline=None)
def test_each_day_has_one_verdict_and_the_numbers_stay_within_reason(
    obligation: Obligation, found: Mapping[date, Mark], calendar: Calendar
) -> None:
    reckoning = reckon(obligation, found, calendar)
    last = max([calendar.today, *found])
    days = [judged.day for judged in reckoning.days]
    assert days == [START + timedelta(days=n) for n in range((last - START).days + 1)]
    assert all(0 <= strength <= 1 for strength in reckoning.course)
    assert 0 <= reckoning.streak.current <= reckoning.streak.best <= len(days)
    assert reckoning.streak.days <= len(days)
    if reckoning.rest_until is not None:
        assert reckoning.rest_until > calendar.today


@given(obligations, marks, calendars(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_records_does_not_matter(
    obligation: Obligation,
    found: Mapping[date, Mark],
    calendar: Calendar,
    chance: random.Random,
) -> None:
    shuffled = list(found.items())
    chance.shuffle(shuffled)
    assert reckon(obligation, dict(shuffled), calendar) == reckon(obligation, found, calendar)


@given(marks, calendars())
@settings(max_examples=50, deadline=None)
def test_an_open_today_never_breaks_a_streak(
    found: Mapping[date, Mark], calendar: Calendar
) -> None:
    before = {day: mark for day, mark in found.items() if day < calendar.today}
    habit = Obligation(HabitType.YES_NO)
    yesterday = reckon(habit, before, Calendar(START, calendar.today - timedelta(1), START))
    today = reckon(habit, before, Calendar(START, calendar.today, START))
    assert today.streak.current == yesterday.streak.current


def travelled(flights: list[tuple[int, str]], day_start_minutes: int) -> tuple[UserTime, datetime]:
    """Return the clock of somebody who changes zones after so many hours, and when they land."""
    instant, changes = TAKEOFF, list[tuple[datetime, ZoneInfo]]()
    for hours, name in flights:
        changes.append((instant, ZoneInfo(name)))
        instant += hours * AN_HOUR
    home = changes[-1][1]
    return UserTime(home, day_start_minutes, WeekStart.MONDAY, tuple(changes)), instant


journeys = st.lists(st.tuples(st.integers(1, 100), st.sampled_from(ZONES)), min_size=1, max_size=8)


def check_journey(flights: list[tuple[int, str]], day_start_minutes: int) -> None:
    """Tick every hour of a journey; the streak is the number of days, each ticked or unlived."""
    clock, landed = travelled(flights, day_start_minutes)
    hours = int((landed - TAKEOFF) / AN_HOUR)
    days = {clock.local_day(TAKEOFF + n * AN_HOUR) for n in range(hours + 1)}
    found = dict.fromkeys(days, Mark(1.0))
    today = clock.local_day(landed)
    calendar = Calendar(min(days), today, final_before=today, unlived=unlived_days(clock))
    reckoning = reckon(Obligation(HabitType.YES_NO), found, calendar)
    assert reckoning.streak.current == reckoning.streak.best == len(days)
    assert {judged.verdict for judged in reckoning.days} <= {Verdict.DONE, Verdict.NOT_DUE}


@given(journeys, st.integers(0, 360))
@settings(max_examples=50, deadline=None)
def test_a_flight_neither_breaks_nor_doubles_a_streak(
    flights: list[tuple[int, str]], day_start_minutes: int
) -> None:
    check_journey(flights, day_start_minutes)


@pytest.mark.proof
@given(journeys, st.integers(0, 360))
@settings(max_examples=5_000, deadline=None)
def test_thousands_of_flights_neither_break_nor_double_a_streak(
    flights: list[tuple[int, str]], day_start_minutes: int
) -> None:
    check_journey(flights, day_start_minutes)


def test_a_day_that_the_date_line_took_is_no_miss() -> None:
    flights = [(22, "Pacific/Pago_Pago"), (60, "Pacific/Kiritimati")]
    clock, _ = travelled(flights, 0)
    assert unlived_days(clock) == {date(2026, 11, 3)}
    check_journey(flights, 0)


def test_a_day_of_a_few_hours_asks_for_nothing() -> None:
    """It is nine in the evening in Honolulu, and then one in the afternoon of the next day."""
    clock, _ = travelled([(19, "Pacific/Honolulu"), (60, "Asia/Kolkata")], 0)
    assert clock.local_day(TAKEOFF + 19 * AN_HOUR) == date(2026, 11, 3)
    assert unlived_days(clock) == {date(2026, 11, 3)}


def test_staying_at_home_takes_no_day() -> None:
    clock, _ = travelled([(500, "Europe/Berlin")], 240)
    assert unlived_days(clock) == set()
