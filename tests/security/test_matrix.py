"""No id of somebody else's opens, shows, moves or betrays anything: every operation, every slot.

Two walls stand one behind the other, so each is also tried alone: by every operation in
`make prove`, by every fifth one in `make test`.
"""

import ipaddress
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.orm import Session

from selfos.kernel import database as walls
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Settings
from tests.conftest import Clock, running_app
from tests.factories import Person
from tests.security.every_operation import BUILDERS
from tests.security.matrix import Matrix
from tests.security.operations import operations
from tests.security.world import make_world

# What earlier operations have made is in every list, so a world that is full is left behind.
OPERATIONS_IN_A_WORLD = 30

NewClient = Callable[[], httpx2.AsyncClient]
MakePerson = Callable[..., Awaitable[Person]]


def test_every_operation_is_in_the_matrix(app: FastAPI) -> None:
    assert {operation.id for operation in operations(app)} == set(BUILDERS)


async def attack(
    app: FastAPI,
    kernel: Kernel,
    new_client: NewClient,
    owner_url: str,
    *only: str,
    every: int = 1,
) -> list[str]:
    """Run the matrix, or every nth operation or only these of it; returns what was wrong."""
    found = [each for each in operations(app) if each.id in (only or BUILDERS)][::every]
    async with await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as owner:
        matrix = Matrix(await make_world(kernel, new_client), owner)
        for number, operation in enumerate(found, 1):
            await matrix.run(operation)
            if number % OPERATIONS_IN_A_WORLD == 0:
                matrix.world = await make_world(kernel, new_client)
    wanted = {(operation.id, slot) for operation in found for slot in operation.slots}
    cells = ", ".join(f"{count} as {name}" for name, count in matrix.cells.items())
    print(  # noqa: T201 - the figures of the proof
        f"{len(found)} operations, {len(wanted)} id slots, {matrix.cells.total()} cells: {cells};"
        f" {len(matrix.faults)} faults"
    )
    unproven = wanted - matrix.slots
    return matrix.faults + [f"no successful request carried {slot}" for slot in unproven]


async def test_nobody_reaches_what_is_not_theirs(
    app: FastAPI, kernel: Kernel, new_client: NewClient, postgres: Embedded, database: str
) -> None:
    faults = await attack(app, kernel, new_client, postgres.url("postgres", database))
    assert not faults, "\n".join(faults)


@contextmanager
def without_criterion() -> Generator[None]:
    event.remove(Session, "do_orm_execute", walls._confine)  # pyright: ignore[reportPrivateUsage]
    try:
        yield
    finally:
        event.listen(Session, "do_orm_execute", walls._confine)  # pyright: ignore[reportPrivateUsage]


every_wall_alone = pytest.mark.parametrize(
    "every", [5, pytest.param(1, marks=pytest.mark.proof)], ids=["sample", "all"]
)


@every_wall_alone
async def test_row_security_alone_holds(
    app: FastAPI,
    kernel: Kernel,
    new_client: NewClient,
    postgres: Embedded,
    database: str,
    every: int,
) -> None:
    with without_criterion():
        owner_url = postgres.url("postgres", database)
        faults = await attack(app, kernel, new_client, owner_url, every=every)
    assert not faults, "\n".join(faults)


@asynccontextmanager
async def without_row_security(
    settings: Settings, postgres: Embedded, name: str, clock: Clock
) -> AsyncGenerator[tuple[FastAPI, Kernel]]:
    async with await psycopg.AsyncConnection.connect(
        postgres.url("postgres", name), autocommit=True
    ) as owner:
        tables = await owner.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        for (table,) in await tables.fetchall():
            disable = sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY")
            await owner.execute(disable.format(sql.Identifier(table)))
    async with running_app(settings, postgres.url("selfos_app", name), clock) as running:
        yield running


@every_wall_alone
async def test_the_criterion_alone_holds(
    settings: Settings, postgres: Embedded, fresh_database: str, clock: Clock, every: int
) -> None:
    owner_url = postgres.url("postgres", fresh_database)
    opened = without_row_security(settings, postgres, fresh_database, clock)
    async with opened as (app, kernel), clients_of(app) as new_client:
        faults = await attack(app, kernel, new_client, owner_url, every=every)
        assert not faults, "\n".join(faults)
        with without_criterion():
            seen = await attack(app, kernel, new_client, owner_url, "update_task")
        assert seen, "without any wall, the matrix must see the holes"


@asynccontextmanager
async def clients_of(app: FastAPI) -> AsyncGenerator[NewClient]:
    """Make clients of one application, each in a network of its own."""
    addresses = ipaddress.ip_network("172.16.0.0/12").hosts()
    async with AsyncExitStack() as clients:

        def make() -> httpx2.AsyncClient:
            transport = httpx2.ASGITransport(
                app=app, raise_app_exceptions=False, client=(str(next(addresses)), 50_000)
            )
            base_url = "http://127.0.0.1:8000/api/v1"
            client = httpx2.AsyncClient(transport=transport, base_url=base_url)
            clients.push_async_callback(client.aclose)
            return client

        yield make


async def test_an_idempotency_key_is_its_owners_alone(make_person: MakePerson) -> None:
    owner, other = await make_person(), await make_person()
    key = {"Idempotency-Key": "one key for both"}
    first = await owner.client.post("/tasks", json={"title": "Mine"}, headers=key)
    second = await other.client.post("/tasks", json={"title": "Mine"}, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotent-Replayed" not in second.headers
    assert first.json()["id"] != second.json()["id"]


async def test_applying_a_plan_cannot_reach_across(make_person: MakePerson) -> None:
    owner, other = await make_person(), await make_person()
    plan = (await other.post("/goals/decompose", 201, goal={"title": "Sail"}))["proposal"]
    path = f"/proposals/{plan['id']}"
    foreign = {
        "parent_id": (await owner.post("/tasks", 201, title="Mine"))["id"],
        "project_id": (await owner.post("/projects", 201, name="Mine"))["id"],
        "goal_id": (await owner.post("/goals", 201, title="Mine"))["id"],
        "area_id": (await owner.post("/areas", 201, name="Mine"))["id"],
        "assignee_id": str(owner.user_id),
    }
    for name, value in foreign.items():
        fields = dict.fromkeys(foreign) | {name: value}
        await other.patch(path, lines=[{"id": plan["lines"][0]["id"], "fields": fields}])
        refused = await other.post(f"{path}/apply", expect=422)
        assert "Mine" not in str(refused)
    assert (await other.get("/tasks"))["items"] == []
