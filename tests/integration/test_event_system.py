"""Events reach their handlers, whatever dies on the way: over HTTP, with real jobs."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from selfos.kernel.embedded import Embedded, attach, running
from tests.factories import PASSWORD, Person
from tests.programs import Program, client_at, eventually


def completed(story: Any) -> list[str]:
    """Return the names of the tasks and goals whose completion a story rests on."""
    ends = (source for source in story["sources"] if source["type"].endswith(".completed"))
    return sorted(source["title"] for source in ends)


async def test_task_completion_triggers_story_generation(
    person: Person, worker: Callable[[], AbstractAsyncContextManager[None]]
) -> None:
    goal = await person.post("/goals", 201, title="Run a marathon")
    first = await person.post("/tasks", 201, title="Buy shoes", goal_id=goal["id"])
    second = await person.post("/tasks", 201, title="Run 10 km", goal_id=goal["id"])

    async def told(kind: str, *expected: str) -> Any:
        for story in (await person.get("/stories", kind=kind))["items"]:
            if completed(story) == sorted(expected):
                return story
        return None

    async with worker():
        await person.post(f"/tasks/{first['id']}/complete")
        story = await eventually(lambda: told("summary", "Buy shoes"))
        assert story["status"] == "draft"
        assert story["trigger"]["type"] == "task.completed"
        assert "“Buy shoes”" in story["text"]
        assert all(said["event_ids"] for said in story["sentences"])

        await person.post(f"/tasks/{second['id']}/complete")
        both = await eventually(lambda: told("summary", "Buy shoes", "Run 10 km"))
        assert both["id"] == story["id"]

        await person.post(f"/goals/{goal['id']}/complete")
        names = ("Buy shoes", "Run 10 km", "Run a marathon")
        reached = await eventually(lambda: told("achievement", *names))
        assert "“Run a marathon”" in reached["text"]

        await person.post(f"/tasks/{second['id']}/reopen")
        await eventually(lambda: told("achievement", "Buy shoes", "Run a marathon"))


@dataclass
class House:
    """An instance of its own: a server without a worker, workers to kill, and its database."""

    data: Path
    database: Embedded
    client: httpx2.AsyncClient
    programs: list[Program]
    person: dict[str, Any]

    async def work(self) -> Program:
        """Start a worker."""
        worker = Program.start(self.data, "worker")
        self.programs.append(worker)
        await worker.heard("worker.started")
        return worker

    async def complete(self, title: str) -> None:
        """Complete a new task; what was acknowledged must be told, so nothing here is retried."""
        task = await self.client.post("/tasks", json={"title": title})
        assert task.status_code == 201, task.text
        done = await self.client.post(f"/tasks/{task.json()['id']}/complete")
        assert done.status_code == 200, done.text

    async def until_told(self, *expected: str) -> None:
        """Wait for the one story to rest on exactly these, and for no job to be left."""

        async def told() -> bool:
            answer = await self.client.get("/stories")
            if answer.status_code != 200:
                return False
            return [completed(story) for story in answer.json()["items"]] == [sorted(expected)]

        await eventually(told)
        await eventually(lambda: self.holds("NOT EXISTS (SELECT FROM procrastinate_jobs)"))

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection as the owner of the tables."""
        return psycopg.connect(self.database.url("postgres"), autocommit=True)

    async def holds(self, condition: str) -> bool:
        """Tell whether a condition in SQL is true."""
        with self.connect() as owner:
            row = owner.execute(f"SELECT {condition}".encode()).fetchone()
        return bool(row and row[0])

    def hold_teller(self) -> psycopg.Connection[Any]:
        """Take the lock that telling this person's stories needs, until the answer is closed."""
        workspace, user = self.person["workspace"]["id"], self.person["user"]["id"]
        holder = self.connect()
        key = f"stories:{workspace}:{user}"
        holder.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        return holder

    async def until_telling(self) -> None:
        """Wait until a worker is in the middle of telling, where `hold_teller` stops it."""
        waiting = "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
        await eventually(lambda: self.holds(waiting))


def reachable_folder() -> Path:
    """Return a new folder that the database's own user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="selfos-house-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    folder = reachable_folder()
    database = attach(folder / "data" / "postgres", settings={"fsync": "off"})
    server = Program.start(folder / "data", "serve", "--port", "0")
    programs = [server]
    try:
        address = await server.heard("SelfOS is ready: ")
        async with client_at(f"{address}/api/v1") as client:
            registration = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}
            answer = await client.post("/auth/register", json=registration)
            assert answer.status_code == 201, answer.text
            yield House(folder / "data", database, client, programs, answer.json())
    finally:
        for program in programs:
            program.stop()
        database.release()
        await eventually(lambda: asyncio.to_thread(lambda: not running(database.data)))
        shutil.rmtree(folder)


async def test_event_failure_recovery(house: House) -> None:
    worker = await house.work()
    await handler_raises_then_succeeds(house)
    await worker_is_killed_in_the_middle(house, worker)
    await database_is_restarted_in_the_middle(house)
    # Others hear these events too, and change nothing of what undo keeps.
    told_twice = (
        "SELECT FROM changesets WHERE cause IS NOT NULL AND changes_count > 0"
        " GROUP BY cause HAVING count(*) > 1"
    )
    not_handled = (
        "SELECT FROM events e WHERE e.type = 'task.completed' AND NOT EXISTS"
        " (SELECT FROM event_receipts r WHERE r.event_id = e.id AND r.handler LIKE 'stories.%')"
    )
    assert await house.holds(f"NOT EXISTS ({told_twice})")
    assert await house.holds(f"NOT EXISTS ({not_handled})")
    assert await house.holds("(SELECT count(*) = 4 FROM events WHERE type = 'task.completed')")


TOLD = "SELECT FROM event_receipts WHERE handler LIKE 'stories.%'"


async def handler_raises_then_succeeds(house: House) -> None:
    with house.connect() as owner:
        owner.execute("REVOKE INSERT ON stories FROM selfos_app")
        await house.complete("Swim")
        failed = "EXISTS (SELECT FROM procrastinate_jobs WHERE attempts > 0 AND status = 'todo')"
        await eventually(lambda: house.holds(failed))
        assert await house.holds(f"NOT EXISTS ({TOLD})")
        owner.execute("GRANT INSERT ON stories TO selfos_app")
    await house.until_told("Swim")


async def worker_is_killed_in_the_middle(house: House, worker: Program) -> None:
    with house.hold_teller():
        await house.complete("Read")
        await house.until_telling()
        worker.stop(signal.SIGKILL)
        await house.complete("Write")
        await house.work()
    await house.until_told("Swim", "Read", "Write")


async def database_is_restarted_in_the_middle(house: House) -> None:
    holder = house.hold_teller()
    await house.complete("Walk")
    await house.until_telling()
    postmaster = int((house.database.data / "cluster/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    holder.close()
    await house.until_told("Swim", "Read", "Write", "Walk")
