"""Achievements: data that punishes nobody, earned on a day, told once, taken back by undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from selfos.features.progress.achieving import How, Rule, Source, judge, rules
from selfos.features.progress.events import AchievementEarned
from selfos.features.progress.jobs import HANDLERS
from selfos.features.progress.models import Achievement
from selfos.kernel.jobs import deliver
from selfos.kernel.ledger.models import EventRecord
from tests.factories import Person
from tests.features.progress.test_stats import done

Drain = Callable[[], Awaitable[None]]
MONDAY = date(2024, 1, 1)
PUNISHING = ("late", "missed", "slipped", "lost", "fail", "broken", "overdue", "lazy", "never")
amounts = st.dictionaries(
    st.integers(0, 200).map(lambda n: MONDAY + timedelta(days=n)), st.integers(1, 9)
)


def earned(how: How, days: dict[int, float], *tiers: int, at_least: float = 1) -> dict[int, int]:
    """Judge one rule over days counted from a Monday; returns tier and day."""
    rule = Rule(
        key="k", group="g", title="t", text="t", source=Source.DONE, how=how, tiers=tiers,
        at_least=at_least,
    )  # fmt: skip
    by_day = {MONDAY + timedelta(days=day): amount for day, amount in days.items()}
    (standing,) = judge([rule], {Source.DONE: by_day}, {}, 0)
    return {tier: (day - MONDAY).days for tier, day in standing.earned.items()}


def test_there_are_forty_and_none_punishes() -> None:
    found = rules()
    assert len(found) >= 40
    assert len({rule.key for rule in found}) == len(found)
    for rule in found:
        assert list(rule.tiers) == sorted(set(rule.tiers))
        words = f"{rule.title} {rule.text}".lower()
        assert not [word for word in PUNISHING if word in words], rule.key


def test_a_tier_is_earned_on_the_day_its_value_is_reached() -> None:
    assert earned(How.TOTAL, {0: 2, 3: 1, 9: 4}, 1, 3, 7, 8) == {1: 0, 3: 3, 7: 9}
    assert earned(How.BEST_DAY, {0: 2, 3: 5}, 3) == {3: 3}
    assert earned(How.BEST_WEEK, {0: 2, 6: 2, 7: 3}, 4, 5) == {4: 6}
    assert earned(How.DAYS, {0: 2, 3: 5, 4: 1}, 2, at_least=2) == {2: 3}
    assert earned(How.WEEKS, {0: 2, 6: 1, 8: 3}, 1, 2, at_least=3) == {1: 6, 2: 8}
    assert earned(How.RUN_DAYS, {0: 1, 1: 1, 3: 1, 4: 1, 5: 1}, 2, 3, 4) == {2: 1, 3: 5}
    assert earned(How.RUN_WEEKS, {0: 1, 7: 1, 21: 1}, 2, 3) == {2: 7}
    assert earned(How.RUN_MONTHS, {0: 1, 31: 1, 60: 1}, 3) == {3: 60}


def test_an_area_counts_once_in_a_week() -> None:
    rule = Rule(
        key="k", group="g", title="t", text="t", source=Source.AREAS, how=How.BEST_WEEK, tiers=(2,)
    )
    same = {MONDAY: frozenset({"a"}), MONDAY + timedelta(days=1): frozenset({"a"})}
    assert judge([rule], {}, same, 0)[0].value == 1
    other = {**same, MONDAY + timedelta(days=2): frozenset({"b"})}
    assert judge([rule], {}, other, 0)[0].earned == {2: MONDAY + timedelta(days=2)}


@given(amounts, st.integers(1, 9), st.integers(0, 6))
def test_doing_more_never_takes_an_achievement_away(
    days: dict[date, int], more: int, weekday: int
) -> None:
    wanted = [rule for rule in rules() if rule.source is Source.DONE]
    later = max(days, default=MONDAY) + timedelta(days=1)
    before = judge(wanted, {Source.DONE: days}, {}, weekday)
    after = judge(wanted, {Source.DONE: {**days, later: more}}, {}, weekday)
    for old, new in zip(before, after, strict=True):
        assert old.earned.items() <= new.earned.items()
        assert new.value >= old.value


async def shown(person: Person, key: str) -> dict[str, Any]:
    found = await person.get("/progress/achievements")
    return next(each for each in found["items"] if each["key"] == key)


async def told(person: Person) -> list[tuple[str, int]]:
    async with person.context() as ctx:
        found = await ctx.session.scalars(
            select(EventRecord).where(EventRecord.type == AchievementEarned.type)
        )
        return sorted((each.payload["key"], each.payload["tier"]) for each in found)


async def test_what_is_undone_is_no_longer_achieved_and_is_told_only_once(
    person: Person, drain: Drain
) -> None:
    task = await done(person)
    await drain()
    first = await shown(person, "done_total")
    assert first["tiers"][0]["earned_on"] is not None
    assert (first["next"], first["share"]) == (10, 0.1)
    once = await told(person)
    assert ("done_total", 1) in once
    await person.post(f"/tasks/{task['id']}/reopen")
    await drain()
    assert (await shown(person, "done_total"))["tiers"][0]["earned_on"] is None
    async with person.context() as ctx:
        kept = await ctx.session.scalars(select(Achievement.earned_on))
        assert set(kept) == {None}
    await person.post("/undo")
    await drain()
    assert (await shown(person, "done_total"))["tiers"][0]["earned_on"] is not None
    assert await told(person) == once


async def test_an_event_delivered_twice_achieves_once(person: Person, drain: Drain) -> None:
    habit = await person.post("/habits", 201, title="Stretch")
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    await drain()
    once = await told(person)
    assert ("habit_days", 1) in once
    async with person.context() as ctx:
        wanted = select(EventRecord.id).where(EventRecord.type == "habit.checked")
        event_id = (await ctx.session.scalars(wanted)).one()
    for handler in HANDLERS:
        if handler.event.type == "habit.checked":
            await deliver(person.kernel, handler, person.workspace_id, event_id)
    assert await told(person) == once
    await person.post("/undo")
    await drain()
    assert (await shown(person, "habit_days"))["value"] == 0
