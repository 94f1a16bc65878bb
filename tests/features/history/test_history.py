"""Reading what happened: the workspace's history, one object's, one changeset in full."""

from typing import Any

from selfos.kernel.identifiers import new_id
from tests.factories import Person


async def test_history_tells_newest_first_who_did_what(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Call Mum")
    await person.post(f"/tasks/{task['id']}/complete")
    done, added, began = (await person.get("/history"))["items"]
    assert done["label"] == "Completed “Call Mum”"
    assert added["label"] == "Added “Call Mum”"
    assert (began["label"], began["undoable"]) == ("Began", False)
    assert [done["seq"], added["seq"], began["seq"]] == [3, 2, 1]
    assert done["door"] == "web"
    assert done["actor"]["kind"] == "user"
    assert done["actor"]["user_id"] == str(person.user_id)
    assert done["actor"]["name"] == (await person.get("/auth/me"))["user"]["name"]
    assert (done["undoable"], done["undo_of"], done["undone_by"]) == (True, None, None)


async def test_every_answer_that_changed_something_names_its_changeset(person: Person) -> None:
    answer = await person.client.post("/tasks", json={"title": "Read"})
    changeset = (await person.get("/history"))["items"][0]
    assert answer.headers["selfos-changeset"] == changeset["id"]
    same = await person.client.patch(f"/tasks/{answer.json()['id']}", json={})
    assert same.status_code == 200
    assert "selfos-changeset" not in same.headers
    assert "selfos-changeset" not in (await person.client.get("/tasks")).headers


async def test_a_changeset_shows_every_row_before_and_after(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Cal Mum")
    await person.patch(f"/tasks/{task['id']}", title="Call Mum", priority=1)
    newest = (await person.get("/history"))["items"][0]
    whole = await person.get(f"/history/{newest['id']}")
    assert {name: whole[name] for name in newest} == newest
    (change,) = whole["changes"]
    assert (change["entity"], change["entity_id"]) == ("task", task["id"])
    assert (change["kind"], change["title"]) == ("update", "Call Mum")
    assert change["before"] == {"title": "Cal Mum", "priority": 4}
    assert change["after"] == {"title": "Call Mum", "priority": 1}


async def test_history_of_one_object_or_kind(person: Person) -> None:
    task = await person.post("/tasks", 201, title="One")
    await person.post("/tasks", 201, title="Two")
    area = await person.post("/areas", 201, name="Health")
    await person.patch(f"/tasks/{task['id']}", title="First")

    async def labels(**query: Any) -> list[str]:
        return [item["label"] for item in (await person.get("/history", **query))["items"]]

    assert await labels(entity="task", entity_id=task["id"]) == ["Changed “First”", "Added “One”"]
    assert await labels(entity_id=area["id"]) == ["Added the area “Health”"]
    assert len(await labels(entity="task")) == 3
    assert await labels(entity_id=str(new_id())) == []
    assert await labels(entity="area", entity_id=task["id"]) == []


async def test_history_pages(person: Person) -> None:
    for number in range(5):
        await person.post("/labels", 201, name=f"label {number}")
    seen: list[int] = []
    query: dict[str, Any] = {"limit": 2, "fields": "seq"}
    while True:
        page = await person.get("/history", **query)
        assert all(item.keys() == {"id", "seq"} for item in page["items"])
        seen += [item["seq"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == [6, 5, 4, 3, 2, 1]


async def test_history_of_others_is_not_found(person: Person, make_person: Any) -> None:
    other: Person = await make_person()
    answer = await other.client.post("/labels", json={"name": "Secret"})
    foreign = answer.headers["selfos-changeset"]
    for path in (f"/history/{foreign}", f"/history/{new_id()}"):
        await person.get(path, 404)
    for deed in ("undo", "redo"):
        await person.post(f"/history/{foreign}/{deed}", 404)
    assert "Secret" not in (await person.client.get("/history")).text


async def test_an_actor_is_shown_by_their_present_name(person: Person) -> None:
    await person.post("/labels", 201, name="x")
    await person.patch("/auth/me", name="Ada Lovelace")
    assert (await person.get("/history"))["items"][0]["actor"]["name"] == "Ada Lovelace"
