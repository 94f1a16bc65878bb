"""Habits over HTTP: making, judging, recording, putting away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from selfos.features.habits import service
from selfos.features.habits.jobs import SCHEDULES
from selfos.features.habits.schemas.inputs import (
    CheckInCreate,
    CheckInUpdate,
    HabitCreate,
    HabitUpdate,
    PauseCreate,
    SkipCreate,
)
from selfos.kernel.errors import Forbidden, NotFound
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Role
from tests.conftest import MakePerson
from tests.factories import Person, statements

Travel = Callable[..., None]


async def today(person: Person) -> date:
    return date.fromisoformat((await person.get("/habits/today"))["date"])


async def on_today(person: Person, habit: dict[str, Any]) -> dict[str, Any]:
    shown = await person.get("/habits/today")
    (found,) = [each for each in shown["habits"] if each["habit"]["id"] == habit["id"]]
    return found


async def test_a_habit_shows_what_was_given(person: Person) -> None:
    given = {
        "id": str(new_id()),
        "title": "Drink water",
        "description": "Tap is fine.",
        "icon": "glass-water",
        "type": "at_least",
        "target": 8,
        "unit": "glasses",
        "window": "morning",
        "reminder_times": ["09:00", "15:00"],
        "skip_budget": 1,
        "auto_skip": True,
        "grace_hours": 6,
    }
    made = await person.post("/habits", 201, **given)
    assert {name: made[name] for name in given} == given
    assert made["schedule"] == {"kind": "quota", "times": 1}
    assert made["period"] == "day"
    assert made["version"] == 1
    assert await person.get(f"/habits/{made['id']}") == made


async def test_checking_is_done_today_and_unchecking_is_open_again(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    before = await on_today(person, habit)
    assert (before["verdict"], before["due"], before["streak"]["current"]) == ("open", True, 0)
    made = await person.post(f"/habits/{habit['id']}/check-ins", 201)
    after = await on_today(person, habit)
    assert (after["verdict"], after["due"], after["streak"]["current"]) == ("done", False, 1)
    assert after["strength"] == pytest.approx(0.0519, abs=1e-4)
    assert [each["id"] for each in after["check_ins"]] == [made["id"]]
    await person.delete(f"/habits/{habit['id']}/check-ins/{made['id']}")
    assert await on_today(person, habit) == before


async def test_a_second_tick_of_a_day_is_a_conflict(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    await person.post(f"/habits/{habit['id']}/check-ins", 409)


async def test_so_many_ticks_a_day_are_that_many(person: Person) -> None:
    twice = {"kind": "quota", "times": 2}
    habit = await person.post("/habits", 201, title="Brush teeth", schedule=twice)
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    shown = await on_today(person, habit)
    assert (shown["verdict"], shown["reached"], shown["need"]) == ("open", 1, 2)
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    await person.post(f"/habits/{habit['id']}/check-ins", 409)
    assert (await on_today(person, habit))["verdict"] == "done"


async def test_amounts_of_a_day_add_up(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Water", type="at_least", target=8)
    for amount in (3, 5):
        await person.post(f"/habits/{habit['id']}/check-ins", 201, amount=amount)
    shown = await on_today(person, habit)
    assert (shown["verdict"], shown["amount"]) == ("done", 8)


async def test_yesterday_can_be_recorded_until_the_grace_is_over(
    person: Person, travel: Travel
) -> None:
    habit = await person.post("/habits", 201, title="Read", grace_hours=36)
    yesterday = await today(person)
    travel(days=1)
    shown = await on_today(person, habit)
    assert shown["unrecorded"] == yesterday.isoformat()
    await person.post(f"/habits/{habit['id']}/check-ins", 201, day=yesterday.isoformat())
    shown = await on_today(person, habit)
    assert (shown["unrecorded"], shown["streak"]["current"]) == (None, 1)
    travel(days=3)
    shown = await on_today(person, habit)
    assert (shown["streak"]["current"], shown["streak"]["best"]) == (0, 1)


async def test_back_filling_is_marked_after_a_week(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    day = await today(person)
    records = [
        await person.post(
            f"/habits/{habit['id']}/check-ins", 201, day=(day - timedelta(days=ago)).isoformat()
        )
        for ago in (7, 8)
    ]
    assert [record["late"] for record in records] == [False, True]


async def test_a_day_that_has_begun_nowhere_cannot_be_recorded(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    ahead = (await today(person) + timedelta(days=2)).isoformat()
    problem = await person.post(f"/habits/{habit['id']}/check-ins", 422, day=ahead)
    assert problem["errors"][0]["pointer"] == "/day"
    await person.post(f"/habits/{habit['id']}/skip", 422, day=ahead)


async def test_a_habit_reaches_back_ten_years(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    long_ago = (await today(person) - timedelta(days=3_660)).isoformat()
    await person.post(f"/habits/{habit['id']}/check-ins", 422, day=long_ago)
    await person.patch(f"/habits/{habit['id']}", 422, start_day=long_ago)


async def test_a_skip_with_a_reason_neither_extends_nor_breaks(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Run")
    day = await today(person)
    for ago in (2, 1):
        back = (day - timedelta(days=ago)).isoformat()
        await person.post(f"/habits/{habit['id']}/check-ins", 201, day=back)
    skip = await person.post(f"/habits/{habit['id']}/skip", 201, reason="Ill")
    await person.post(f"/habits/{habit['id']}/skip", 409)
    shown = await on_today(person, habit)
    assert (shown["verdict"], shown["due"], shown["streak"]["current"]) == ("skipped", False, 2)
    assert (skip["kind"], skip["note"]) == ("skip", "Ill")
    await person.patch(f"/habits/{habit['id']}/check-ins/{skip['id']}", 422, amount=1)


async def test_a_quota_says_until_when_one_may_rest(person: Person) -> None:
    habit = await person.post(
        "/habits", 201, title="Run", period="rolling", rolling_days=4, schedule={"kind": "quota"}
    )
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    shown = await on_today(person, habit)
    assert shown["rest_until"] == (await today(person) + timedelta(days=4)).isoformat()


async def test_a_rule_names_the_days(person: Person) -> None:
    day = await today(person)
    code = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[(day + timedelta(days=1)).weekday()]
    rule = f"FREQ=WEEKLY;BYDAY={code}"
    habit = await person.post("/habits", 201, title="Call", schedule={"kind": "rule", "rule": rule})
    shown = await on_today(person, habit)
    assert (shown["verdict"], shown["due"]) == ("not_due", False)
    assert shown["rest_until"] == (day + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"type": "at_least"}, "/target"),
        ({"type": "yes_no", "target": 3}, "/target"),
        ({"type": "avoid", "target": 3}, "/target"),
        ({"period": "rolling"}, "/rolling_days"),
        ({"rolling_days": 3}, "/rolling_days"),
        ({"period": "week", "schedule": {"kind": "quota", "times": 8}}, "/schedule/times"),
        (
            {"type": "at_least", "target": 5, "schedule": {"kind": "quota", "times": 2}},
            "/schedule/times",
        ),
        ({"period": "week", "schedule": {"kind": "rule", "rule": "FREQ=DAILY"}}, "/schedule"),
        ({"schedule": {"kind": "rule", "rule": "FREQ=SECONDLY"}}, "/schedule/rule"),
        ({"type": "duration", "target": 1441}, "/target"),
        ({"start_day": "1990-01-01"}, "/start_day"),
        ({"goal_id": str(new_id())}, "/goal_id"),
        ({"area_id": str(new_id())}, "/area_id"),
    ],
)
async def test_what_contradicts_itself_is_refused(
    person: Person, body: dict[str, Any], pointer: str
) -> None:
    problem = await person.post("/habits", 422, title="Odd", **body)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert (await person.get("/habits"))["items"] == []


@pytest.mark.parametrize(
    ("kind", "target", "amount"),
    [("yes_no", None, 2), ("at_least", 8, None), ("at_least", 8, 0), ("at_most", 2, None)],
)
async def test_an_amount_must_fit_the_habit(
    person: Person, kind: str, target: float | None, amount: float | None
) -> None:
    habit = await person.post("/habits", 201, title="Odd", type=kind, target=target)
    body = {} if amount is None else {"amount": amount}
    problem = await person.post(f"/habits/{habit['id']}/check-ins", 422, **body)
    assert problem["errors"][0]["pointer"] == "/amount"


async def test_a_correction_changes_the_day_it_is_for(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    made = await person.post(f"/habits/{habit['id']}/check-ins", 201)
    back = (await today(person) - timedelta(days=9)).isoformat()
    path = f"/habits/{habit['id']}/check-ins/{made['id']}"
    moved = await person.patch(path, day=back, note="It was then")
    assert (moved["day"], moved["note"], moved["late"]) == (back, "It was then", True)
    found = await person.get(f"/habits/{habit['id']}/check-ins", day=back)
    assert [each["id"] for each in found["items"]] == [made["id"]]


async def test_history_has_a_verdict_for_each_day(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    day = await today(person)
    for ago in (5, 4, 2):
        back = (day - timedelta(days=ago)).isoformat()
        await person.post(f"/habits/{habit['id']}/check-ins", 201, day=back)
    shown = await person.get(f"/habits/{habit['id']}/history")
    verdicts = [each["verdict"] for each in shown["days"]]
    assert verdicts[:4] == ["done", "done", "missed", "done"]
    assert verdicts[-1] == "open"
    assert len(verdicts) == len(shown["periods"]) == 6
    span: dict[str, Any] = {"from": shown["days"][1]["day"], "to": str(day)}
    part = await person.get(f"/habits/{habit['id']}/history", **span)
    assert part["days"] == shown["days"][1:]
    long: dict[str, Any] = {"from": "2001-01-01"}
    await person.get(f"/habits/{habit['id']}/history", 422, **long)


async def test_a_past_day_is_shown_as_it_stood_with_what_is_known_now(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    day = await today(person)
    for ago in (3, 2, 1, 0):
        back = (day - timedelta(days=ago)).isoformat()
        await person.post(f"/habits/{habit['id']}/check-ins", 201, day=back)
    shown = await person.get("/habits/today", date=(day - timedelta(days=1)).isoformat())
    assert shown["habits"][0]["streak"]["current"] == 3


async def test_a_pause_of_everything_asks_for_nothing(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    pause = await person.post("/habit-pauses", 201, reason="Holiday")
    shown = await on_today(person, habit)
    assert (shown["verdict"], shown["due"]) == ("paused", False)
    day = date.fromisoformat(pause["first_day"])
    before = (day - timedelta(days=1)).isoformat()
    await person.patch(f"/habit-pauses/{pause['id']}", 422, last_day=before)
    await person.delete(f"/habit-pauses/{pause['id']}")
    assert (await on_today(person, habit))["verdict"] == "open"


async def test_a_pause_of_one_habit_leaves_the_others(person: Person) -> None:
    one = await person.post("/habits", 201, title="Read")
    other = await person.post("/habits", 201, title="Run")
    pause = await person.post(f"/habits/{one['id']}/pauses", 201)
    assert (await on_today(person, one))["verdict"] == "paused"
    assert (await on_today(person, other))["verdict"] == "open"
    assert (await person.get(f"/habits/{one['id']}/pauses"))["items"] == [pause]
    assert (await person.get(f"/habits/{other['id']}/pauses"))["items"] == []
    assert (await person.get("/habit-pauses"))["items"] == [pause]


async def test_putting_away_and_bringing_back(person: Person, travel: Travel) -> None:
    habit = await person.post("/habits", 201, title="Read")
    path = f"/habits/{habit['id']}"
    await person.post(f"{path}/check-ins", 201)
    await person.post(f"{path}/archive")
    await person.post(f"{path}/archive", 409)
    await person.post(f"{path}/check-ins", 409)
    assert (await person.get("/habits/today"))["habits"] == []
    assert len((await person.get("/habits", include="archived"))["items"]) == 1
    await person.post(f"{path}/unarchive")
    await person.post(f"{path}/unarchive", 409)
    await person.post(f"{path}/restore", 409)
    await person.delete(path)
    await person.patch(path, 409, title="Read more")
    assert (await person.get("/habits"))["items"] == []
    await person.post(f"{path}/restore")
    assert (await on_today(person, habit))["verdict"] == "done"


async def test_the_trash_is_emptied_after_thirty_days(person: Person, travel: Travel) -> None:
    habit = await person.post("/habits", 201, title="Read")
    await person.delete(f"/habits/{habit['id']}")
    travel(days=31)
    await SCHEDULES[0].run(person.kernel)
    async with person.context() as ctx:
        with pytest.raises(NotFound):
            await service.get_habit(ctx, UUID(habit["id"]))


async def test_a_stranger_finds_none_of_it(make_person: MakePerson) -> None:
    ada, eve = await make_person(), await make_person()
    habit = await ada.post("/habits", 201, title="Read")
    await eve.get(f"/habits/{habit['id']}", 404)
    await eve.get(f"/habits/{habit['id']}/history", 404)
    await eve.post(f"/habits/{habit['id']}/check-ins", 404)
    assert (await eve.get("/habits", whose="all"))["items"] == []


async def test_a_guest_reads_and_does_not_check(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read")
    async with person.context(Role.GUEST) as ctx:
        await service.get_habit(ctx, UUID(habit["id"]))
        with pytest.raises(Forbidden):
            await service.check_habit(ctx, UUID(habit["id"]), CheckInCreate())


async def test_many_habits_take_as_many_statements_as_one(person: Person) -> None:
    counts: list[int] = []
    for _ in range(2):
        for number in range(3):
            habit = await person.post("/habits", 201, title=f"Habit {number}")
            await person.post(f"/habits/{habit['id']}/check-ins", 201)
        async with person.context() as ctx:
            with statements() as sent:
                await service.show_habit_day(ctx, None)
        counts.append(len(sent))
    # The person's clock, their habits with all pauses, all check-ins.
    assert counts == [3, 3]


async def test_verbs_tell_what_happened(person: Person) -> None:
    async with person.context() as ctx:
        habit = await service.create_habit(ctx, HabitCreate(title="Read"))
        check_in = await service.check_habit(ctx, habit.id, CheckInCreate())
        await service.update_check_in(ctx, habit.id, check_in.id, CheckInUpdate(note="Dune"))
        await service.uncheck_habit(ctx, habit.id, check_in.id)
        await service.skip_habit(ctx, habit.id, SkipCreate(reason="Ill"))
        pause = await service.create_pause(ctx, PauseCreate(), habit.id)
        await service.delete_pause(ctx, pause.id)
        await service.update_habit(ctx, habit.id, HabitUpdate(title="Read more"))
        await service.delete_habit(ctx, habit.id)
        told = [event for _, event in ctx.draft.events]
    assert [each.type for each in told] == [
        "habit.created",
        "habit.checked",
        "habit.check_in_updated",
        "habit.unchecked",
        "habit.skipped",
        "habit_pause.created",
        "habit_pause.deleted",
        "habit.updated",
        "habit.deleted",
    ]
    assert told[1].model_dump()["check_in_id"] == check_in.id


async def test_a_habit_counted_in_time_is_as_long_as_its_unit_says_in_any_language(
    person: Person,
) -> None:
    for unit in ("Stunden", "horas", "min", "pages"):
        target = {"type": "at_least", "target": 2, "unit": unit, "period": "week"}
        await person.post("/habits", 201, title=unit, **target)
    today = date.fromisoformat((await person.get("/today"))["date"])
    async with person.context() as ctx:
        lengths = await service.lengths_of_habits(ctx, today)
    assert [length.minutes for length in lengths] == [120, 120, 2, None]
