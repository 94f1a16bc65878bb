"""A habit moves its linked goal, in the same transaction and back."""

from __future__ import annotations

from typing import Any

from tests.factories import Person


async def distance(person: Person, goal: dict[str, Any]) -> float:
    points = (await person.get(f"/goals/{goal['id']}/data-points"))["items"]
    return sum(point["value"] for point in points)


async def run(person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    goal = await person.post("/goals", 201, title="Run 100 km", target_value=100, target_unit="km")
    habit = await person.post("/habits", 201, title="Run", goal_id=goal["id"], goal_amount=5)
    return goal, habit


async def test_a_check_in_moves_the_goal_in_one_changeset(person: Person) -> None:
    goal, habit = await run(person)
    response = await person.client.post(f"/habits/{habit['id']}/check-ins", json={})
    assert response.status_code == 201
    assert await distance(person, goal) == 5
    changeset = await person.get(f"/history/{response.headers['SelfOS-Changeset']}")
    assert {change["entity"] for change in changeset["changes"]} == {"check_in", "data_point"}
    assert changeset["label"] == "Checked “Run”"


async def test_undo_moves_it_back(person: Person) -> None:
    goal, habit = await run(person)
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    await person.post("/undo")
    assert await distance(person, goal) == 0
    shown = await person.get("/habits/today")
    assert shown["habits"][0]["verdict"] == "open"
    await person.post("/redo")
    assert await distance(person, goal) == 5


async def test_a_correction_and_a_removal_reach_the_goal(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Read 50 hours", target_value=50)
    habit = await person.post(
        "/habits",
        201,
        title="Read",
        type="duration",
        target=30,
        goal_id=goal["id"],
        goal_amount=1 / 60,
    )
    made = await person.post(f"/habits/{habit['id']}/check-ins", 201, amount=30)
    path = f"/habits/{habit['id']}/check-ins/{made['id']}"
    await person.patch(path, amount=90)
    assert await distance(person, goal) == 1.5
    await person.delete(path)
    assert await distance(person, goal) == 0


async def test_a_skip_leaves_the_goal_alone(person: Person) -> None:
    goal, habit = await run(person)
    await person.post(f"/habits/{habit['id']}/skip", 201)
    assert await distance(person, goal) == 0
