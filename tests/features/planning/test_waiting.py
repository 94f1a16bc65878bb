"""What waits for somebody or until a day, what starts later, and labels added and taken off."""

from typing import Any

import pytest

from tests.factories import Person


async def shown(person: Person, day: str) -> dict[str, list[str]]:
    today = await person.get("/today", date=day)
    lists = ("overdue", "due", "returning", "next")
    return {name: [task["title"] for task in today[name]] for name in lists if today[name]}


async def test_a_task_that_waits_until_a_day_returns_on_it_with_its_reason(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Visa")
    path = f"/tasks/{task['id']}"
    waiting = await person.patch(path, waiting_for="the embassy", waiting_until="2027-03-10")
    assert waiting["state"] == "waiting"
    assert await shown(person, "2027-03-09") == {}
    assert await shown(person, "2027-03-10") == {"returning": ["Visa"]}
    today = await person.get("/today", date="2027-03-12")
    (back,) = today["returning"]
    assert (back["waiting_for"], back["waiting_until"]) == ("the embassy", "2027-03-10")
    assert today["rings"]["tasks"] == {"done": 0, "planned": 1}
    assert (await person.patch(path, state="doing"))["waiting_until"] is None
    assert await shown(person, "2027-03-12") == {}


async def test_what_waits_is_out_of_sight_until_then_and_listed_once(person: Person) -> None:
    due = {"kind": "date", "date": "2027-03-08"}
    goal = await person.post("/goals", 201, title="Move")
    until = {"waiting_until": "2027-03-10"}
    await person.post("/tasks", 201, title="Pay", due=due, **until)
    await person.post("/tasks", 201, title="Ask", goal_id=goal["id"], **until)
    await person.post("/tasks", 201, title="Call", state="waiting", due=due)
    assert await shown(person, "2027-03-09") == {"overdue": ["Call"]}
    assert await shown(person, "2027-03-10") == {"overdue": ["Pay", "Call"], "returning": ["Ask"]}


async def test_only_a_waiting_task_waits_until_a_day(person: Person) -> None:
    until = {"waiting_until": "2027-03-10"}
    problem = await person.post("/tasks", 422, title="Visa", state="todo", **until)
    assert problem["errors"][0]["pointer"] == "/waiting_until"
    task = await person.post("/tasks", 201, title="Visa")
    path = f"/tasks/{task['id']}"
    await person.patch(path, 422, state="doing", **until)
    await person.post(f"{path}/complete")
    await person.patch(path, 409, **until)


async def test_what_starts_later_is_in_neither_today_nor_inbox_but_under_later(
    person: Person,
) -> None:
    start = {"kind": "date", "date": "2099-01-01"}
    await person.post("/tasks", 201, title="Later", start=start)
    await person.post("/tasks", 201, title="Now")

    async def titles(text: str) -> list[str]:
        return [task["title"] for task in (await person.get("/tasks", q=text))["items"]]

    assert await titles("is:inbox !is:deferred") == ["Now"]
    assert await titles("is:deferred sort:start") == ["Later"]


async def labels_of(person: Person, task: Any) -> list[str]:
    shown = await person.get(f"/tasks/{task['id']}")
    return [label["name"] for label in shown["labels"]]


async def test_labels_are_added_to_and_taken_off_many_tasks_in_one_change(person: Person) -> None:
    first = await person.post("/tasks", 201, title="First", labels=["Home", "Phone"])
    second = await person.post("/tasks", 201, title="Second")
    fields = {"labels_add": ["Errand"], "labels_remove": ["home", "unknown"]}
    edit: dict[str, Any] = {
        "task_ids": [first["id"], second["id"]],
        "action": {"kind": "update", "fields": fields},
    }
    await person.post("/tasks/bulk", **edit)
    assert await labels_of(person, first) == ["Errand", "Phone"]
    assert await labels_of(person, second) == ["Errand"]
    known = [label["name"] for label in (await person.get("/labels"))["items"]]
    assert known == ["Errand", "Home", "Phone"]
    response = await person.client.post("/tasks/bulk", json=edit)
    assert "SelfOS-Changeset" not in response.headers
    await person.post("/undo")
    assert await labels_of(person, first) == ["Home", "Phone"]
    assert await labels_of(person, second) == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"labels": ["a"], "labels_add": ["b"]}, "/labels"),
        ({"labels_add": ["Home"], "labels_remove": ["home"]}, "/labels_remove"),
    ],
)
async def test_contradicting_labels_are_refused(
    person: Person, fields: dict[str, Any], pointer: str
) -> None:
    task = await person.post("/tasks", 201, title="First")
    problem = await person.patch(f"/tasks/{task['id']}", 422, **fields)
    assert problem["errors"][0]["pointer"] == pointer


async def test_many_tasks_wait_in_one_change(person: Person) -> None:
    ids = [(await person.post("/tasks", 201, title=str(n)))["id"] for n in range(3)]
    fields = {"waiting_for": "Ada", "waiting_until": "2027-03-10"}
    action = {"kind": "update", "fields": fields}
    done = await person.post("/tasks/bulk", task_ids=ids, action=action)
    assert {task["state"] for task in done["items"]} == {"waiting"}
    await person.post("/undo")
    assert len((await person.get("/tasks", state="inbox"))["items"]) == 3
