"""Notes over HTTP: on anything or free, kept as written, through trash, purge and undo."""

from collections.abc import Callable
from typing import Any

import pytest

from selfos.features.notes.service import purge_trash
from selfos.features.planning.service import purge_trash as purge_plans
from selfos.kernel.identifiers import new_id
from tests.factories import Person

NAMES = {"task": "title", "goal": "title", "project": "name", "area": "name", "habit": "title"}
MARKDOWN = "# As written  \n\n- *kept*\t<b>raw</b>\r\n\r\n```\ncode\n```\n   "


async def thing(person: Person, noun: str, name: str = "Thing") -> str:
    return (await person.post(f"/{noun}s", 201, **{NAMES[noun]: name}))["id"]


async def listed(person: Person, **query: Any) -> list[str]:
    return [note["body"] for note in (await person.get("/notes", **query))["items"]]


async def test_a_note_stands_free_and_keeps_its_text_as_written(person: Person) -> None:
    note = await person.post("/notes", 201, body=MARKDOWN)
    assert note["body"] == MARKDOWN
    assert note["title"] is None
    assert note["target_title"] is None
    assert note["author_id"] == str(person.user_id)
    assert await person.get(f"/notes/{note['id']}") == note


@pytest.mark.parametrize("noun", NAMES)
async def test_a_note_hangs_on_one_thing_and_goes_with_it(person: Person, noun: str) -> None:
    target = {f"{noun}_id": await thing(person, noun, "Boat")}
    note = await person.post("/notes", 201, title="Paint", body="Blue", **target)
    assert note["target_title"] == "Boat"
    await person.post("/notes", 201, body="free")
    assert await listed(person, **target) == ["Blue"]
    assert await listed(person, free=True) == ["free"]
    assert await listed(person, free=False) == ["Blue"]
    path = f"/{noun}s/{target[f'{noun}_id']}"
    await person.delete(path)
    assert await listed(person) == ["free"]
    await person.post("/notes", 422, body="late", **target)
    await person.post(f"{path}/restore")
    assert await listed(person, free=False) == ["Blue"]


async def test_a_note_hangs_on_one_thing_only(person: Person) -> None:
    task, goal = await thing(person, "task"), await thing(person, "goal")
    problem = await person.post("/notes", 422, body="Both", task_id=task, goal_id=goal)
    assert problem["errors"][0]["pointer"] == "/goal_id"
    problem = await person.post("/notes", 422, body="Nowhere", area_id=str(new_id()))
    assert problem["errors"][0]["pointer"] == "/area_id"
    await person.post("/notes", 422, title=None, body=" \n ")
    assert await listed(person) == []


async def test_a_note_moves_to_another_thing_and_free_again(person: Person) -> None:
    task, goal = await thing(person, "task"), await thing(person, "goal")
    note = await person.post("/notes", 201, body="Hello", task_id=task)
    path = f"/notes/{note['id']}"
    moved = await person.patch(path, goal_id=goal)
    assert (moved["task_id"], moved["goal_id"]) == (None, goal)
    await person.patch(path, 422, task_id=task, goal_id=goal)
    assert (await person.patch(path, goal_id=None))["goal_id"] is None
    response = await person.client.patch(path, json={"body": "Hello", "goal_id": None})
    assert "SelfOS-Changeset" not in response.headers
    await person.patch(path, 422, body="")


async def test_pinned_notes_come_first_then_the_last_changed(person: Person) -> None:
    first = await person.post("/notes", 201, body="first")
    for body in ("second", "third"):
        await person.post("/notes", 201, body=body)
    await person.patch(f"/notes/{first['id']}", pinned=True)
    page = await person.get("/notes", limit=1)
    seen = [page["items"][0]["body"]]
    while page["next_cursor"]:
        page = await person.get("/notes", limit=1, cursor=page["next_cursor"])
        seen += [note["body"] for note in page["items"]]
    assert seen == ["first", "third", "second"]
    assert await listed(person, pinned=True) == ["first"]


async def test_a_deleted_note_can_be_restored_until_it_is_purged(
    person: Person, travel: Callable[..., None]
) -> None:
    note = await person.post("/notes", 201, body="Hello")
    path = f"/notes/{note['id']}"
    await person.delete(path)
    assert (await listed(person), await listed(person, deleted=True)) == ([], ["Hello"])
    await person.patch(path, 409, body="Changed")
    await person.delete(path, 409)
    await person.post(f"{path}/restore")
    await person.post(f"{path}/restore", 409)
    assert await listed(person) == ["Hello"]
    await person.delete(path)
    travel(days=31)
    await purge_trash(person.kernel)
    travel(days=-31)
    await person.get(path, 404)


async def test_purging_a_thing_takes_its_notes_and_comments_for_good(
    person: Person, travel: Callable[..., None]
) -> None:
    task = await thing(person, "task")
    note = await person.post("/notes", 201, body="Hello", task_id=task)
    comment = await person.post("/comments", 201, body="Well", task_id=task)
    await person.delete(f"/tasks/{task}")
    travel(days=31)
    await purge_plans(person.kernel)
    travel(days=-31)
    await person.get(f"/notes/{note['id']}", 404)
    await person.get(f"/comments/{comment['id']}", 404)
    newest = (await person.get("/history"))["items"][0]
    assert (newest["label"], newest["undoable"]) == ("Emptied the trash", False)
    await person.post(f"/history/{newest['id']}/undo", 409)


async def test_notes_are_undone_and_redone(person: Person) -> None:
    note = await person.post("/notes", 201, title="Paint", body="Blue")
    await person.patch(f"/notes/{note['id']}", body="Red", pinned=True)
    await person.post("/undo")
    assert await listed(person) == ["Blue"]
    await person.post("/redo")
    assert await listed(person, pinned=True) == ["Red"]
    await person.delete(f"/notes/{note['id']}")
    await person.post("/undo")
    assert await listed(person) == ["Red"]
    labels = [each["label"] for each in (await person.get("/history"))["items"]]
    assert "Wrote the note “Paint”" in labels


async def test_what_a_new_note_hangs_on_is_not_undone_from_under_it(person: Person) -> None:
    made = await person.client.post("/tasks", json={"title": "Boat"})
    note = await person.post("/notes", 201, body="Blue", task_id=made.json()["id"])
    path = f"/history/{made.headers['SelfOS-Changeset']}/undo"
    refused = await person.post(path, 409)
    assert [(c["entity"], c["entity_id"]) for c in refused["conflicts"]] == [("note", note["id"])]
