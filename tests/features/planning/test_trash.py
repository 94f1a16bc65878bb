"""Deleting, restoring, the trash and bulk edits: each test is named by its rule."""

from collections.abc import Callable
from typing import Any

from selfos.features.planning import service
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from tests.factories import Person


async def add(person: Person, title: str = "A task", **fields: Any) -> dict[str, Any]:
    return await person.post("/tasks", 201, title=title, **fields)


async def titles(person: Person, path: str = "/tasks", **query: Any) -> list[str]:
    return [row["title"] for row in (await person.get(path, **query))["items"]]


async def test_deleting_takes_the_subtasks_along_and_restoring_brings_them_back(
    person: Person,
) -> None:
    top = await add(person, "Top")
    await add(person, "Below", parent_id=top["id"])
    earlier = await add(person, "Earlier", parent_id=top["id"])
    await person.delete(f"/tasks/{earlier['id']}")
    await person.delete(f"/tasks/{top['id']}")
    assert await titles(person) == []
    assert await titles(person, "/trash") == ["Top", "Earlier"]
    await person.post(f"/tasks/{top['id']}/restore")
    assert await titles(person) == ["Top", "Below"]
    await person.post(f"/tasks/{top['id']}/restore", 409)


async def test_what_lies_in_the_trash_can_be_seen_but_not_changed(person: Person) -> None:
    task = await add(person)
    await person.delete(f"/tasks/{task['id']}")
    assert (await person.get(f"/tasks/{task['id']}"))["deleted_at"] is not None
    await person.patch(f"/tasks/{task['id']}", 409, title="New")
    await person.post(f"/tasks/{task['id']}/complete", 409)
    await person.delete(f"/tasks/{task['id']}", 409)
    await person.post("/tasks", 422, title="Under it", parent_id=task["id"])


async def test_a_container_is_deleted_and_restored_as_a_whole(person: Person) -> None:
    area = await person.post("/areas", 201, name="Health")
    race = await person.post("/projects", 201, name="Race", area_id=area["id"])
    goal = await person.post("/goals", 201, title="Run", project_id=race["id"])
    task = await add(person, goal_id=goal["id"])
    for path in (f"/goals/{goal['id']}", f"/projects/{race['id']}", f"/areas/{area['id']}"):
        await person.delete(path)
    trash = (await person.get("/trash"))["items"]
    assert [row["entity"] for row in trash] == ["area", "project", "goal"]
    assert trash[0]["purge_at"] > trash[0]["deleted_at"]
    await person.post(f"/tasks/{task['id']}/restore", 409)
    await person.post(f"/goals/{goal['id']}/restore", 409)
    for path in (f"/areas/{area['id']}", f"/projects/{race['id']}", f"/goals/{goal['id']}"):
        await person.post(f"{path}/restore")
    assert await titles(person) == ["A task"]
    assert (await person.get("/trash"))["items"] == []


async def test_the_trash_is_emptied_after_thirty_days(
    person: Person, kernel: Kernel, travel: Callable[..., None]
) -> None:
    area = await person.post("/areas", 201, name="Health")
    old = await add(person, "Old", area_id=area["id"], labels=["home"])
    await add(person, "Old child", parent_id=old["id"])
    kept = await add(person, "Kept")
    await person.delete(f"/areas/{area['id']}")
    travel(days=29)
    await service.purge_trash(kernel)
    travel(days=-29)
    assert len((await person.get("/trash"))["items"]) == 1
    travel(days=1)
    await person.delete(f"/tasks/{kept['id']}")
    travel(days=29, minutes=1)
    await service.purge_trash(kernel)
    travel(days=-30)
    assert await titles(person, "/trash") == ["Kept"]
    await person.get(f"/tasks/{old['id']}", 404)
    await person.get(f"/areas/{area['id']}", 404)
    purge = (await person.get("/history"))["items"][0]
    assert (purge["label"], purge["undoable"]) == ("Emptied the trash", False)
    await person.post(f"/history/{purge['id']}/undo", 409)


async def bulk(
    person: Person, tasks: list[dict[str, Any]], expect: int = 200, **action: Any
) -> Any:
    ids = [task["id"] for task in tasks]
    return await person.post("/tasks/bulk", expect, task_ids=ids, action=action)


async def test_bulk_edit_does_all_or_nothing(person: Person) -> None:
    tasks = [await add(person, str(number)) for number in range(3)]
    await bulk(person, [*tasks, {"id": str(new_id())}], 404, kind="complete")
    assert len(await titles(person)) == 3
    done = await bulk(person, [tasks[2], tasks[0]], kind="complete")
    assert [task["title"] for task in done["items"]] == ["2", "0"]
    assert {task["state"] for task in done["items"]} == {"done"}
    await bulk(person, tasks, kind="complete")
    await bulk(person, tasks, kind="reopen")
    assert await titles(person) == ["0", "1", "2"]


async def test_bulk_edit_changes_and_moves_in_the_named_order(person: Person) -> None:
    goal = await person.post("/goals", 201, title="Run")
    tasks = [await add(person, str(number)) for number in range(4)]
    changed = await bulk(person, tasks[:2], kind="update", fields={"priority": 1, "labels": ["x"]})
    assert [task["priority"] for task in changed["items"]] == [1, 1]
    moved = await bulk(
        person, [tasks[3], tasks[0]], kind="move", goal_id=goal["id"], after_id=tasks[1]["id"]
    )
    assert {task["goal_id"] for task in moved["items"]} == {goal["id"]}
    assert await titles(person) == ["1", "3", "0", "2"]


async def test_bulk_rescheduling_keeps_times_of_day(person: Person) -> None:
    floating = {"kind": "floating", "date": "2026-11-27", "time": "17:00"}
    dues = [None, {"kind": "date", "date": "2026-11-27"}, floating]
    dues += [{**floating, "kind": "zoned", "zone": "Asia/Tokyo"}]
    tasks = [await add(person, str(number), due=due) for number, due in enumerate(dues)]
    moved = await bulk(person, tasks, kind="reschedule", date="2026-12-01")
    on_the_day = [{"kind": "date"}, {"kind": "date"}, floating, dues[3]]
    assert [task["due"] for task in moved["items"]] == [
        {**due, "date": "2026-12-01"} for due in on_the_day if due
    ]


async def test_bulk_delete_and_restore_include_parents_with_their_subtasks(person: Person) -> None:
    top = await add(person, "Top")
    child = await add(person, "Child", parent_id=top["id"])
    for away, back in (("delete", "restore"), ("archive", "unarchive")):
        await bulk(person, [child, top], kind=away)
        assert await titles(person) == []
        await bulk(person, [child, top], kind=back)
        assert await titles(person) == ["Top", "Child"]
    await bulk(person, [top], kind="cancel")
    assert await titles(person, state="cancelled") == ["Top", "Child"]


async def test_bulk_edit_leaves_one_changeset(person: Person) -> None:
    tasks = [await add(person, str(number)) for number in range(3)]
    await bulk(person, tasks, kind="delete")
    newest = (await person.get("/history"))["items"][0]
    assert (newest["label"], newest["changes_count"]) == ("Deleted 3 tasks", 3)


async def test_undoing_a_bulk_delete_brings_everything_back(person: Person) -> None:
    top = await add(person, "Top", labels=["home"])
    await add(person, "Child", parent_id=top["id"])
    await bulk(person, [top], kind="delete")
    await person.post("/undo")
    assert await titles(person) == ["Top", "Child"]
