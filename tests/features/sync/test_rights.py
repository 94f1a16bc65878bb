"""Each change stands under the rights of its own moment, and reaches only what is one's own."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest

from selfos.features.sync import service as sync
from selfos.features.sync.schemas import SyncRequest
from selfos.kernel.context import Context
from selfos.kernel.errors import Forbidden, NotFound
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import Door
from selfos.kernel.permissions import Role
from tests.factories import Person
from tests.features.sync.devices import Device, next_instant

MakePerson = Callable[..., Awaitable[Person]]
DAY, WEEKLY = {"kind": "date", "date": "2030-01-01"}, {"rule": "FREQ=WEEKLY"}


async def test_foreign_things_are_refused_like_missing_ones(make_person: MakePerson) -> None:
    owner, other = await make_person(), await make_person()
    made = {
        "area": (await owner.post("/areas", 201, name="Mine"))["id"],
        "project": (await owner.post("/projects", 201, name="Mine"))["id"],
        "goal": (await owner.post("/goals", 201, title="Mine"))["id"],
        "label": (await owner.post("/labels", 201, name="Mine"))["id"],
        "task": (await owner.post("/tasks", 201, title="Mine"))["id"],
        "filter": (await owner.post("/filters", 201, name="Mine", query="p1"))["id"],
        "template": (await owner.post("/templates", 201, name="Mine", tasks=[{"title": "M"}]))[
            "id"
        ],
    }
    before = await owner.get("/history")
    phone = Device(other)

    async def answer(entity: str, verb: str, thing: str, **fields: Any) -> dict[str, Any]:
        (ack,) = (await phone.send(phone.op(entity, verb, thing, **fields)))["acks"]
        assert ack["status"] == "refused"
        assert "Mine" not in str(ack)
        return ack["problem"]

    for entity, thing in made.items():
        name = "title" if entity in ("goal", "task") else "name"
        for verb, fields in (("update", {name: "Stolen"}), ("delete", {})):
            there = await answer(entity, verb, thing, **fields)
            assert there == await answer(entity, verb, str(new_id()), **fields)
    for field in ("area_id", "project_id", "goal_id", "parent_id"):
        thing = made["task" if field == "parent_id" else field.removesuffix("_id")]
        there = await answer("task", "create", str(new_id()), title="Mine?", **{field: thing})
        absent = {field: str(new_id())}
        assert there == await answer("task", "create", str(new_id()), title="Mine?", **absent)
    assert await owner.get("/history") == before
    assert (await phone.send())["changes"] == []


async def test_an_id_used_elsewhere_can_be_used_here(make_person: MakePerson) -> None:
    owner, other = await make_person(), await make_person()
    taken = (await owner.post("/tasks", 201, title="Mine"))["id"]
    phone = Device(other)
    phone.do("task", "create", taken, title="Other")
    assert [ack["status"] for ack in await phone.sync()] == ["applied"]


@asynccontextmanager
async def door(person: Person, roles: list[Role | None]) -> AsyncGenerator[Context]:
    """Open the person's Context with the next of these roles; None is a removed member."""
    role = roles.pop(0)
    if role is None:
        raise NotFound("There is no such workspace.")
    async with person.context(role) as ctx:
        yield ctx


async def exchanged(
    person: Person, roles: list[Role | None], *titles: str
) -> tuple[list[str], dict[str, Any]]:
    phone = Device(person)
    ops = [phone.op("task", "create", title=title) for title in titles]
    request = SyncRequest.model_validate({"device": phone.id, "ops": ops})

    def open_again(_: Door) -> Any:
        return door(person, roles)

    answer = json.loads(await sync.exchange(open_again, request))
    return [ack["status"] for ack in answer["acks"]], answer


async def test_who_becomes_a_guest_in_the_middle_is_refused_from_there(person: Person) -> None:
    # The second change opens the door twice: to be done, and to keep its refusal.
    roles: list[Role | None] = [Role.MEMBER, Role.GUEST, Role.GUEST, Role.GUEST]
    statuses, answer = await exchanged(person, roles, "One", "Two")
    assert statuses == ["applied", "refused"]
    assert answer["acks"][1]["problem"]["permission"] == "task:write"
    assert [change["row"]["title"] for change in answer["changes"]] == ["One"]


