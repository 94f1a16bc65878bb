"""A change that changes nothing leaves no trace: no changeset, no event, no new version."""

from typing import Any

import httpx2
import pytest

from tests.factories import Person

WHEN = {"kind": "floating", "date": "2027-03-01", "time": "09:30"}
TASK = {
    "title": "Call Mum",
    "notes": "About *Sunday*",
    "priority": 2,
    "due": WHEN,
    "start": {"kind": "date", "date": "2027-02-01"},
    "duration_minutes": 15,
    "labels": ["Family"],
    "weight": 2.0,
}
THINGS: dict[str, dict[str, Any]] = {
    "areas": {"name": "Health", "weight": 7},
    "projects": {"name": "House", "target_date": "2027-05-01"},
    "goals": {"title": "Run", "why": "Air", "target_value": 10.0},
    "tasks": TASK,
    "labels": {"name": "Home"},
}


def assert_no_trace(made: httpx2.Response, repeated: httpx2.Response) -> None:
    assert repeated.status_code == 200, repeated.text
    assert "SelfOS-Changeset" not in repeated.headers
    assert repeated.headers["ETag"] == made.headers["ETag"]
    assert repeated.json() == made.json()


@pytest.mark.parametrize("noun", THINGS)
async def test_saying_the_same_again_leaves_no_trace(person: Person, noun: str) -> None:
    made = await person.client.post(f"/{noun}", json=THINGS[noun])
    assert made.status_code == 201, made.text
    path = f"/{noun}/{made.json()['id']}"
    assert_no_trace(made, await person.client.patch(path, json=THINGS[noun]))
    assert_no_trace(made, await person.client.patch(path, json={}))
    newest = (await person.get("/history"))["items"][0]
    assert newest["id"] == made.headers["SelfOS-Changeset"]


async def test_staying_in_the_same_place_leaves_no_trace(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Run")
    made = await person.client.post("/tasks", json={"title": "Shoes", "goal_id": goal["id"]})
    path = f"/tasks/{made.json()['id']}"
    assert_no_trace(made, await person.client.patch(path, json={"goal_id": goal["id"]}))
    assert_no_trace(made, await person.client.post(f"{path}/move", json={"goal_id": goal["id"]}))


async def test_an_event_names_only_what_is_different(person: Person) -> None:
    task = await person.post("/tasks", 201, **TASK)
    change = {"title": "Call Mum", "priority": 1, "labels": ["family", "Phone"], "due": None}
    response = await person.client.patch(f"/tasks/{task['id']}", json=change)
    assert response.headers["ETag"] == '"2"'
    async with person.context() as ctx:
        told = await ctx.transaction.driver.execute(
            "SELECT payload->'fields' FROM events WHERE workspace_id = %s AND type = %s",
            (person.workspace_id, "task.updated"),
        )
        assert await told.fetchall() == [(["due", "labels", "priority"],)]
