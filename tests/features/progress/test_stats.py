"""What each number means, through the interface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update

from selfos.edge.diagnosis import examine_sums
from selfos.features.progress.models import Rollup
from tests.factories import Person, statements

Drain = Callable[[], Awaitable[None]]


async def today_of(person: Person) -> date:
    return date.fromisoformat((await person.get("/today"))["date"])


def on(day: date) -> dict[str, str]:
    return {"kind": "date", "date": day.isoformat()}


async def done(person: Person, **task: Any) -> dict[str, Any]:
    made = await person.post("/tasks", 201, title="Something", **task)
    return await person.post(f"/tasks/{made['id']}/complete")


async def test_a_young_account_is_told_of_absence_rather_than_zeros(person: Person) -> None:
    stats = await person.get("/progress/stats")
    assert stats["since"] is None
    assert stats["tasks"]["on_time_share"] is None
    assert stats["focus"] == {
        "recorded_minutes": None, "estimated_minutes": None, "without_estimate": 0
    }  # fmt: skip
    assert stats["goal_success"]["success_share"] is None
    assert len(stats["periods"]) == 12


async def test_a_reopened_task_leaves_the_numbers_and_undo_brings_it_back(
    person: Person, drain: Drain
) -> None:
    task = await done(person, duration_minutes=30)
    await drain()
    assert (await person.get("/progress/stats"))["tasks"]["done"] == 1
    await person.post(f"/tasks/{task['id']}/reopen")
    stats = await person.get("/progress/stats")
    assert (stats["tasks"]["done"], stats["focus"]["estimated_minutes"]) == (0, None)
    await person.post("/undo")
    stats = await person.get("/progress/stats")
    assert (stats["tasks"]["done"], stats["focus"]["estimated_minutes"]) == (1, 30)


async def test_done_planned_and_put_off_are_three_things(person: Person) -> None:
    today = await today_of(person)
    yesterday = today - timedelta(days=1)
    await done(person, due=on(today))
    await done(person, due=on(yesterday))
    await done(person)
    open_one = await person.post("/tasks", 201, title="Later", due=on(today))
    path = f"/tasks/{open_one['id']}"
    await person.patch(path, due=on(today + timedelta(days=2)))
    query: dict[str, Any] = {"from": str(yesterday), "to": str(today), "by": "day"}
    stats = await person.get("/progress/stats", **query)
    names = ("done", "on_time", "late", "planned", "kept", "slipped")
    assert [stats["tasks"][name] for name in names] == [3, 1, 1, 2, 1, 1]
    assert [period["tasks"]["planned"] for period in stats["periods"]] == [1, 1]
    # A slip of the finger that is put right on the same day is none.
    await person.patch(path, due=on(today))
    assert (await person.get("/progress/stats", **query))["tasks"]["slipped"] == 0


async def test_numbers_are_told_by_area_goal_and_label_and_weighed(person: Person) -> None:
    health = await person.post("/areas", 201, name="Health", weight=8)
    await person.post("/areas", 201, name="Work", weight=2)
    goal = await person.post("/goals", 201, title="Run", area_id=health["id"])
    habit = await person.post("/habits", 201, title="Stretch", area_id=health["id"])
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    await done(person, goal_id=goal["id"], labels=["outside"])
    await person.post(f"/goals/{goal['id']}/complete")
    stats = await person.get("/progress/stats")
    assert [(a["name"], a["tasks"]["done"]) for a in stats["areas"]] == [("Health", 1)]
    assert [g["name"] for g in stats["goals"]] == ["Run"]
    assert [label["name"] for label in stats["labels"]] == ["outside"]
    shares = {a["name"]: (a["deeds"], a["meant"], a["had"]) for a in stats["balance"]}
    assert shares == {"Health": (2, 0.8, 1.0), "Work": (0, 0.2, 0.0)}
    assert (stats["goal_success"]["reached"], stats["goal_success"]["success_share"]) == (1, 1.0)
    assert stats["habits"]["done_days"] == 1
    of_label = await person.get("/progress/stats", label_id=stats["labels"][0]["id"])
    assert (of_label["tasks"]["done"], of_label["each_habit"]) == (1, [])


async def test_a_dropped_goal_was_let_go_on_that_day_until_it_is_taken_up_again(
    person: Person, travel: Callable[..., None]
) -> None:
    reached = await person.post("/goals", 201, title="Swim")
    await person.post(f"/goals/{reached['id']}/complete")
    goal = (await person.post("/goals", 201, title="Run"))["id"]
    await person.patch(f"/goals/{goal}", status="dropped")
    travel(days=2)
    await person.patch(f"/goals/{goal}", title="Run far")
    success = (await person.get("/progress/stats"))["goal_success"]
    assert (success["let_go"], success["success_share"]) == (1, 0.5)
    yesterday = await today_of(person) - timedelta(days=1)
    query: dict[str, Any] = {"from": str(yesterday)}
    later = await person.get("/progress/stats", **query)
    assert later["goal_success"]["let_go"] == 0
    await person.post(f"/goals/{goal}/reopen")
    success = (await person.get("/progress/stats"))["goal_success"]
    assert (success["let_go"], success["success_share"]) == (0, 1.0)


async def test_a_limit_is_kept_and_is_no_deed(person: Person, travel: Callable[..., None]) -> None:
    area = (await person.post("/areas", 201, name="Health"))["id"]
    await person.post("/habits", 201, title="No sugar", type="avoid", area_id=area)
    travel(days=3)
    stats = await person.get("/progress/stats")
    assert stats["habits"]["kept"] > 0
    assert (stats["habits"]["done_days"], stats["balance"][0]["deeds"]) == (0, 0)
    assert (await person.get("/progress/heatmap", kind="habits"))["total"] > 0
    year = await person.get(f"/progress/years/{stats['last'][:4]}")
    assert [card["kind"] for card in year["cards"]] == ["cover"]


async def test_minutes_are_recorded_only_by_habits_kept_in_time(person: Person) -> None:
    habit = await person.post("/habits", 201, title="Read", type="duration", target=20, unit="min")
    await person.post(f"/habits/{habit['id']}/check-ins", 201, amount=25)
    assert (await person.get("/progress/stats"))["focus"]["recorded_minutes"] == 25


async def test_the_load_of_weeks_to_come_says_what_nobody_sized(person: Person) -> None:
    today = await today_of(person)
    await person.post("/tasks", 201, title="Long", due=on(today), duration_minutes=120)
    await person.post("/tasks", 201, title="Vague", due=on(today))
    week = (await person.get("/progress/stats"))["load"][0]
    assert (week["tasks"], week["minutes"], week["unsized"], week["share"]) == (2, 120, 1, 0.2)


async def test_one_thing_at_a_time_and_not_for_ever(person: Person) -> None:
    area = (await person.post("/areas", 201, name="Health"))["id"]
    await person.get("/progress/stats", 422, area_id=area, goal_id=area)
    await person.get("/progress/stats", 422, **{"from": "2000-01-01"})
    await person.get("/progress/stats", 422, **{"from": "2026-01-02", "to": "2026-01-01"})


async def test_statistics_cost_as_many_statements_for_much_as_for_little(person: Person) -> None:
    async def cost() -> int:
        await person.get("/progress/stats")
        with statements() as sent:
            await person.get("/progress/stats")
        return len(sent)

    little = await cost()
    for number in range(6):
        await done(person, labels=[f"label {number}"])
        await person.post("/habits", 201, title=f"Habit {number}")
    assert await cost() <= little + 3


async def test_the_doctor_finds_a_wrong_sum_and_counts_anew(person: Person, drain: Drain) -> None:
    await done(person)
    await drain()
    async with person.context() as ctx:
        await ctx.session.execute(update(Rollup).values(done=Rollup.done + 1))
    said: list[str] = []

    async def examine(*, recount: bool) -> int:
        mine = [person.workspace_id]
        return await examine_sums(person.kernel, mine, said.append, recount=recount)

    assert await examine(recount=False) == 2
    assert [str(person.workspace_id) in line for line in said] == [True, True]
    assert await examine(recount=True) == 0
    assert await examine(recount=False) == 0
    assert (await person.get("/progress/stats"))["tasks"]["done"] == 1