async def test_who_is_removed_in_the_middle_hears_nothing_more(person: Person) -> None:
    statuses, answer = await exchanged(person, [Role.MEMBER, None], "One", "Two", "Three")
    assert statuses == ["applied", "refused", "refused"]
    assert answer["acks"][2]["problem"]["status"] == 404
    assert (answer["changes"], answer["server_hlc"], answer["more"]) == ([], None, False)
    assert [task["title"] for task in (await person.get("/tasks"))["items"]] == ["One"]


async def test_guests_read_and_removed_members_do_not(make_person: MakePerson) -> None:
    owner, guest = await make_person(), await make_person()
    team = (await owner.post("/workspaces", 201, name="Team"))["id"]
    here = {"SelfOS-Workspace": team}
    made = await owner.client.post("/tasks", json={"title": "Ours"}, headers=here)
    assert made.status_code == 201
    invited = await owner.client.post(
        "/invitations", json={"email": guest.email, "role": "guest"}, headers=here
    )
    token = invited.json()["accept_url"].partition("token=")[2]
    await guest.post("/invitations/accept", token=token)
    op = Device(guest).op("task", "update", made.json()["id"], title="Mine")
    op["hlc"] = op["hlc"][:-36] + (device := str(uuid4()))
    body = {"device": device, "ops": [op]}
    answer = (await guest.client.post("/sync", json=body, headers=here)).json()
    assert answer["acks"][0]["problem"]["status"] == 403
    assert [change["row"]["title"] for change in answer["changes"]] == ["Ours"]
    members = (await owner.client.get("/members", headers=here)).json()["items"]
    member = next(m["id"] for m in members if UUID(m["user_id"]) == guest.user_id)
    await owner.client.delete(f"/members/{member}", headers=here)
    assert (await guest.client.post("/sync", json=body, headers=here)).status_code == 404


async def test_what_is_ones_own_goes_to_ones_own_devices_alone(
    make_person: MakePerson,
) -> None:
    owner, member = await make_person(), await make_person()
    team = (await owner.post("/workspaces", 201, name="Team"))["id"]
    here = {"SelfOS-Workspace": team}
    invited = await owner.client.post(
        "/invitations", json={"email": member.email, "role": "member"}, headers=here
    )
    token = invited.json()["accept_url"].partition("token=")[2]
    await member.post("/invitations/accept", token=token)
    mine, theirs = Device(owner, workspace=team), Device(member, workspace=team)
    await theirs.sync()
    task = mine.do("task", "create", title="Ours")
    reminder = mine.do("reminder", "create", subject_id=task, minutes_before=5)
    meeting = mine.do("calendar_event", "create", title="Mine", start=DAY, repeat=WEEKLY)
    mine.do("calendar_event", "update", meeting, slot=DAY["date"], title="Doctor")
    timer = mine.do("focus_session", "create", started_at=next_instant().isoformat(), task_id=task)
    assert [ack["status"] for ack in await mine.sync()] == ["applied"] * 5
    seen = {(change["entity"], change["id"]) for change in (await theirs.send())["changes"]}
    assert seen == {("task", task)}
    ops = [theirs.op("reminder", "update", reminder, minutes_before=1)]
    ops += [theirs.op("reminder", "delete", reminder)]
    ops += [theirs.op("reminder", "update", str(new_id()), minutes_before=1)]
    problems = [ack["problem"] for ack in (await theirs.send(*ops))["acks"]]
    assert problems[0] == problems[1] == problems[2]
    assert problems[0]["status"] == 404
    for event in (meeting, str(new_id())):
        ops = [
            theirs.op("calendar_event", verb, event, slot=DAY["date"])
            for verb in ("update", "delete")
        ]
        (own,) = [row["id"] for row in mine.rows.values() if row.get("slot")]
        ops += [theirs.op("calendar_event", "delete", own)]
        problems += [ack["problem"] for ack in (await theirs.send(*ops))["acks"]]
    assert problems[3:6] == problems[6:]
    for session in (timer, str(new_id())):
        ops = [theirs.op("focus_session", verb, session) for verb in ("stop", "delete")]
        problems += [ack["problem"] for ack in (await theirs.send(*ops))["acks"]]
    assert problems[9:11] == problems[11:]
    assert {problem["status"] for problem in problems} == {404}


@pytest.mark.parametrize("deed", ["restore", "dismiss"])
async def test_guests_do_not_touch_the_journal(person: Person, deed: str) -> None:
    async with person.context(Role.GUEST) as ctx:
        verb = sync.restore_conflict if deed == "restore" else sync.dismiss_conflict
        with pytest.raises(Forbidden):
            await verb(ctx, new_id())
