"""Undo and redo: what comes back, what stands in the way, and what never comes back."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from bench.recording import Statement, recorded
from selfos.kernel.identifiers import new_id
from tests.factories import Person

MakePerson = Callable[..., Awaitable[Person]]
Travel = Callable[..., None]


async def deed(person: Person, method: str, path: str, **body: Any) -> str:
    """Do something and return the changeset to undo it by."""
    answer = await person.client.request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer.headers["selfos-changeset"]


async def refused(person: Person, path: str, status: int = 409, **body: Any) -> Any:
    answer = await person.client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def team_up(owner: Person, guest: Person, role: str = "member") -> None:
    """Found a team of two and go there."""
    team = await owner.post("/workspaces", 201, name="Crew")
    owner.client.headers["SelfOS-Workspace"] = team["id"]
    made = await owner.post("/invitations", 201, email=guest.email, role=role)
    link: str = made["accept_url"]
    token = parse_qs(urlsplit(link).query)["token"][0]
    await guest.post("/invitations/accept", token=token)
    guest.client.headers["SelfOS-Workspace"] = team["id"]


async def test_undo_of_a_creation_removes_and_redo_brings_the_same_row_back(
    person: Person,
) -> None:
    task = await person.post("/tasks", 201, title="Call Mum", labels=["family"])
    undone = await person.post("/undo")
    assert undone["conflicts"] == []
    await person.get(f"/tasks/{task['id']}", 404)
    await person.post("/redo")
    again = await person.get(f"/tasks/{task['id']}")
    stamps = {"version", "updated_at"}
    assert {k: v for k, v in again.items() if k not in stamps} == {
        k: v for k, v in task.items() if k not in stamps
    }
    assert again["version"] > task["version"]


async def test_undo_of_an_update_restores_only_what_it_changed(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Cal Mum")
    correction = await deed(person, "PATCH", f"/tasks/{task['id']}", title="Call Mum")
    await person.patch(f"/tasks/{task['id']}", priority=1)
    await person.post(f"/history/{correction}/undo")
    now = await person.get(f"/tasks/{task['id']}")
    assert (now["title"], now["priority"]) == ("Cal Mum", 1)


async def test_undo_of_a_real_deletion_brings_the_row_and_its_ties_back(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Paint", labels=["home"])
    label = task["labels"][0]["id"]
    removal = await deed(person, "DELETE", f"/labels/{label}")
    assert (await person.get(f"/tasks/{task['id']}"))["labels"] == []
    await person.post(f"/history/{removal}/undo")
    assert (await person.get(f"/tasks/{task['id']}"))["labels"][0]["id"] == label


async def test_undo_and_redo_are_changesets_with_words_of_their_own(person: Person) -> None:
    added = await deed(person, "POST", "/labels", name="home")
    undone = await person.post("/undo")
    redone = await person.post("/redo")
    redo, undo, first = (await person.get("/history"))["items"][:3]
    assert [first["id"], undo["id"], redo["id"]] == [
        added,
        undone["changeset_id"],
        redone["changeset_id"],
    ]
    assert undo["label"] == "Undid: Added the label “home”"
    assert redo["label"] == "Redid: Added the label “home”"
    assert (undo["undo_of"], redo["undo_of"]) == (added, undo["id"])
    assert (first["undone_by"], first["undoable"]) == (None, True)


async def test_fields_changed_since_are_reported_and_nothing_is_touched(person: Person) -> None:
    task = await person.post("/tasks", 201, title="One")
    first = await deed(person, "PATCH", f"/tasks/{task['id']}", title="Two", priority=1)
    await person.patch(f"/tasks/{task['id']}", title="Three")
    before = await person.get(f"/tasks/{task['id']}")
    problem = await refused(person, f"/history/{first}/undo")
    assert problem["type"] == "urn:selfos:problem:conflict"
    assert problem["conflicts"] == [
        {"entity": "task", "entity_id": task["id"], "fields": ["title"], "title": "Three"}
    ]
    assert await person.get(f"/tasks/{task['id']}") == before
    assert (await person.get(f"/history/{first}"))["undoable"] is True


async def test_a_partial_undo_takes_back_what_still_holds(person: Person) -> None:
    task = await person.post("/tasks", 201, title="One")
    first = await deed(person, "PATCH", f"/tasks/{task['id']}", title="Two", priority=1)
    await person.patch(f"/tasks/{task['id']}", title="Three")
    done = await person.post(f"/history/{first}/undo", partial=True)
    assert [conflict["fields"] for conflict in done["conflicts"]] == [["title"]]
    now = await person.get(f"/tasks/{task['id']}")
    assert (now["title"], now["priority"]) == ("Three", 4)


async def test_a_row_that_is_gone_is_a_conflict_of_its_own(person: Person) -> None:
    label = await person.post("/labels", 201, name="home")
    renamed = await deed(person, "PATCH", f"/labels/{label['id']}", name="house")
    await person.delete(f"/labels/{label['id']}")
    problem = await refused(person, f"/history/{renamed}/undo")
    assert [(c["fields"], c["title"]) for c in problem["conflicts"]] == [(["id"], "house")]
    partial = await person.post(f"/history/{renamed}/undo", partial=True)
    assert [c["fields"] for c in partial["conflicts"]] == [["id"]]


async def test_rows_of_others_are_never_carried_along(person: Person) -> None:
    project = await person.post("/projects", 201, name="Move house")
    place = f"/projects/{project['id']}"
    added = await deed(person, "POST", f"{place}/phases", name="Pack")
    phase = (await person.get(place))["phases"][0]["id"]
    task = await person.post("/tasks", 201, title="Boxes", phase_id=phase)
    for partial in (False, True):
        problem = await refused(person, f"/history/{added}/undo", partial=partial)
        assert ("task", ["*"]) in [(c["entity"], c["fields"]) for c in problem["conflicts"]]
    assert (await person.get(f"/tasks/{task['id']}"))["phase_id"] == phase


async def test_a_change_that_refers_to_something_gone_cannot_come_back(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Paint", labels=["home"])
    taken_off = await deed(person, "PATCH", f"/tasks/{task['id']}", labels=[])
    await person.delete(f"/labels/{task['labels'][0]['id']}")
    problem = await refused(person, f"/history/{taken_off}/undo")
    assert "no longer exists" in problem["detail"]


async def test_many_conflicts_are_named_in_one_query(person: Person) -> None:
    ids = [(await person.post("/tasks", 201, title=f"Task {n}"))["id"] for n in range(5)]
    action = {"kind": "update", "fields": {"priority": 1}}
    edit = await deed(person, "POST", "/tasks/bulk", task_ids=ids, action=action)
    for number, task_id in enumerate(ids):
        await person.patch(f"/tasks/{task_id}", priority=2, title=f"Renamed {number}")
    sent: list[Statement] = []
    with recorded(sent):
        problem = await refused(person, f"/history/{edit}/undo")
    assert sorted(c["title"] for c in problem["conflicts"]) == [f"Renamed {n}" for n in range(5)]
    assert len([each for each in sent if "DISTINCT ON" in str(each)]) == 1


async def test_undoing_twice_and_redoing_what_stands_are_conflicts(person: Person) -> None:
    added = await deed(person, "POST", "/labels", name="home")
    assert "nothing to redo" in (await refused(person, f"/history/{added}/redo"))["detail"]
    await person.post(f"/history/{added}/undo")
    assert "undone already" in (await refused(person, f"/history/{added}/undo"))["detail"]
    await person.post(f"/history/{added}/redo")
    await refused(person, f"/history/{added}/redo")
    await person.post(f"/history/{added}/undo")
    assert (await person.get("/labels"))["items"] == []


async def test_unknown_changesets_are_not_found(person: Person) -> None:
    for action in ("undo", "redo"):
        await refused(person, f"/history/{new_id()}/{action}", 404)


async def test_undo_and_redo_walk_my_changes_like_a_stack(person: Person) -> None:
    async def names() -> list[str]:
        return [label["name"] for label in (await person.get("/labels"))["items"]]

    for name in ("a", "b", "c"):
        await person.post("/labels", 201, name=name)
    walked: list[list[str]] = []
    for _ in range(3):
        await person.post("/undo")
        walked.append(await names())
    assert walked == [["a", "b"], ["a"], []]
    assert "nothing to undo" in (await refused(person, "/undo", 404))["detail"]
    walked.clear()
    for _ in range(3):
        await person.post("/redo")
        walked.append(await names())
    assert walked == [["a"], ["a", "b"], ["a", "b", "c"]]
    assert "nothing to redo" in (await refused(person, "/redo", 404))["detail"]


async def test_something_new_ends_the_way_forward(person: Person) -> None:
    await person.post("/labels", 201, name="a")
    await person.post("/undo")
    await person.post("/labels", 201, name="b")
    await refused(person, "/redo", 404)
    await person.post("/undo")
    assert (await person.get("/labels"))["items"] == []


async def test_thirty_days_later_it_stands(person: Person, travel: Travel) -> None:
    travel(days=-30, hours=-1)
    old = await deed(person, "POST", "/labels", name="old")
    travel(hours=2)
    young = await deed(person, "POST", "/labels", name="young")
    travel(days=30, hours=-1)
    assert "30 days" in (await refused(person, f"/history/{old}/undo"))["detail"]
    shown = {item["id"]: item["undoable"] for item in (await person.get("/history"))["items"]}
    assert (shown[old], shown[young]) == (False, True)
    await person.post("/undo")
    await refused(person, "/undo", 404)
    assert [label["name"] for label in (await person.get("/labels"))["items"]] == ["old"]


async def test_members_are_never_brought_back_by_undo(
    person: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    await team_up(person, other)
    me = next(
        m for m in (await person.get("/members"))["items"] if m["user_id"] == str(other.user_id)
    )
    removal = await deed(person, "DELETE", f"/members/{me['id']}")
    problem = await refused(person, f"/history/{removal}/undo")
    assert "Memberships" in problem["detail"]
    await refused(person, "/undo", 404)
    await other.get("/tasks", 404)


async def test_two_people_undo_their_own(person: Person, make_person: MakePerson) -> None:
    other = await make_person()
    await team_up(person, other)
    await person.post("/labels", 201, name="hers")
    await other.post("/labels", 201, name="his")
    await person.post("/undo")
    assert [label["name"] for label in (await other.get("/labels"))["items"]] == ["his"]
    await other.post("/undo")
    assert (await person.get("/labels"))["items"] == []
    await other.post("/redo")
    assert [label["name"] for label in (await person.get("/labels"))["items"]] == ["his"]


async def test_one_may_undo_the_others_change_by_name(
    person: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    await team_up(person, other)
    theirs = await deed(other, "POST", "/labels", name="his")
    await person.post(f"/history/{theirs}/undo")
    newest = (await other.get("/history"))["items"][0]
    assert newest["actor"]["user_id"] == str(person.user_id)
    await refused(other, "/undo", 404)


async def test_a_guest_neither_sees_history_nor_undoes(
    person: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    await team_up(person, other, "guest")
    mine = await deed(person, "POST", "/labels", name="mine")
    assert (await other.client.get("/history")).status_code == 403
    for path in (f"/history/{mine}/undo", f"/history/{mine}/redo", "/undo", "/redo"):
        await refused(other, path, 403)


async def test_an_undo_of_a_bulk_change_takes_all_back(person: Person) -> None:
    tasks = [await person.post("/tasks", 201, title=f"Task {n}") for n in range(4)]
    ids = [task["id"] for task in tasks]
    done = await deed(person, "POST", "/tasks/bulk", task_ids=ids, action={"kind": "complete"})
    assert (await person.get(f"/history/{done}"))["changes_count"] >= 4
    await person.post(f"/history/{done}/undo")
    states = {task["state"] for task in (await person.get("/tasks"))["items"]}
    assert states == {tasks[0]["state"]}


@pytest.mark.parametrize("path", ["/undo", "/redo"])
async def test_strangers_are_asked_to_sign_in(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.post(path)).status_code == 401
