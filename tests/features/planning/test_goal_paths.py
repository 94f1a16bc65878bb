"""Goals on their path, over HTTP: each test is named by its rule. The clock is moved, not read."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from selfos.features.planning import service as planning
from tests.conftest import Clock
from tests.factories import Person, statements

Travel = Callable[..., None]
MONDAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _on_a_monday(clock: Clock, travel: Travel) -> None:
    """Put everybody at noon of a Monday, in UTC."""
    now = clock()
    noon = now.replace(year=2027, month=3, day=1, hour=12, minute=0)
    travel(seconds=(noon - now).total_seconds())


@pytest.fixture
async def runner(make_person: Any) -> Person:
    return await make_person(time_zone="UTC")


def day(offset: int) -> str:
    return (MONDAY + timedelta(days=offset)).isoformat()


async def goal(person: Person, **fields: Any) -> dict[str, Any]:
    """Make the usual goal: 24 runs in eight weeks from this Monday."""
    usual = {"title": "Run", "start_value": 0, "target_value": 24, "target_unit": "runs"}
    return await person.post("/goals", 201, **{**usual, "target_date": day(56), **fields})


async def record(person: Person, aim: dict[str, Any], value: float, **fields: Any) -> Any:
    return await person.post(f"/goals/{aim['id']}/data-points", 201, value=value, **fields)


async def path(person: Person, aim: dict[str, Any]) -> dict[str, Any]:
    return await person.get(f"/goals/{aim['id']}/path")


async def test_a_goal_goes_through_all_states_and_its_action_restores_it(
    runner: Person, travel: Travel
) -> None:
    aim = await goal(runner)
    seen = await path(runner, aim)
    assert (seen["state"], seen["buffer_days"], seen["action"]) == ("on", 3, None)
    assert seen["path"] == [{"day": day(0), "value": 0}, {"day": day(56), "value": 24}]
    travel(days=3)
    seen = await path(runner, aim)
    assert (seen["state"], seen["action"]["amount"]) == ("at_risk", 1)
    assert seen["action"]["sentence"] == "1 more run today keeps you on the path."
    await record(runner, aim, 6)
    seen = await path(runner, aim)
    assert (seen["state"], seen["buffer_days"], seen["action"]) == ("ahead", 14, None)
    assert seen["summary"] == "Ahead of the path: you may rest until 18 March."
    travel(days=6)
    assert (await path(runner, aim))["state"] == "on"
    travel(days=9)
    seen = await path(runner, aim)
    assert (seen["state"], seen["buffer_days"]) == ("off", -1)
    assert seen["action"]["sentence"] == "2 more runs by Sunday put you back on the path."
    assert (seen["action"]["by"], seen["action"]["reading"]) == (day(20), 8)
    assert seen["explanation"] == "6 of 24 runs"
    await record(runner, aim, seen["action"]["amount"])
    assert (await path(runner, aim))["state"] == "on"


async def test_twelve_books_a_year_ask_for_nothing_on_the_second_day(
    runner: Person, travel: Travel
) -> None:
    aim = await goal(
        runner, title="Read", target_value=12, target_unit="books", target_date=day(365)
    )
    travel(days=1)
    seen = await path(runner, aim)
    assert (seen["state"], seen["buffer_days"], seen["step"]) == ("on", 30, 1)
    assert seen["summary"] == "In time: the first step is due on 1 April."
    assert (await runner.get("/today"))["at_risk"] == []


async def test_rest_is_offered_only_to_who_has_done_something(
    runner: Person, travel: Travel
) -> None:
    aim = await goal(runner)
    assert (await path(runner, aim))["summary"] == "In time: the first step is due on Thursday."
    listed = await runner.post("/goals", 201, title="Move", kind="milestones")
    due = {"kind": "date", "date": day(5)}
    await runner.post("/tasks", 201, title="Pack", goal_id=listed["id"], due=due)
    assert (await path(runner, listed))["summary"] == (
        "In time: the first step is due on Saturday."
    )
    weekly = await goal(runner, kind="maintain", period="week", start_value=None, target_value=3)
    assert (await path(runner, weekly))["summary"] == (
        "In time this week: the first step is due on Wednesday."
    )
    await record(runner, aim, 0.1)
    assert (await path(runner, aim))["summary"] == "On the path: you may rest until Thursday."
    await record(runner, aim, 1.5)
    assert (await path(runner, aim))["summary"] == "On the path: you may rest until Saturday."
    travel(days=2)
    assert (await path(runner, weekly))["summary"] == (
        "The week is under way, and there is time left."
    )
    await record(runner, weekly, 1)
    travel(days=1)
    assert (await path(runner, weekly))["summary"] == (
        "In time this week: today asks for nothing more."
    )


async def test_progress_is_explained_by_numbers_and_tasks(runner: Person) -> None:
    aim = await goal(runner)
    for title in ("Shoes", "Route"):
        task = await runner.post("/tasks", 201, title=title, goal_id=aim["id"])
    await runner.post(f"/tasks/{task['id']}/complete")
    await record(runner, aim, 18)
    told = await runner.get(f"/goals/{aim['id']}/progress")
    assert (told["progress"], told["explanation"]) == (0.75, "18 of 24 runs, 1 of 2 tasks")
    assert [part["title"] for part in told["parts"]] == ["Shoes", "Route"]
    seen = await runner.get(f"/goals/{aim['id']}")
    assert (seen["progress"], seen["value"]) == (0.75, 18)


async def test_readings_are_restored_by_a_reading(runner: Person, travel: Travel) -> None:
    numbers = {"start_value": 80, "target_value": 72.4, "target_unit": "kg"}
    aim = await goal(runner, kind="reduce", target_date=day(76), **numbers)
    travel(days=10)
    seen = await path(runner, aim)
    assert seen["state"] == "off"
    assert seen["action"]["sentence"] == (
        "A reading of 78.7 kg or less by Sunday puts you back on the path."
    )
    await record(runner, aim, 78.7)
    seen = await path(runner, aim)
    assert (seen["state"], seen["values"]) == ("on", [{"day": day(10), "value": 78.7}])


async def test_easing_leaves_the_near_path_as_it_was_and_is_remembered(
    runner: Person, travel: Travel
) -> None:
    aim = await goal(runner)
    change = {"kind": "adjust", "target_value": 10, "horizon_days": 5}
    await runner.post(f"/goals/{aim['id']}/path", 409, change=change)
    travel(days=7)
    seen = await runner.post(f"/goals/{aim['id']}/path", change=change, reason="A cold")
    assert [knot["day"] for knot in seen["path"]] == [day(0), day(12), day(56)]
    assert seen["path"][1]["value"] == pytest.approx(12 * 24 / 56, abs=1e-6)
    assert (seen["state"], seen["buffer_days"], seen["target_value"]) == ("off", -4, 10)
    (kept,) = seen["changes"]
    assert (kept["kind"], kept["from_day"], kept["reason"]) == ("ease", day(12), "A cold")
    assert kept["before"] == [{"day": day(0), "value": 0}, {"day": day(56), "value": 24}]
    assert (await runner.get(f"/goals/{aim['id']}"))["target_value"] == 10
    steeper = {"kind": "adjust", "target_date": day(40), "horizon_days": 0}
    seen = await runner.post(f"/goals/{aim['id']}/path", change=steeper)
    assert [kept["kind"] for kept in seen["changes"]] == ["ease", "steepen"]
    for wrong in (
        {"kind": "adjust", "target_value": 1},
        {"kind": "adjust", "target_date": day(7)},
        {"kind": "adjust", "target_value": 12, "horizon_days": 8},
        {"kind": "adjust"},
        {"kind": "skip"},
    ):
        await runner.post(f"/goals/{aim['id']}/path", 422, change=wrong)
    await runner.post("/undo")
    assert len((await path(runner, aim))["changes"]) == 1


async def test_a_running_path_is_not_bent_by_editing_the_goal(
    runner: Person, travel: Travel
) -> None:
    aim = await goal(runner)
    await runner.patch(f"/goals/{aim['id']}", target_value=30)
    travel(days=1)
    await runner.patch(f"/goals/{aim['id']}", 409, target_value=20)
    await runner.patch(f"/goals/{aim['id']}", 409, target_date=None)
    same = await runner.patch(f"/goals/{aim['id']}", target_value=30, title="Run more")
    assert same["title"] == "Run more"


async def test_off_the_path_a_rest_is_offered_and_begins_the_path_anew(
    runner: Person, travel: Travel
) -> None:
    aim = await goal(runner)
    await record(runner, aim, 3)
    rest = {"kind": "respite", "rest_days": 3}
    travel(days=7)
    await runner.post(f"/goals/{aim['id']}/path", 409, change=rest)
    travel(days=6)
    seen = await path(runner, aim)
    assert seen["state"] == "off"
    assert seen["respite"] == {
        "sentence": (
            "Or rest until Wednesday and go on from where you are, at the same pace:"
            " it then ends on 5 May."
        ),
        "rest_days": 3,
        "target_date": day(65),
    }
    seen = await runner.post(f"/goals/{aim['id']}/path", change=rest)
    assert (seen["state"], seen["buffer_days"], seen["season"]["end"]) == ("on", 6, day(65))
    assert [kept["kind"] for kept in seen["changes"]] == ["respite"]


async def test_maintaining_is_judged_period_by_period(runner: Person, travel: Travel) -> None:
    aim = await runner.post(
        "/goals", 201, title="Move", kind="maintain", target_value=3, target_unit="runs"
    )
    travel(days=3)
    seen = await path(runner, aim)
    assert (seen["state"], seen["value"]) == ("at_risk", 0)
    assert seen["action"]["sentence"] == "3 more runs by Sunday are enough."
    assert seen["explanation"] == "0 of 3 runs this week"
    await record(runner, aim, 2)
    travel(days=6)
    seen = await path(runner, aim)
    assert seen["state"] == "off"
    assert seen["summary"].startswith("The week before was missed")
    assert [(each["value"], each["met"]) for each in seen["periods"]] == [(2, False), (0, False)]
    await record(runner, aim, 3)
    seen = await path(runner, aim)
    assert (seen["state"], seen["action"], seen["buffer_days"]) == ("ahead", None, 5)
    await runner.post("/goals", 422, title="No", kind="maintain", target_value=1, counting="last")


async def test_milestones_make_a_path_of_their_dates(runner: Person, travel: Travel) -> None:
    aim = await runner.post("/goals", 201, title="Build", kind="milestones")
    assert (await path(runner, aim))["state"] is None
    tasks = [
        await runner.post(
            "/tasks", 201, title=title, goal_id=aim["id"], due={"kind": "date", "date": day(due)}
        )
        for title, due in (("Walls", 2), ("Roof", 5), ("Paint", 20))
    ]
    seen = await path(runner, aim)
    assert (seen["state"], seen["buffer_days"]) == ("on", 2)
    assert seen["explanation"] == "0 of 3 milestones"
    travel(days=3)
    seen = await path(runner, aim)
    assert seen["state"] == "off"
    assert (
        seen["action"]["sentence"] == "Finish “Walls” and “Roof” by Sunday to be back on the path."
    )
    assert seen["action"]["task_ids"] == [tasks[0]["id"], tasks[1]["id"]]
    for task in tasks[:2]:
        await runner.post(f"/tasks/{task['id']}/complete")
    seen = await path(runner, aim)
    assert (seen["state"], seen["buffer_days"]) == ("ahead", 17)
    await runner.post(f"/goals/{aim['id']}/path", 409, change={"kind": "respite"})


async def test_a_goal_without_numbers_says_what_it_needs(runner: Person) -> None:
    for fields in ({}, {"start_value": 0}, {"kind": "maintain"}, {"target_value": 3}):
        aim = await runner.post("/goals", 201, title="Someday", **fields)
        seen = await path(runner, aim)
        assert (seen["state"], seen["path"], seen["action"]) == (None, [], None)
        assert seen["summary"]
    await runner.post(f"/goals/{aim['id']}/complete")
    assert (await path(runner, aim))["summary"] == "This goal is completed."


async def test_a_season_is_looked_back_on_and_renewed(runner: Person, travel: Travel) -> None:
    aim = await goal(runner, target_date=day(10))
    await record(runner, aim, 20)
    travel(days=11)
    seen = await path(runner, aim)
    assert seen["season"] == {"start": day(0), "end": day(10), "over": True}
    assert (seen["action"], seen["respite"]) == (None, None)
    await runner.post(f"/goals/{aim['id']}/path", 409, change={"kind": "respite"})
    review = {"outcome": "renew", "reflection": "The rain was the hard part."}
    await runner.post(f"/goals/{aim['id']}/review", 422, **review)
    await runner.post(f"/goals/{aim['id']}/review", 422, **review, target_date=day(11))
    kept = await runner.post(
        f"/goals/{aim['id']}/review", 201, **review, target_date=day(100), target_value=30
    )
    assert (kept["value"], kept["progress"], kept["target_value"]) == (20, 0.8333, 24)
    seen = await path(runner, aim)
    assert seen["season"] == {"start": day(11), "end": day(100), "over": False}
    assert (seen["value"], seen["target_value"], seen["values"]) == (0, 30, [])
    assert [each["reflection"] for each in seen["reviews"]] == [review["reflection"]]
    await runner.post("/undo")
    assert (await path(runner, aim))["season"]["end"] == day(10)


async def test_a_reached_goal_is_completed_when_its_season_is_put_away(
    runner: Person, travel: Travel
) -> None:
    done, left = [await goal(runner, target_date=day(10)) for _ in range(2)]
    await record(runner, done, 24)
    travel(days=12)
    for aim in (done, left):
        wrong = {"outcome": "archive", "target_value": 9}
        await runner.post(f"/goals/{aim['id']}/review", 422, **wrong)
        await runner.post(f"/goals/{aim['id']}/review", 201, outcome="archive")
        await runner.post(f"/goals/{aim['id']}/review", 409, outcome="archive")
    statuses = [(await runner.get(f"/goals/{aim['id']}")) for aim in (done, left)]
    assert [seen["status"] for seen in statuses] == ["completed", "active"]
    assert all(seen["archived_at"] for seen in statuses)


async def test_an_early_renewal_begins_tomorrow_where_one_stands(
    runner: Person, travel: Travel
) -> None:
    numbers = {"start_value": 80, "target_value": 72, "kind": "reduce"}
    aim = await goal(runner, **numbers)
    travel(days=10)
    await record(runner, aim, 74)
    await runner.post(
        f"/goals/{aim['id']}/review", 201, outcome="renew", target_date=day(80), target_value=70
    )
    seen = await path(runner, aim)
    assert seen["path"] == [{"day": day(11), "value": 74}, {"day": day(80), "value": 70}]


async def test_the_season_end_is_told_as_an_event(runner: Person) -> None:
    aim = await goal(runner)
    await record(runner, aim, 24)
    await runner.post(f"/goals/{aim['id']}/review", 201, outcome="renew", target_date=day(90))
    changeset = (await runner.get("/history"))["items"][0]
    assert changeset["label"] == "Looked back on “Run” and began another season"


async def test_today_names_the_goals_that_something_is_due_for(
    runner: Person, travel: Travel
) -> None:
    late, fine = await goal(runner), await goal(runner, title="Fine")
    await record(runner, fine, 20)
    await runner.post("/goals", 201, title="Move", kind="maintain", target_value=3)
    await runner.post("/goals", 201, title="Plain", target_date=day(1))
    over = await goal(runner, title="Over", target_date=day(1))
    travel(days=9)
    seen = await runner.get("/today")
    assert [(each["title"], each["state"]) for each in seen["at_risk"]] == [
        ("Run", "off"),
        ("Move", "off"),
    ]
    for each in seen["at_risk"]:
        told = await path(runner, each)
        assert (told["state"], told["action"]["sentence"]) == (each["state"], each["sentence"])
    assert (await path(runner, over))["season"]["over"]
    await runner.patch(f"/goals/{late['id']}", status="dropped")
    assert len((await runner.get("/today"))["at_risk"]) == 1


async def test_a_path_costs_few_statements(runner: Person) -> None:
    aim = await goal(runner)
    for back in range(5):
        await record(runner, aim, 1, day=day(-back))
    async with runner.context() as ctx:
        with statements() as sent:
            await planning.show_path(ctx, UUID(aim["id"]))
    assert sent == ["SELECT"] * 6
