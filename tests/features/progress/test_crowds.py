"""Whatever is asked, in whatever order, nothing about fewer than five who did not agree is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from selfos.features.progress.crowds import (
    CROWD,
    STEP,
    WEEK,
    Agreement,
    Crowd,
    last_week_over,
    periods_told,
    sums_of_agreed,
    sums_of_all,
    weeks_ahead,
)
from selfos.features.progress.spans import Unit

PEOPLE = [UUID(int=number) for number in range(1, 9)]
A_MONDAY = date(2024, 7, 1)
WEEKS = [A_MONDAY + WEEK * on for on in range(4)]
PERIODS = [*([week] for week in WEEKS), WEEKS]
Amounts = dict[tuple[UUID, date], tuple[int, ...]]

amounts = st.dictionaries(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(WEEKS)), st.tuples(st.integers(0, 9))
)


def with_zeros(zeros: set[tuple[UUID, date]]) -> Amounts:
    """Return a busy month of eight in which some did nothing in some weeks."""
    keys = [(each, week) for each in PEOPLE for week in WEEKS]
    return {key: (0 if key in zeros else 3,) for key in keys}


places = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(WEEKS))
parts_of_many = st.one_of(amounts, st.sets(places, max_size=20).map(with_zeros))
days = st.integers(-9, 60).map(lambda on: A_MONDAY + timedelta(days=on))


@dataclass(frozen=True)
class Toggle:
    """Somebody says yes, or takes it back, or comes to manage the workspace."""

    day: date
    person: UUID
    what: str


toggles = st.lists(
    st.builds(
        Toggle, days, st.sampled_from(PEOPLE), st.sampled_from(["yes", "no", "look", "look away"])
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda each: each.day))


def crowds_over_time(found: Sequence[Toggle]) -> Iterator[tuple[date, Crowd]]:
    """Yield who stood where after each toggle, from the first day on."""
    agreements: dict[UUID, list[Agreement]] = {}
    lookers: set[UUID] = {PEOPLE[0]}
    yield A_MONDAY - WEEK * 2, Crowd(frozenset(lookers), {})
    for each in found:
        mine = agreements.setdefault(each.person, [])
        standing = mine and mine[-1].until is None
        if each.what == "yes" and not standing:
            mine.append(Agreement(each.day))
        elif each.what == "no" and standing:
            mine[-1] = Agreement(mine[-1].first, each.day)
        elif each.what == "look":
            lookers.add(each.person)
        elif each.what == "look away" and each.person != PEOPLE[0]:
            lookers.discard(each.person)
        kept = {person: tuple(rows) for person, rows in agreements.items()}
        yield each.day, Crowd(frozenset(lookers), kept)


def answers(parts: Mapping[tuple[UUID, date], tuple[int, ...]], crowd: Crowd) -> object:
    return sums_of_all(parts, PERIODS, crowd), sums_of_agreed(parts, PERIODS, crowd, width=1)


@given(parts=parts_of_many, more=amounts, agreed=st.sets(st.sampled_from(PEOPLE), min_size=3))
def test_a_small_team_is_told_nothing_of_those_who_did_not_agree(
    parts: Amounts, more: Amounts, agreed: set[UUID]
) -> None:
    hidden = [each for each in PEOPLE[1:] if each not in agreed]
    team = [PEOPLE[0], *agreed, *hidden[: CROWD - 1]]
    before = {key: value for key, value in parts.items() if key[0] in team}
    crowd = Crowd(frozenset(PEOPLE[:1]), {each: [Agreement(A_MONDAY - WEEK)] for each in agreed})
    changed = {key: value for key, value in more.items() if key[0] in hidden[: CROWD - 1]}
    kept = {key: value for key, value in before.items() if key[0] in agreed}
    assert answers(before, crowd) == answers({**kept, **changed}, crowd)


@given(parts=parts_of_many, found=toggles)
def test_no_answers_taken_together_leave_fewer_than_five(
    parts: Amounts, found: list[Toggle]
) -> None:
    """Every sum and difference of all that was ever told, over every change of who agrees."""
    hidden: dict[date, set[UUID]] = {week: set() for week in WEEKS}
    told: set[tuple[date, ...]] = set()
    for day, crowd in crowds_over_time(found):
        over = [each for each in PERIODS if each[-1] + WEEK <= day]
        for week in WEEKS:
            hidden[week] |= {
                person
                for (person, on), value in parts.items()
                if on == week and any(value) and crowd.hides(person, week)
            }
        sums = sums_of_all(parts, over, crowd)
        told |= {tuple(each) for each, value in zip(over, sums, strict=True) if value is not None}
    for signs in product((-1, 0, 1), repeat=len(told)):
        left = dict.fromkeys(WEEKS, 0)
        for sign, period in zip(signs, told, strict=True):
            for week in period:
                left[week] += sign
        behind = {person for week in WEEKS if left[week] for person in hidden[week]}
        assert len(behind) >= CROWD or not any(left.values())


@given(parts=parts_of_many, found=toggles)
def test_a_yes_never_moves_a_sum_of_weeks_before_it(parts: Amounts, found: list[Toggle]) -> None:
    """Else who was there before and after could be told apart from the rest."""
    first = Crowd(frozenset(PEOPLE[:1]), {})
    said: dict[date, dict[UUID, bool]] = {week: {} for week in WEEKS}
    for day, crowd in [(A_MONDAY - WEEK, first), *crowds_over_time(found)]:
        for week in WEEKS:
            for person in PEOPLE:
                agrees = crowd.agrees(person, week)
                # A later yes does not bring a week in that had begun without it.
                assert not (agrees and day > week and not said[week].get(person, False))
                said[week][person] = agrees or said[week].get(person, False)
        for all_of, value in zip(PERIODS, sums_of_all(parts, PERIODS, crowd), strict=True):
            whole = sum(amount for (_, week), (amount,) in parts.items() if week in all_of)
            assert value is None or abs(value[0] - whole) <= STEP // 2


def test_five_who_did_nothing_are_no_crowd() -> None:
    parts = {(each, A_MONDAY): (0 if number < 4 else 2,) for number, each in enumerate(PEOPLE)}
    assert sums_of_all(parts, [[A_MONDAY]], Crowd()) == [None]
    parts[PEOPLE[0], A_MONDAY] = (1,)
    assert sums_of_all(parts, [[A_MONDAY]], Crowd()) == [(10,)]
    looking = Crowd(frozenset(PEOPLE[:1]))
    assert sums_of_all(parts, [[A_MONDAY]], looking) == [None]


def test_a_month_is_told_only_if_each_of_its_weeks_is() -> None:
    weeks = WEEKS[:2]
    everybody = {(each, weeks[0]): (1,) for each in PEOPLE}
    one_more = {**everybody, (PEOPLE[0], weeks[1]): (7,)}
    periods = [[weeks[0]], [weeks[1]], weeks]
    assert sums_of_all(one_more, periods, Crowd()) == [(10,), None, None]
    twice = {**everybody, **{(each, weeks[1]): (1,) for each in PEOPLE}}
    assert sums_of_all(twice, periods, Crowd()) == [(10,), (10,), (15,)]


def test_weeks_are_told_once_they_are_over_everywhere() -> None:
    monday_noon = datetime(2024, 7, 8, 12, tzinfo=UTC)
    assert last_week_over(monday_noon) == date(2024, 6, 24)
    assert last_week_over(monday_noon + timedelta(days=1)) == A_MONDAY
    assert weeks_ahead(monday_noon)[0] == [date(2024, 7, 8)]


@given(now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_months_are_their_whole_weeks_and_follow_each_other(now: datetime) -> None:
    months = periods_told(now, Unit.MONTH)
    weeks = [week for month in months for week in month]
    assert len(months) == 12
    assert all(after - before == WEEK for before, after in pairwise(weeks))
    assert all(week.month == month[0].month for month in months for week in month)
    assert weeks[-1] <= last_week_over(now)
    assert len(periods_told(now, Unit.WEEK)) == 26
