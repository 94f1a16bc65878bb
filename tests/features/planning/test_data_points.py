"""Data points and what they make of a goal: each test is named by its rule."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from selfos.features.planning import service
from selfos.features.planning.schemas.words import PointSource
from selfos.kernel.identifiers import new_id
from tests.factories import Person

LONG_AGO = "2026-01-01"


async def goal(person: Person, **fields: Any) -> dict[str, Any]:
    return await person.post("/goals", 201, **{"title": "Run", "start_value": 0, **fields})


async def record(person: Person, aim: dict[str, Any], value: float, **fields: Any) -> Any:
    return await person.post(f"/goals/{aim['id']}/data-points", 201, value=value, **fields)


async def standing(person: Person, aim: dict[str, Any]) -> tuple[float | None, float | None]:
    seen = await person.get(f"/goals/{aim['id']}")
    return seen["value"], seen["progress"]


async def today_of(person: Person) -> date:
    return date.fromisoformat((await person.get("/today"))["date"])


async def test_amounts_add_up_from_the_start_value_in_decimals(person: Person) -> None:
    aim = await goal(person, target_value=2, start_value=1, target_unit="km")
    assert (aim["value"], aim["progress"], aim["counting"]) == (1, 0, "sum")
    for _ in range(3):
        await record(person, aim, 0.1)
    assert await standing(person, aim) == (1.3, 0.3)
    await record(person, aim, 5)
    assert await standing(person, aim) == (6.3, 1)


async def test_of_readings_the_last_day_counts(person: Person) -> None:
    aim = await goal(person, kind="reduce", start_value=80, target_value=70, start_date=LONG_AGO)
    assert aim["counting"] == "last"
    today = await today_of(person)
    await record(person, aim, 76)
    await record(person, aim, 79, day=(today - timedelta(days=9)).isoformat())
    assert await standing(person, aim) == (76, 0.4)
    await record(person, aim, 75)
    assert await standing(person, aim) == (75, 0.5)


async def test_numbers_from_before_the_season_do_not_count(person: Person) -> None:
    today = await today_of(person)
    aim = await goal(person, target_value=10, start_date=today.isoformat())
    await record(person, aim, 4, day=(today - timedelta(days=1)).isoformat())
    assert await standing(person, aim) == (0, 0)


async def test_a_goal_without_a_start_value_keeps_progress_by_its_tasks(person: Person) -> None:
    aim = await person.post("/goals", 201, title="Read", target_value=12)
    task = await person.post("/tasks", 201, title="One", goal_id=aim["id"])
    await record(person, aim, 3)
    assert await standing(person, aim) == (None, 0)
    await person.post(f"/tasks/{task['id']}/complete")
    assert await standing(person, aim) == (None, 1)


async def test_numbers_are_corrected_and_removed_and_undone(person: Person) -> None:
    aim = await goal(person, target_value=10)
    point = await record(person, aim, 4, note="In the rain")
    assert (point["source"], point["source_id"], point["note"]) == ("manual", None, "In the rain")
    path = f"/goals/{aim['id']}/data-points/{point['id']}"
    assert (await person.patch(path, value=5))["value"] == 5
    assert (await standing(person, aim))[0] == 5
    await person.delete(path)
    assert (await standing(person, aim))[0] == 0
    await person.post("/undo")
    assert (await standing(person, aim))[0] == 5
    await person.patch(f"/goals/{new_id()}/data-points/{point['id']}", 404, value=1)


async def test_the_future_cannot_be_recorded(person: Person) -> None:
    aim = await goal(person, target_value=10)
    day = await today_of(person) + timedelta(days=2)
    await person.post(f"/goals/{aim['id']}/data-points", 422, value=1, day=day.isoformat())
    assert (await person.get(f"/goals/{aim['id']}/data-points"))["items"] == []


async def test_data_points_come_in_pages_the_latest_day_first(person: Person) -> None:
    aim = await goal(person, target_value=10)
    today = await today_of(person)
    for back in (1, 3, 0, 2, 2):
        await record(person, aim, back, day=(today - timedelta(days=back)).isoformat())
    path, seen, cursor = f"/goals/{aim['id']}/data-points", list[float](), None
    while True:
        page = await person.get(path, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [point["value"] for point in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [0, 1, 2, 2, 3]


async def test_what_a_source_recorded_goes_with_it_and_only_with_it(person: Person) -> None:
    aim = await goal(person, kind="habit", start_value=None, target_value=10, start_date=LONG_AGO)
    assert aim["value"] == 0
    check_in, goal_id = new_id(), UUID(aim["id"])
    async with person.context() as ctx:
        day = (await today_of(person)) - timedelta(days=1)
        for value in (2, 3):
            await service.record_data_point(
                ctx, goal_id, day, value, source=PointSource.HABIT, source_id=check_in
            )
    by_hand = await record(person, aim, 1)
    (_, first, _) = (await person.get(f"/goals/{aim['id']}/data-points"))["items"]
    path = f"/goals/{aim['id']}/data-points/{first['id']}"
    await person.patch(path, 409, value=9)
    await person.delete(path, 409)
    assert (await standing(person, aim))[0] == 6
    async with person.context() as ctx:
        assert await service.remove_data_points(ctx, check_in) == 2
        assert await service.remove_data_points(ctx, check_in) == 0
    left = (await person.get(f"/goals/{aim['id']}/data-points"))["items"]
    assert [point["id"] for point in left] == [by_hand["id"]]


async def test_a_goal_in_the_trash_takes_no_number_by_hand_but_keeps_what_habits_tell(
    person: Person, travel: Callable[..., None], drain: Any
) -> None:
    aim = await goal(person, target_value=10)
    await person.delete(f"/goals/{aim['id']}")
    await person.post(f"/goals/{aim['id']}/data-points", 409, value=1)
    async with person.context() as ctx:
        await service.record_data_point(
            ctx, UUID(aim["id"]), date(2200, 1, 1), 2, source=PointSource.HABIT, source_id=new_id()
        )
    await person.post(f"/goals/{aim['id']}/restore")
    assert (await standing(person, aim))[0] == 2


async def test_kinds_and_numbers_must_agree(person: Person) -> None:
    for wrong in (
        {"kind": "reduce", "start_value": 5, "target_value": 9},
        {"start_value": 5, "target_value": 5},
        {"kind": "maintain", "target_value": 0},
        {"period": "week"},
        {"kind": "dream"},
        {"start_value": "0"},
    ):
        await person.post("/goals", 422, title="No", **wrong)
    aim = await person.post("/goals", 201, title="Move", kind="maintain", target_value=3)
    assert (aim["period"], aim["value"], aim["start_date"] is not None) == ("week", None, True)
    changed = await person.patch(f"/goals/{aim['id']}", kind="milestones")
    assert (changed["kind"], changed["period"]) == ("milestones", None)
