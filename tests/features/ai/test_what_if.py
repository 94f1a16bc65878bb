"""What happens if I add this goal: the weeks with it, and proposals that make room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from selfos.kernel.identifiers import new_id
from tests.factories import Person, statements

MakePerson = Callable[..., Awaitable[Person]]
GOAL = {"title": "Declutter the house", "hours_per_week": 3}


@pytest.fixture
async def plan(person: Person) -> dict[str, Any]:
    """An open plan in a life that is empty so far."""
    return (await person.post("/goals/decompose", 201, goal=GOAL))["proposal"]


def work_of(plan: dict[str, Any]) -> dict[str, Any]:
    """A step of some weeks on that takes time."""
    lines = [line for line in plan["lines"] if line["fields"].get("duration_minutes")]
    return lines[len(lines) // 2]


async def fill(person: Person, due: dict[str, str], minutes: int = 600, **more: Any) -> str:
    """Promise something for this day."""
    body = {"title": "Paint the fence", "due": due, "duration_minutes": minutes, **more}
    return (await person.post("/tasks", 201, id=str(new_id()), **body))["id"]


def week_with(forecast: dict[str, Any], due: dict[str, str]) -> dict[str, Any]:
    day = date.fromisoformat(due["date"])
    starts = [date.fromisoformat(week["week_start"]) for week in forecast["weeks"]]
    return forecast["weeks"][starts.index(day - timedelta(days=day.weekday()))]


async def test_a_plan_in_an_empty_life_fits(person: Person, plan: dict[str, Any]) -> None:
    forecast = await person.get(f"/proposals/{plan['id']}/what-if")
    assert forecast["over_hours"] == 0
    assert forecast["ways"] == []
    assert forecast["summary"] == "It fits: no week holds more than your 10 h."
    hours = sum(week["planned_hours"] for week in forecast["weeks"])
    assert hours == pytest.approx(sum(week["hours"] for week in plan["load"]), abs=0.1)


async def test_tasks_habits_and_what_repeats_count_in_their_weeks(person: Person) -> None:
    monday = {"kind": "date", "date": "2030-01-07"}
    await person.patch("/preferences", hours_per_week=6)
    before = await person.post("/goals/what-if", goal=GOAL)
    today = date.fromisoformat(before["weeks"][0]["week_start"]) + timedelta(days=14)
    due = {"kind": "date", "date": today.isoformat()}
    await fill(person, due, 120)
    await fill(person, monday, 120)
    await fill(person, due, 30, repeat={"rule": "FREQ=WEEKLY"})
    daily = {"kind": "quota", "times": 1}
    habit = {"type": "duration", "target": 10, "period": "day", "schedule": daily}
    await person.post("/habits", 201, title="Meditate", **habit)
    await person.post("/habits", 201, title="Floss", type="yes_no", schedule=daily)
    after = await person.post("/goals/what-if", goal=GOAL)
    week = week_with(after, due)
    assert week["promised_hours"] == 2.5
    assert week["capacity_hours"] == 6
    assert week["steady_hours"] == pytest.approx(70 / 60, abs=0.01)
    next_week = after["weeks"][after["weeks"].index(week) + 1]
    assert next_week["steady_hours"] == pytest.approx(70 / 60 + 0.5, abs=0.01)
    assert after["unknown"] == ["1 of your habits say no minutes."]


async def test_appointments_take_time_unless_they_are_free_or_cancelled(person: Person) -> None:
    before = await person.post("/goals/what-if", goal=GOAL)
    due = {"kind": "date", "date": before["weeks"][2]["week_start"]}
    at = {**due, "kind": "floating", "time": "09:00"}
    for more in ({}, {"transparency": "free"}, {"status": "cancelled"}):
        body = {"title": "Workshop", "start": at, "duration_minutes": 90, **more}
        await person.post("/calendar-events", 201, repeat={"rule": "FREQ=DAILY;COUNT=2"}, **body)
    await person.post("/calendar-events", 201, title="Holiday", start=due)
    after = await person.post("/goals/what-if", goal=GOAL)
    assert week_with(after, due)["steady_hours"] == week_with(before, due)["steady_hours"] + 3


async def test_a_goal_counted_in_hours_takes_its_share_of_each_week(person: Person) -> None:
    today = date.fromisoformat((await person.get("/today"))["date"])
    numbers = {"start_value": 0, "target_value": 20, "target_unit": "hours"}
    end = (today + timedelta(weeks=10)).isoformat()
    await person.post("/goals", 201, title="Practise", target_date=end, **numbers)
    weeks = (await person.post("/goals/what-if", goal=GOAL))["weeks"]
    assert weeks[2]["steady_hours"] == pytest.approx(2, abs=0.01)


async def test_asking_what_if_writes_nothing_and_costs_few_statements(person: Person) -> None:
    with statements() as sent:
        await person.post("/goals/what-if", goal=GOAL)
    assert "INSERT" not in sent
    assert "UPDATE" not in sent
    few = len(sent)
    for number in range(5):
        await fill(person, {"kind": "date", "date": f"2030-01-{number + 10}"})
    with statements() as sent:
        await person.post("/goals/what-if", goal=GOAL)
    assert len(sent) == few
    assert (await person.get("/goals"))["items"] == []


async def test_a_full_week_is_marked_and_both_ways_out_are_offered(
    person: Person, plan: dict[str, Any]
) -> None:
    line = work_of(plan)
    task = await fill(person, line["fields"]["due"], priority=4)
    forecast = await person.get(f"/proposals/{plan['id']}/what-if")
    assert week_with(forecast, line["fields"]["due"])["over_hours"] > 0
    assert "would hold more than your 10 h" in forecast["summary"]
    assert {way["kind"] for way in forecast["ways"]} == {"later", "make_room"}
    for way in forecast["ways"]:
        assert way["over_hours"] < forecast["over_hours"]
    costs = [way["cost"] + 20 * way["over_hours"] for way in forecast["ways"]]
    assert costs == sorted(costs)
    room = next(way for way in forecast["ways"] if way["kind"] == "make_room")
    assert [move["id"] for move in room["moves"]] == [task]


async def test_letting_the_plan_wait_changes_only_the_plan(
    person: Person, plan: dict[str, Any]
) -> None:
    due = work_of(plan)["fields"]["due"]
    task = await fill(person, due, 450)
    path = f"/proposals/{plan['id']}"
    way = next(w for w in (await person.get(f"{path}/what-if"))["ways"] if w["kind"] == "later")
    relieved = await person.post(f"{path}/relief", kind="later")
    assert relieved["id"] == plan["id"]
    assert relieved["status"] == "open"
    days = {line["id"]: line["fields"]["due"]["date"] for line in relieved["lines"]}
    assert {move["id"]: move["to"] for move in way["moves"]}.items() <= days.items()
    assert (await person.get(f"/tasks/{task}"))["due"] == due
    assert (await person.get(f"{path}/what-if"))["over_hours"] == 0
    await person.post(f"{path}/relief", 409, kind="later")
    await person.post(f"{path}/apply")


async def test_making_room_is_a_proposal_that_moves_tasks_once_applied(
    person: Person, plan: dict[str, Any]
) -> None:
    due = work_of(plan)["fields"]["due"]
    task = await fill(person, due)
    path = f"/proposals/{plan['id']}"
    room = await person.post(f"{path}/relief", kind="make_room")
    assert (room["kind"], room["status"], room["engine"]) == ("changes", "open", "rules")
    assert [line["entity_id"] for line in room["lines"]] == [task]
    assert (await person.get(f"/tasks/{task}"))["due"] == due
    applied = await person.post(f"/proposals/{room['id']}/apply")
    moved = (await person.get(f"/tasks/{task}"))["due"]
    assert moved == room["lines"][0]["fields"]["due"] != due
    assert (await person.get(f"{path}/what-if"))["over_hours"] == 0
    await person.post(f"/history/{applied['changeset_id']}/undo")
    assert (await person.get(f"/tasks/{task}"))["due"] == due


async def test_what_has_a_time_a_rule_or_a_last_day_is_not_moved(
    person: Person, plan: dict[str, Any]
) -> None:
    day = work_of(plan)["fields"]["due"]["date"]
    await fill(person, {"kind": "floating", "date": day, "time": "09:00"}, 300)
    await fill(person, {"kind": "date", "date": day}, 300, deadline=day)
    kinds = [way["kind"] for way in (await person.get(f"/proposals/{plan['id']}/what-if"))["ways"]]
    assert kinds == ["later"]


async def test_a_goal_in_words_is_offered_later_and_fewer_hours(person: Person) -> None:
    await person.patch("/preferences", hours_per_week=5)
    goal = {"title": "Declutter the house", "hours_per_week": 4}
    first = await person.post("/goals/what-if", goal=goal)
    assert first["over_hours"] == 0
    for week in first["weeks"][1:]:
        due = {"kind": "date", "date": week["week_start"]}
        await fill(person, due, 180, deadline=due["date"])
    second = await person.post("/goals/what-if", goal=goal)
    assert second["over_hours"] > 0
    ways = {way["kind"]: way for way in second["ways"]}
    assert ways["later"]["over_hours"] == 0
    assert ways["later"]["finish"] > second["finish"]
    assert ways["fewer_hours"]["hours_per_week"] == 2


async def test_a_new_plan_uses_only_hours_that_are_free(person: Person) -> None:
    await person.patch("/preferences", hours_per_week=4)
    first = await person.post("/goals/what-if", goal=GOAL)
    full = first["weeks"][2]["week_start"]
    await fill(person, {"kind": "date", "date": full}, 240)
    plan = (await person.post("/goals/decompose", 201, goal=GOAL))["proposal"]
    load = {week["week_start"]: week for week in plan["load"]}
    assert (load[full]["hours"], load[full]["capacity_hours"]) == (0, 0)
    assert load[first["weeks"][3]["week_start"]]["capacity_hours"] == 3


async def test_only_open_plans_for_goals_are_weighed(person: Person, plan: dict[str, Any]) -> None:
    await person.post(f"/proposals/{plan['id']}/discard")
    await person.get(f"/proposals/{plan['id']}/what-if", 409)
    await person.get(f"/proposals/{new_id()}/what-if", 404)


async def test_work_given_to_others_is_not_mine_to_count(
    person: Person, make_person: MakePerson, plan: dict[str, Any]
) -> None:
    forecast = await person.get(f"/proposals/{plan['id']}/what-if")
    other = await make_person()
    answer = await other.client.get(f"/proposals/{plan['id']}/what-if")
    assert answer.status_code == 404
    assert forecast["over_hours"] == 0
