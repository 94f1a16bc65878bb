"""How somebody counts time: a move changes the days to come and none that are over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from selfos.features.identity import service as identity
from selfos.features.identity.models import ZoneChange
from selfos.features.identity.schemas import WeekStart
from tests.conftest import Clock, MakePerson, at
from tests.factories import Person

BERLIN, AUCKLAND, HONOLULU = (
    ZoneInfo(name) for name in ("Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu")
)
ZONES = st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Kolkata"])


async def zones(person: Person) -> list[str]:
    async with person.context() as ctx:
        found = await ctx.session.scalars(
            select(ZoneChange.zone)
            .where(ZoneChange.user_id == person.user_id)
            .order_by(ZoneChange.from_instant)
        )
        return list(found)


async def test_a_move_is_added_and_nothing_rewritten(
    make_person: MakePerson, clock: Clock, travel: Callable[..., None]
) -> None:
    person = await make_person(time_zone="Europe/Berlin")
    before = clock()
    travel(days=2)
    await person.patch("/auth/me", time_zone="Pacific/Auckland")
    await person.patch("/auth/me", time_zone="Pacific/Auckland", week_start="sunday")
    assert await zones(person) == ["Europe/Berlin", "Pacific/Auckland"]
    async with person.context() as ctx:
        time = await identity.user_time(ctx)
    assert time.zone_at(before) == BERLIN
    assert time.zone_at(clock()) == AUCKLAND
    with pytest.raises(ProgrammingError, match="permission denied"):
        await rewrite(person)


async def rewrite(person: Person) -> None:
    async with person.context() as ctx:
        await ctx.session.execute(update(ZoneChange).values(zone="UTC"))


async def test_where_somebody_lived_is_theirs_alone(make_person: MakePerson) -> None:
    mine, other = await make_person(), await make_person()
    async with mine.context() as ctx:
        found = await ctx.session.scalars(select(ZoneChange.user_id))
        assert set(found) == {mine.user_id}
    assert await zones(other) == ["UTC"]


def test_before_all_we_know_the_oldest_zone_holds() -> None:
    time = identity.UserTime(HONOLULU, 0, WeekStart.MONDAY, ((at("2026-03-01 00:00"), BERLIN),))
    assert time.zone_at(at("2020-01-01 00:00")) == BERLIN


def test_a_day_starts_when_the_person_says() -> None:
    time = identity.UserTime(BERLIN, 240, WeekStart.MONDAY)
    assert time.local_day(at("2026-11-25 02:59")) == date(2026, 11, 24)
    assert time.local_day(at("2026-11-25 03:00")) == date(2026, 11, 25)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 20_000), ZONES), min_size=1, max_size=5),
    st.integers(0, 360),
    st.integers(0, 40_000),
)
def test_a_later_move_leaves_every_past_day_as_it_was(
    moves: list[tuple[int, str]], day_start: int, minutes: int
) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    changes: tuple[Any, ...] = ()
    instant = start
    for gap, name in moves:
        changes = (*changes, (instant, ZoneInfo(name)))
        instant += timedelta(minutes=gap)
    asked = start + timedelta(minutes=minutes)
    before = identity.UserTime(changes[-1][1], day_start, WeekStart.MONDAY, changes)
    moved = max(asked, instant) + timedelta(minutes=1)
    after = identity.UserTime(AUCKLAND, day_start, WeekStart.MONDAY, (*changes, (moved, AUCKLAND)))
    assert after.local_day(asked) == before.local_day(asked)
