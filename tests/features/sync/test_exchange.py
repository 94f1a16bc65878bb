"""One device and the server: what goes up, what comes down, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from selfos.kernel.identifiers import new_id
from tests.factories import Person
from tests.features.sync.devices import Device


async def test_what_is_made_offline_arrives_and_can_be_edited_at_once(person: Person) -> None:
    phone = Device(person)
    task = phone.do("task", "create", title="Call Mum")
    phone.do("task", "update", task, title="Call Dad", labels=["family"])
    phone.do("task", "complete", task)
    acks = await phone.sync()
    assert [ack["status"] for ack in acks] == ["applied"] * 3, acks
    assert all(ack["changeset_id"] for ack in acks)
    shown = await person.get(f"/tasks/{task}")
    assert (shown["title"], shown["state"]) == ("Call Dad", "done")
    assert phone.row("task", task) == shown


async def test_a_full_sync_is_paged_and_ends_with_a_cursor(person: Person) -> None:
    for number in range(7):
        await person.post("/tasks", 201, title=f"Task {number}", labels=["home"])
    phone = Device(person)
    first = await phone.send(limit=3)
    assert (first["full_sync"], first["more"], first["cursor"]) == (True, True, None)
    assert len(first["changes"]) == 3
    await phone.sync(limit=3)
    assert len([key for key in phone.rows if key[0] == "task"]) == 7
    assert phone.cursor is not None
    again = await phone.send()
    assert (again["full_sync"], again["more"], again["changes"]) == (False, False, [])


async def test_a_delta_brings_what_others_changed_in_pages(person: Person) -> None:
    phone = Device(person)
    await phone.sync()
    tasks = [await person.post("/tasks", 201, title=f"Task {n}") for n in range(5)]
    await person.delete(f"/tasks/{tasks[0]['id']}")
    answer = await phone.send(limit=2)
    assert (answer["full_sync"], answer["more"]) == (False, True)
    await phone.sync(limit=2)
    assert phone.row("task", tasks[0]["id"])["deleted_at"] is not None
    for task in tasks[1:]:
        assert phone.row("task", task["id"]) == await person.get(f"/tasks/{task['id']}")


async def test_what_shows_a_changed_thing_comes_along(person: Person) -> None:
    project = await person.post("/projects", 201, name="House")
    goal = await person.post("/goals", 201, title="Move in", project_id=project["id"])
    top = await person.post("/tasks", 201, title="Paint", goal_id=goal["id"], labels=["home"])
    child = await person.post("/tasks", 201, title="Buy paint", parent_id=top["id"])
    other = await person.post("/tasks", 201, title="Hang pictures")
    tie = await person.post(f"/tasks/{other['id']}/dependencies", 201, blocker_id=child["id"])
    phone = Device(person)
    await phone.sync()

    async def agrees() -> None:
        await phone.sync()
        for (entity, thing), row in phone.rows.items():
            if entity in ("task", "goal", "project"):
                assert row == await person.get(f"/{entity}s/{thing}"), entity

    await person.post(f"/tasks/{child['id']}/complete")
    await agrees()
    assert phone.row("task", other["id"])["blocked"] is False
    await person.patch(f"/labels/{top['labels'][0]['id']}", name="house")
    await agrees()
    await person.patch(f"/tasks/{child['id']}", title="Buy white paint")
    await agrees()
    assert phone.row("dependency", tie["id"])["blocker_title"] == "Buy white paint"
    await person.post(f"/projects/{project['id']}/phases", 201, name="First")
    await agrees()
    await person.patch(f"/tasks/{top['id']}", goal_id=None, project_id=None)
    await agrees()
    await person.delete(f"/tasks/{other['id']}/dependencies/{tie['id']}")
    await agrees()
    assert ("dependency", tie["id"]) not in phone.rows
    await person.post("/undo")
    await agrees()
    assert phone.row("dependency", tie["id"])["blocked_id"] == other["id"]


async def test_repeating_changes_does_nothing_twice(person: Person) -> None:
    phone = Device(person)
    make = phone.op("task", "create", title="Once")
    done = phone.op("task", "complete", make["entity_id"])
    first = await phone.send(make, done)
    again = await phone.send(make, done)
    assert [ack["status"] for ack in first["acks"]] == ["applied"] * 2
    assert [ack["status"] for ack in again["acks"]] == ["repeated"] * 2
    changesets = [[ack["changeset_id"] for ack in answer["acks"]] for answer in (first, again)]
    assert changesets[0] == changesets[1]
    assert first["cursor"] is None or again["cursor"] == first["cursor"]


async def test_a_bad_change_is_refused_by_itself(person: Person) -> None:
    phone = Device(person)
    wrong: list[dict[str, Any]] = [
        phone.op("spell", "create", title="No such entity"),
        phone.op("task", "fly", title="No such verb"),
        phone.op("task", "create", title=""),
        phone.op("task", "create", title="Fine", colour="red"),
        phone.op("task", "complete", str(new_id())),
        phone.op("task", "complete", str(new_id()), title="Takes nothing"),
        {**phone.op("task", "create", title="Clock"), "hlc": "yesterday"},
        {**phone.op("task", "create", title="Id"), "id": "1"},
        {**phone.op("task", "create", title="Thing"), "entity_id": "one"},
    ]
    good = phone.op("task", "create", title="Good")
    acks = (await phone.send(*wrong, good))["acks"]
    assert [ack["status"] for ack in acks] == ["refused"] * len(wrong) + ["applied"]
    problems = [ack["problem"] for ack in acks[:-1]]
    assert all(problem["detail"] and problem["status"] in (404, 422) for problem in problems)
    assert [task["title"] for task in (await person.get("/tasks"))["items"]] == ["Good"]
    assert (await phone.send(wrong[2]))["acks"][0]["status"] == "refused"


async def test_what_is_too_old_is_refused_and_everything_comes_anew(
    person: Person, travel: Callable[..., None]
) -> None:
    phone = Device(person)
    old = phone.op("task", "create", title="Long ago")
    await phone.sync()
    await person.post("/tasks", 201, title="There")
    travel(days=91)
    await person.post("/auth/login", email=person.email, password=person.password)
    fresh = Device(person)
    late = await fresh.send(cursor=phone.cursor)
    assert late["full_sync"]
    answer = await phone.send(old)
    assert answer["full_sync"]
    assert answer["acks"][0]["problem"]["type"] == "urn:selfos:problem:too-old"
    assert [task["title"] for task in (await person.get("/tasks"))["items"]] == ["There"]


async def test_an_unknown_cursor_or_page_does_not_lose_anything(person: Person) -> None:
    phone = Device(person)
    assert (await phone.send(cursor=10**9))["full_sync"]
    await person.post("/sync", 422, device=phone.id, page="nonsense")
    await person.post("/sync", 422, device="mine")
    await person.post("/sync", 422, device=phone.id, ops=[phone.op("task", "create")] * 501)


async def test_a_clock_that_runs_ahead_is_believed_for_a_minute(person: Person) -> None:
    ahead, right = Device(person, skew=timedelta(days=3)), Device(person)
    task = (await person.post("/tasks", 201, title="Start"))["id"]
    await ahead.sync()
    await right.sync()
    ahead.do("task", "update", task, title="From the future")
    await ahead.sync()
    answer = await right.send()
    assert answer["server_hlc"] < (ahead.op("task", "update")["hlc"])


@pytest.mark.parametrize("entity", ["area", "project", "goal", "task", "label"])
async def test_every_noun_of_planning_is_made_changed_and_deleted(
    person: Person, entity: str
) -> None:
    phone = Device(person)
    name = "title" if entity in ("goal", "task") else "name"
    thing = phone.do(entity, "create", **{name: "First"})
    phone.do(entity, "update", thing, **{name: "Second"})
    assert [ack["status"] for ack in await phone.sync()] == ["applied"] * 2
    assert phone.row(entity, thing)[name] == "Second"
    phone.do(entity, "delete", thing)
    assert [ack["status"] for ack in await phone.sync()] == ["applied"]
    gone = phone.rows.get((entity, thing))
    assert gone is None if entity == "label" else gone and gone["deleted_at"]


async def test_phases_and_ties_are_synced_by_what_shows_them(person: Person) -> None:
    phone = Device(person)
    project = phone.do("project", "create", name="House")
    phase = phone.do("phase", "create", project_id=project, name="Paint")
    first, second = (phone.do("task", "create", title=title) for title in ("First", "Second"))
    tie = phone.do("dependency", "create", blocked_id=second, blocker_id=first)
    assert {ack["status"] for ack in await phone.sync()} == {"applied"}
    assert [shown["id"] for shown in phone.row("project", project)["phases"]] == [phase]
    assert phone.row("task", second)["blocked_by"] == [first]
    phone.do("phase", "update", phase, name="Paint it")
    phone.do("dependency", "delete", tie)
    phone.do("task", "move", second, after_id=None)
    assert {ack["status"] for ack in await phone.sync()} == {"applied"}
    assert phone.row("project", project)["phases"][0]["name"] == "Paint it"
    assert phone.row("task", second)["blocked"] is False
    assert phone.row("task", second)["rank"] < phone.row("task", first)["rank"]
