"""No acknowledged write is lost and no effect happens twice, however often processes are killed.

SIGKILL proves the death of a process, not of a machine: the page cache survives it.
"""

import asyncio
import random
import signal
import statistics
import time
from dataclasses import dataclass, field
from typing import LiteralString

import httpx2
import pytest

from selfos.kernel.identifiers import new_id
from tests.factories import PASSWORD
from tests.programs import Place, Program, eventually, new_place

WRITERS = 4
UNLIMITED = {"SELFOS_RATE_LIMIT_PER_MINUTE": "1000000"}
# The first request with a key may still be dying with its server; ask again.
AGAIN = {409, 503}


@dataclass
class Writer:
    """A client that creates tasks and completes them, and repeats what got no answer."""

    client: httpx2.AsyncClient
    acknowledged: list[str] = field(default_factory=list[str])
    repeated: int = 0
    task: str = ""
    step: str = "complete"

    async def write(self, address: str) -> None:
        """Write until the server dies."""
        while True:
            if self.step == "complete" and self.task in {"", *self.acknowledged[-1:]}:
                self.task, self.step = str(new_id()), "create"
            try:
                await self.carry_out(address)
            except httpx2.TransportError:
                self.repeated += 1
                return

    async def carry_out(self, address: str) -> None:
        """Send this step, with its key, until it is answered."""
        path = "/tasks" if self.step == "create" else f"/tasks/{self.task}/complete"
        body = {"id": self.task, "title": "Walk"} if self.step == "create" else None
        key = {"Idempotency-Key": f"{self.step} {self.task}"}
        answer = await self.client.post(address + path, json=body, headers=key)
        while answer.status_code in AGAIN:
            await asyncio.sleep(0.05)
            answer = await self.client.post(address + path, json=body, headers=key)
        assert answer.is_success, answer.text
        if self.step == "complete":
            self.acknowledged.append(self.task)
        self.step = "complete"

    async def finish(self, address: str) -> None:
        """Carry out what is left of the last task."""
        while self.task not in self.acknowledged:
            await self.carry_out(address)


async def start(place: Place) -> tuple[Program, str]:
    server = place.start("serve", "--port", "0", **UNLIMITED)
    return server, await server.heard("SelfOS is ready: ") + "/api/v1"


async def signed_in(place: Place, client: httpx2.AsyncClient) -> None:
    """Register, and give the client a token that outlives servers."""
    server, address = await start(place)
    who = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}
    assert (await client.post(f"{address}/auth/register", json=who)).is_success
    made = await client.post(f"{address}/auth/tokens", json={"name": "Writer"})
    client.headers["Authorization"] = f"Bearer {made.json()['token']}"
    client.cookies.clear()
    server.stop(signal.SIGKILL)


async def kill_in_the_middle(place: Place, writers: list[Writer], chance: random.Random) -> float:
    """Start a server and a worker, write, kill both; returns how long the start took."""
    began = time.monotonic()
    worker = place.start("worker")
    server, address = await start(place)
    ready = time.monotonic() - began
    writing = [asyncio.create_task(writer.write(address)) for writer in writers]
    for program in chance.sample([server, worker], 2):
        await asyncio.sleep(chance.uniform(0.1, 1.0))
        program.stop(signal.SIGKILL)
    await asyncio.gather(*writing)
    return ready


NEVER: dict[str, LiteralString] = {
    "a gap in the ledger": "EXISTS (SELECT FROM tenants t WHERE t.seq <> (SELECT count(*)"
    " FROM changesets c WHERE c.workspace_id = t.id) OR t.seq <> coalesce((SELECT max(seq)"
    " FROM changesets c WHERE c.workspace_id = t.id), 0))",
    "an event without a changeset": "EXISTS (SELECT FROM events e WHERE NOT EXISTS (SELECT"
    " FROM changesets c WHERE c.workspace_id = e.workspace_id AND c.id = e.changeset_id))",
    "a change without a changeset": "EXISTS (SELECT FROM changes h WHERE NOT EXISTS (SELECT"
    " FROM changesets c WHERE c.workspace_id = h.workspace_id AND c.id = h.changeset_id))",
    "a task completed twice": "EXISTS (SELECT FROM events WHERE type = 'task.completed'"
    " GROUP BY aggregate_id HAVING count(*) > 1)",
    "a task done without saying so": "EXISTS (SELECT FROM tasks t WHERE state = 'done' AND NOT"
    " EXISTS (SELECT FROM events e WHERE type = 'task.completed' AND e.aggregate_id = t.id))",
    "a completion that no handler has dealt with": "EXISTS (SELECT FROM events e WHERE type ="
    " 'task.completed' AND NOT EXISTS (SELECT FROM event_receipts r WHERE r.event_id = e.id"
    " AND r.handler LIKE 'stories.%'))",
    # Others hear these events too, and change nothing of what undo keeps.
    "one event told twice": "EXISTS (SELECT cause FROM changesets WHERE cause IS NOT NULL"
    " AND changes_count > 0 GROUP BY cause HAVING count(*) > 1)",
    "a job that died": "EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'failed')",
    "more than one story of the week": "(SELECT count(*) > 1 FROM stories)",
}


async def prove(cycles: int, seed: int) -> None:
    chance = random.Random(seed)
    async with new_place() as place, httpx2.AsyncClient(trust_env=False, timeout=120) as client:
        await signed_in(place, client)
        writers = [Writer(client) for _ in range(WRITERS)]
        starts = [await kill_in_the_middle(place, writers, chance) for _ in range(cycles)]
        _, address = await start(place)
        place.start("worker")
        for writer in writers:
            await writer.finish(address)
        await eventually(lambda: settled(place))
        acknowledged = {task for writer in writers for task in writer.acknowledged}
        assert place.count("(SELECT count(*) FROM tasks WHERE state = 'done')") == len(acknowledged)
        assert place.count("(SELECT count(*) FROM tasks)") == len(acknowledged)
        for task in chance.sample(sorted(acknowledged), min(50, len(acknowledged))):
            assert (await client.get(f"{address}/tasks/{task}")).json()["state"] == "done"
        happened = [what for what, condition in NEVER.items() if place.holds(condition)]
        assert happened == []
        repeated = sum(writer.repeated for writer in writers)
        print(  # noqa: T201 - the figures of the proof
            f"{cycles} cycles, {2 * cycles} kills, {len(acknowledged)} tasks created and"
            f" completed, {repeated} requests without an answer repeated, 0 lost, 0 twice;"
            f" ready again after {statistics.median(starts):.1f} s (median),"
            f" {max(starts):.1f} s (worst)"
        )


async def settled(place: Place) -> bool:
    return await asyncio.to_thread(
        lambda: place.holds(
            "NOT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))"
        )
    )


async def test_no_acknowledged_write_is_lost_and_no_effect_happens_twice() -> None:
    await prove(cycles=4, seed=20261123)


@pytest.mark.proof
async def test_fifty_kills_lose_nothing() -> None:
    await prove(cycles=50, seed=50)
