"""What is unread: what others changed or said since somebody last opened a task, over HTTP."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from bench.recording import Statement, recorded
from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import TaskQuery
from selfos.features.planning.unread import UnreadTask
from tests.conftest import MakePerson
from tests.factories import Person


@dataclass
class Couple:
    """Two people who share a workspace, and a task of the first."""

    ada: Person
    ben: Person
    boat: str

    async def unread(self, person: Person, q: str = "is:unread") -> list[str]:
        found = await person.get("/tasks", q=q)
        return sorted(task["title"] for task in found["items"])


@pytest.fixture
async def couple(make_person: MakePerson) -> Couple:
    alone = await make_person()
    home = (await alone.post("/workspaces", 201, name="Home"))["id"]
    alone.client.headers["SelfOS-Workspace"] = home
    ada = replace(alone, workspace_id=UUID(home))
    await ada.post("/tasks", 201, title="Older than us")
    ben = await make_person()
    made = await ada.post("/invitations", 201, email=ben.email)
    await ben.post("/invitations/accept", token=made["accept_url"].rpartition("token=")[2])
    ben.client.headers["SelfOS-Workspace"] = home
    boat = await ada.post("/tasks", 201, title="Boat")
    return Couple(ada, replace(ben, workspace_id=ada.workspace_id), boat["id"])


async def test_what_others_add_change_or_say_is_unread_until_it_is_opened(couple: Couple) -> None:
    ada, ben, path = couple.ada, couple.ben, f"/tasks/{couple.boat}"
    assert await couple.unread(ben) == ["Boat"]
    assert await couple.unread(ada) == []
    changes: list[Any] = [
        lambda: ada.patch(path, title="Boat"),
        lambda: ada.patch(path, priority=1),
        lambda: ada.patch(path, labels=["sea"]),
        lambda: ada.patch(path, assignee_id=str(ben.user_id)),
        lambda: ada.post("/comments", 201, task_id=couple.boat, body="Blue?"),
        lambda: ada.post("/notes", 201, task_id=couple.boat, body="Length: 9 m"),
        lambda: ada.post("/undo"),
        lambda: ada.post(f"{path}/complete"),
    ]
    news: list[bool] = []
    for change in changes:
        await ben.post(f"{path}/seen")
        assert await ben.post(f"{path}/seen") == {"unread": 0, "ids": []}
        assert await couple.unread(ben) == []
        await change()
        news.append(await couple.unread(ben) == ["Boat"])
    assert news == [False, *[True] * 5, False, True]
    assert await couple.unread(ben, "is:unread is:open") == []
    assert await couple.unread(ben, "!is:unread") == ["Older than us"]
    assert await couple.unread(ada) == []


async def test_ones_own_changes_and_new_places_in_the_order_are_no_news(couple: Couple) -> None:
    await couple.ben.post(f"/tasks/{couple.boat}/seen")
    await couple.ada.post(f"/tasks/{couple.boat}/move", after_id=None)
    assert await couple.unread(couple.ben) == []
    await couple.ben.patch(f"/tasks/{couple.boat}", notes="Mine")
    assert await couple.unread(couple.ben) == []
    # What Ada says stays unread for Ben, though he has changed something else since.
    await couple.ada.post("/comments", 201, task_id=couple.boat, body="Blue?")
    await couple.ben.patch(f"/tasks/{couple.boat}", priority=2)
    assert await couple.unread(couple.ben) == ["Boat"]


async def test_all_of_a_filter_can_be_marked_as_read(couple: Couple) -> None:
    other = await couple.ada.post("/tasks", 201, title="Sail", priority=1)
    gone = await couple.ada.post("/tasks", 201, title="Gone")
    await couple.ada.delete(f"/tasks/{gone['id']}")
    told = await couple.ben.get("/tasks/unread")
    assert told == {"unread": 2, "ids": [other["id"], couple.boat]}
    assert await couple.ben.post("/tasks/seen", q="p1") == {"unread": 1, "ids": [couple.boat]}
    assert (await couple.ada.get("/tasks/unread"))["unread"] == 0
    await couple.ben.post("/tasks/seen", 422, q="prioritty:1")
    assert await couple.ben.post("/tasks/seen") == {"unread": 0, "ids": []}
    assert (await couple.ben.get("/history"))["items"] == (await couple.ada.get("/history"))[
        "items"
    ]


async def test_unread_is_found_by_index_in_one_statement_and_costs_nobody_alone(
    couple: Couple, person: Person
) -> None:
    async with couple.ben.context() as ctx:
        sent: list[Statement] = []
        with recorded(sent):
            await service.list_tasks(ctx, TaskQuery(q="is:unread"))
        asking = [(text, values) for text, values in sent if "unread_tasks" in text]
        ((statement, parameters),) = asking
        await ctx.transaction.driver.execute("SET LOCAL enable_seqscan = off")
        explained = f"EXPLAIN {statement}".encode()
        plan = await (await ctx.transaction.driver.execute(explained, parameters)).fetchall()
    assert not [row[0] for row in plan if "Seq Scan on unread_tasks" in row[0]]
    await person.post("/tasks", 201, title="Alone")
    async with person.context() as ctx:
        assert await ctx.session.scalar(select(func.count(UnreadTask.id))) == 0


async def test_a_task_beyond_ones_walls_cannot_be_opened(couple: Couple, person: Person) -> None:
    await person.post(f"/tasks/{couple.boat}/seen", 404)
