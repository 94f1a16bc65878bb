"""One sample life, lived once for all tests that look at it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from selfos.features.sample import service as sample
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from selfos.kernel.ledger.models import ActorKind, Changeset
from tests.factories import Person, register
from tests.tracing import not_tracing

# Long enough for any machine; a test that waits longer has failed.
PATIENCE_SECONDS = 120
SCRIPTS = {"Ada’s year": "ada", "The Lanternworks": "lanternworks"}


@dataclass(frozen=True)
class Sampled:
    """Somebody with a sample life: both workspaces, and up to when they were lived."""

    person: Person
    year: UUID
    team: UUID
    until: datetime
    steps_when_cut_short: int
    steps_when_lived: dict[str, int]

    async def get(self, path: str, *, team: bool = False, **query: object) -> dict[str, object]:
        """GET in one of the sample workspaces."""
        here = {"SelfOS-Workspace": str(self.team if team else self.year)}
        return await self.person.send("GET", path, 200, params=query, headers=here)


async def sample_workspaces(person: Person) -> dict[str, UUID]:
    """The person's sample workspaces by their scripts."""
    listed = (await person.get("/workspaces"))["items"]
    return {SCRIPTS[w["name"]]: UUID(w["id"]) for w in listed if w["kind"] == "sample"}


async def steps_taken(kernel: Kernel, workspace_id: UUID) -> int:
    """How many changesets people made there."""
    # What is its person's alone counts too.
    async with open_context(kernel, workspace_id=workspace_id, scope=SYSTEM) as ctx:
        found = await ctx.session.scalars(
            select(Changeset.id).where(
                Changeset.workspace_id == workspace_id, Changeset.actor == ActorKind.USER
            )
        )
        return len(found.all())


async def until_steps(kernel: Kernel, workspace_id: UUID, count: int) -> None:
    """Wait until people have made so many changesets there."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await steps_taken(kernel, workspace_id) < count:  # noqa: ASYNC110 - of the database
            await asyncio.sleep(0.05)


@pytest.fixture(scope="session")
async def sampled(app: FastAPI, kernel: Kernel) -> AsyncGenerator[Sampled]:
    """Somebody whose life was cut short once, and then lived on to the present."""
    transport = httpx2.ASGITransport(app=app, client=("10.255.0.1", 50_000))
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8000/api/v1"
    ) as client:
        person = await register(kernel, client, time_zone="Europe/Berlin")
        await person.post("/sample", 201)
        ids, until = await sample_workspaces(person), kernel.clock()

        async def live(script: str) -> None:
            await sample.live(
                kernel,
                script=script,
                workspace_id=ids[script],
                user_id=person.user_id,
                until=until,
            )

        living = asyncio.create_task(live("ada"))
        await until_steps(kernel, ids["ada"], 5)
        living.cancel()
        await asyncio.wait([living])
        cut_short = await steps_taken(kernel, ids["ada"])
        # The same few verbs by the thousand; the steps before were followed line by line.
        with not_tracing():
            for script in ids:
                await live(script)
        lived = {script: await steps_taken(kernel, ids[script]) for script in ids}
        yield Sampled(person, ids["ada"], ids["lanternworks"], until, cut_short, lived)
        for workspace_id in ids.values():
            await person.delete(f"/workspaces/{workspace_id}")
