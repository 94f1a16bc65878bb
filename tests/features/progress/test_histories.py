"""The numbers equal what the slow way gives, whatever somebody did, undid and filled in later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Clock
from tests.factories import Person
from tests.features.progress.lives import DAYS, DEEDS, Deed, Life, check, first_zone

MakePerson = Callable[..., Awaitable[Person]]
number = st.integers(min_value=0, max_value=999)
deeds = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 30), number, number), min_size=10, max_size=60
)
SMALL = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],
)


async def agree(make_person: MakePerson, clock: Clock, lived: list[Deed]) -> None:
    # Where somebody was holds from when they said so, so they have an account before they live.
    clock.travel(days=-DAYS)
    person = await make_person(time_zone=first_zone())
    clock.travel(days=DAYS)
    life = Life(person)
    await life.begin()
    await life.live(lived)
    await check(life)


@SMALL
@given(lived=deeds)
async def test_numbers_equal_a_recomputation_of_any_history(
    make_person: MakePerson, clock: Clock, lived: list[Deed]
) -> None:
    await agree(make_person, clock, lived)


@pytest.mark.proof
@settings(parent=SMALL, max_examples=200)
@given(lived=deeds)
async def test_numbers_equal_a_recomputation_of_two_hundred_histories(
    make_person: MakePerson, clock: Clock, lived: list[Deed]
) -> None:
    await agree(make_person, clock, lived)
