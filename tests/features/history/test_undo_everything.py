"""Every verb of the interface, in any order and through two doors, undone back to the first state.

The requests are those of the security matrix, so a new verb is here the day it exists. What is
compared are the rows themselves, of every table that undo answers for.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg import sql

from selfos.features.sync.service.nouns import Verb
from selfos.features.sync.service.registry import NOUNS
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.permissions import MANAGE, Permission
from tests.factories import Person, register
from tests.features.sync.devices import Device
from tests.security.every_operation import BUILDERS
from tests.security.operations import Operation, operations
from tests.security.world import Owner, send

STAMPS = ("created_at", "updated_at", "version")
# Who may come in is never undone, and what is one's own is in no workspace.
# Memory, feedback and conversations are kept from the history that a whole workspace may read.
ONES_OWN = {
    Permission.ASSISTANT_READ,
    Permission.ASSISTANT_WRITE,
    Permission.FEEDBACK_WRITE,
    Permission.MEMORY_WRITE,
    Permission.NOTIFICATION_WRITE,
    Permission.PROGRESS_WRITE,
    Permission.REPORT_WRITE,
}
APART = {*MANAGE, *ONES_OWN, Permission.WORKSPACE_READ, None}
NewClient = Callable[[], httpx2.AsyncClient]
Rows = dict[str, list[dict[str, Any]]]

UNDOABLE_TABLES = """
SELECT t.tgrelid::regclass::text FROM pg_trigger t
WHERE t.tgfoid = 'ledger_record'::regproc AND t.tgnargs = 1 ORDER BY 1
"""


async def rows_of(url: str, workspace: str) -> Rows:
    """Return every row undo answers for, without the stamps."""
    found: Rows = {}
    async with await psycopg.AsyncConnection.connect(url) as owner:
        tables = await (await owner.execute(UNDOABLE_TABLES)).fetchall()
        for (table,) in tables:
            query = sql.SQL(
                "SELECT to_jsonb(r) - %s::text[] FROM {} r WHERE workspace_id = %s ORDER BY id"
            ).format(sql.Identifier(table))
            rows = await owner.execute(query, [list(STAMPS), workspace])
            found[table] = [row[0] for row in await rows.fetchall()]
    return found


class Everything:
    """Somebody with a team who does whatever there is to do."""

    def __init__(self, app: FastAPI, owner: Owner) -> None:
        self.owner, self.phone = owner, Device(owner.person, workspace=owner.workspace)
        self.verbs = [each for each in operations(app) if is_undoable(each)]

    async def do(self, choice: random.Random) -> None:
        """Do one thing: through the interface, or offline and then by sync."""
        if choice.random() < 0.25:
            await self.sync(choice)
            return
        verb = choice.choice(self.verbs)
        for tree in await BUILDERS[verb.id](self.owner):
            here = {"header": {"SelfOS-Workspace": self.owner.workspace}, **tree}
            client = tree.get("sender", self.owner.person.client)
            answer = await send(client, verb.method, verb.path, here)
            assert answer.is_success, f"{verb.id} {tree}: {answer.text}"

    async def sync(self, choice: random.Random) -> None:
        """Do a few things offline to whatever there is, and send them; some are refused."""
        for _ in range(4):
            kind, thing = choice.choice([*self.phone.rows, ("task", "")])
            if not thing or choice.random() < 0.2:
                self.phone.do("task", "create", title=f"Offline {choice.random()}")
                continue
            deeds = [name for name, verb in NOUNS[kind].verbs.items() if needs_nothing(verb)]
            deed = choice.choice([*deeds, "label"] if kind == "task" else deeds)
            if deed == "label":
                labels = {"add": [f"label {choice.randrange(9)}"]}
                self.phone.do(kind, "update", thing, labels=labels)
            else:
                self.phone.do(kind, deed, thing)
        await self.phone.sync()

    async def undo_all(self) -> int:
        """Take back everything that stands, newest first; returns how many changes that was."""
        undone = 0
        while True:
            answer = await self.owner.person.client.post(
                "/undo", headers={"SelfOS-Workspace": self.owner.workspace}
            )
            if answer.status_code == 404:
                return undone
            assert answer.status_code == 200, answer.text
            undone += 1


def needs_nothing(verb: Verb) -> bool:
    """Tell whether this verb can be done without saying more."""
    return verb.takes is None or bool(verb.sets)


def is_undoable(operation: Operation) -> bool:
    """Tell whether this changes something that undo answers for."""
    return not operation.reads and operation.permission not in APART


async def live(
    app: FastAPI, kernel: Kernel, new_client: NewClient, owner_url: str, seed: int, deeds: int
) -> None:
    async def new_person() -> Person:
        return await register(kernel, new_client())

    person, friend = await new_person(), await new_person()
    team = (await person.post("/workspaces", 201, name="Team"))["id"]
    owner = Owner(person, team, friend, new_person)
    await owner.member()
    before = await rows_of(owner_url, team)
    everything, choice = Everything(app, owner), random.Random(seed)
    for _ in range(deeds):
        await everything.do(choice)
    changed = await rows_of(owner_url, team)
    assert changed != before
    assert await everything.undo_all() > deeds / 2
    after = await rows_of(owner_url, team)
    assert after == before


OPTIONS: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@given(seed=st.integers(0, 2**32))
@settings(max_examples=1, **OPTIONS)
async def test_everything_can_be_undone_to_the_first_state(
    app: FastAPI,
    kernel: Kernel,
    new_client: NewClient,
    postgres: Embedded,
    database: str,
    seed: int,
) -> None:
    await live(app, kernel, new_client, postgres.url("postgres", database), seed, 40)


@pytest.mark.proof
@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, **OPTIONS)
async def test_five_hundred_deeds_can_be_undone_to_the_first_state(
    app: FastAPI,
    kernel: Kernel,
    new_client: NewClient,
    postgres: Embedded,
    database: str,
    seed: int,
) -> None:
    await live(app, kernel, new_client, postgres.url("postgres", database), seed, 500)
