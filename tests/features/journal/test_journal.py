"""The journal over HTTP: for the day its writer says, and for nobody else's eyes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import httpx2

from selfos.features.journal.service import purge_trash
from selfos.kernel.identifiers import new_id
from tests.factories import Person
from tests.features.sync.devices import Device
from tests.security.world import token_of

MakePerson = Callable[..., Awaitable[Person]]
WORD = "marmalade"
AS_JSON = {"Content-Type": "application/json"}


async def write(person: Person, **entry: Any) -> dict[str, Any]:
    return await person.post("/journal", 201, **entry)


async def bodies(person: Person, **query: Any) -> list[str]:
    return [entry["body"] for entry in (await person.get("/journal", **query))["items"]]


async def in_a_team(owner: Person, other: Person) -> httpx2.AsyncClient:
    """Put both into a team of the owner's, where the other is an admin; returns their client."""
    team = (await owner.post("/workspaces", 201, name="Team"))["id"]
    owner.client.headers["SelfOS-Workspace"] = team
    invited = await owner.post("/invitations", 201, email=other.email, role="admin")
    await other.post("/invitations/accept", token=token_of(invited["accept_url"]))
    other.client.headers["SelfOS-Workspace"] = team
    return other.client


async def test_an_entry_counts_for_the_writers_today_or_for_a_day_that_has_been(
    person: Person, travel: Callable[..., None]
) -> None:
    written = await write(person, body="As *written*  \n", mood=4, words=["Calm", "calm", "proud"])
    assert (written["body"], written["mood"], written["energy"]) == ("As *written*  \n", 4, None)
    assert written["words"] == ["calm", "proud"]
    today = date.fromisoformat(written["day"])
    before = await write(person, day=(today - timedelta(days=40)).isoformat(), mood=1)
    assert [each["id"] for each in (await person.get("/journal"))["items"]] == [
        written["id"],
        before["id"],
    ]
    travel(days=1)
    assert (await person.get(f"/journal/{written['id']}"))["day"] == today.isoformat()
    problem = await person.post("/journal", 422, day=(today + timedelta(days=2)).isoformat())
    assert problem["errors"][0]["pointer"] == "/body"
    problem = await person.post("/journal", 422, mood=3, day=str(today + timedelta(days=2)))
    assert problem["errors"][0]["pointer"] == "/day"
    await person.post("/journal", 422, mood=6)
    await person.post("/journal", 422, body=" \n ")


async def test_an_entry_changes_goes_and_comes_back(
    person: Person, travel: Callable[..., None]
) -> None:
    path = f"/journal/{(await write(person, body='Long', mood=2))['id']}"
    changed = await person.patch(path, mood=None, energy=5)
    assert (changed["mood"], changed["energy"], changed["body"]) == (None, 5, "Long")
    await person.patch(path, 422, body="", energy=None)
    await person.delete(path)
    assert (await bodies(person), await bodies(person, deleted=True)) == ([], ["Long"])
    await person.patch(path, 409, body="Changed")
    await person.post(f"{path}/restore")
    await person.post(f"{path}/restore", 409)
    await person.delete(path)
    travel(days=31)
    await purge_trash(person.kernel)
    travel(days=-31)
    await person.get(path, 404)
    newest = (await person.get("/history"))["items"][0]
    assert (newest["label"], newest["undoable"]) == ("Emptied the trash", False)


async def test_what_is_written_can_be_undone_and_redone(person: Person) -> None:
    entry = await write(person, body="First", mood=3)
    await person.patch(f"/journal/{entry['id']}", body="Second")
    await person.post("/undo")
    assert await bodies(person) == ["First"]
    await person.post("/undo")
    assert await bodies(person) == []
    await person.post("/redo")
    await person.post("/redo")
    assert await bodies(person) == ["Second"]


async def test_days_have_means_and_gaps(person: Person) -> None:
    today = date.fromisoformat((await write(person, mood=2, energy=1))["day"])
    await write(person, mood=5)
    await write(person, day=str(today - timedelta(days=3)), body="Only words")
    shown = await person.get("/journal/days", since=str(today - timedelta(days=9)), until=today)
    assert shown["items"] == [
        {"day": str(today - timedelta(days=3)), "mood": None, "energy": None, "entries": 1},
        {"day": str(today), "mood": 3.5, "energy": 1.0, "entries": 2},
    ]


async def test_a_journal_is_its_writers_alone_in_a_shared_workspace_too(
    person: Person, make_person: MakePerson
) -> None:
    admin = await in_a_team(person, await make_person())
    entry = await write(person, body=f"About {WORD}", mood=1)
    await person.post("/tasks", 201, title="Everybody's")
    mine = (await person.get("/history"))["items"]
    changeset = next(each for each in mine if each["label"] == "Wrote in the journal")
    assert (await admin.get("/journal")).json()["items"] == []
    assert (await admin.get(f"/journal/{entry['id']}")).status_code == 404
    assert (await admin.get("/search", params={"q": WORD})).json()["items"] == []
    labels = [each["label"] for each in (await admin.get("/history")).json()["items"]]
    assert "Wrote in the journal" not in labels
    for method, path in (
        ("GET", f"/history/{changeset['id']}"),
        ("POST", f"/history/{changeset['id']}/undo"),
        ("DELETE", f"/journal/{entry['id']}"),
    ):
        answer = await admin.request(method, path, content="{}", headers=AS_JSON)
        assert answer.status_code == 404, path
    history = (await admin.get("/history", params={"entity_id": entry["id"]})).json()
    assert history["items"] == []
    found = (await person.get("/search", q=WORD))["items"]
    assert [(hit["kind"], hit["id"]) for hit in found] == [("journal_entry", entry["id"])]
    assert (await person.get(f"/journal/{entry['id']}"))["body"] == f"About {WORD}"


async def test_an_entry_reaches_its_writers_devices_and_no_others(
    person: Person, make_person: MakePerson
) -> None:
    other = await make_person()
    await in_a_team(person, other)
    phone, twin = Device(person), Device(person)
    entry_id = phone.do("journal_entry", "create", mood=4, body="Written offline")
    await phone.sync()
    assert (await person.get(f"/journal/{entry_id}"))["mood"] == 4
    tablet = Device(other)
    await tablet.sync()
    await twin.sync()
    twin.do("journal_entry", "update", entry_id, mood=2)
    phone.do("journal_entry", "update", entry_id, mood=5)
    await twin.sync()
    await phone.sync()
    await tablet.sync()
    assert (await other.get("/sync/conflicts"))["items"] == []
    (lost,) = (await person.get("/sync/conflicts"))["items"]
    assert (lost["kept"], lost["lost"]) == (5, 2)
    assert not [key for key in tablet.rows if key[0] == "journal_entry"]
    assert (await person.get(f"/journal/{entry_id}"))["mood"] == 5


async def test_a_taken_id_is_refused_to_others_without_a_word(
    person: Person, make_person: MakePerson
) -> None:
    admin = await in_a_team(person, await make_person())
    entry_id = str(new_id())
    await write(person, id=entry_id, mood=3)
    refused = await admin.post("/journal", json={"id": entry_id, "mood": 3})
    assert refused.status_code == 409
