"""Two accounts, one with 1,000 tasks and one with 20, and a recording of each operation."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from fastapi import FastAPI

from bench.recording import Statement, ids_in, recorded
from selfos.edge.http import make_app
from selfos.edge.registry import make_jobs
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.embedded import Embedded, attach
from selfos.kernel.settings import Settings
from selfos.migrations.run import migrate

TASKS, FEW_TASKS = 1_000, 20
# Completing uses tasks up; these lie outside the listed ones (archived), in the same account.
SPARE_TASKS = 120_000
WARM_UPS = 12


@dataclass
class Prepared:
    """What the measurement needs to know."""

    token: str
    small_token: str
    workspace_id: str
    task_id: str
    to_complete: list[str]
    recording: dict[str, Any]


async def prepare(folder: Path, embedded: Embedded) -> Prepared:
    """Fill a fresh database and record the four operations."""
    settings = Settings(data=folder, rate_limit_per_minute=1_000_000_000, log_level="warning")

    async with running(settings, embedded) as app:
        token, workspace, task = await _account(app, TASKS)
        small_token, _, _ = await _account(app, FEW_TASKS)
        spare = _spare_tasks(embedded.url("postgres"), workspace)
        half = len(spare) // 2
        recording = {
            "url": embedded.url("selfos_app"),
            "operations": await _record(app, token, small_token, task, spare[:half]),
        }
    with psycopg.connect(embedded.url("postgres"), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    return Prepared(token, small_token, workspace, task, spare[half:], recording)


@contextmanager
def own_database() -> Generator[tuple[Path, Embedded]]:
    """Run a migrated database in a folder of its own for the block; gives both."""
    with tempfile.TemporaryDirectory(prefix="selfos-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # The database server is another user, who must be able to reach its folder.
        folder.chmod(0o755)
        embedded = attach(folder / "postgres")
        try:
            migrate(embedded.url("postgres"))
            yield folder, embedded
        finally:
            embedded.release()


@asynccontextmanager
async def running(settings: Settings, embedded: Embedded) -> AsyncGenerator[FastAPI]:
    """Run the application in this process, on this database."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Kernel]:
        async with open_kernel(settings, embedded.url("selfos_app"), make_jobs()) as kernel:
            yield kernel

    app = make_app(settings, opened)
    async with app.router.lifespan_context(app):
        yield app


def client_of(app: FastAPI, **headers: str) -> httpx2.AsyncClient:
    """Return a client of an application in this process."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url="http://127.0.0.1:8000/api/v1",
        headers=headers,
    )


@asynccontextmanager
async def somebody(folder: Path, embedded: Embedded) -> AsyncGenerator[httpx2.AsyncClient]:
    """Run the application in this process, with somebody signed in."""
    settings = Settings(data=folder, rate_limit_per_minute=1_000_000_000, log_level="warning")
    # Compression is for the network; there is none here.
    plain = {"Accept-Encoding": "identity"}
    async with running(settings, embedded) as app, client_of(app, **plain) as client:
        who = {"name": "B", "email": "b@example.org", "password": "correct horse battery"}
        (await client.post("/auth/register", json=who)).raise_for_status()
        yield client


def summary(name: str, took: list[float]) -> tuple[float, float]:
    """Print the median and 95th percentile of milliseconds, and return them."""
    median, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    print(f"{name:24} median {median:7.2f} ms   p95 {p95:7.2f} ms   worst {max(took):7.2f} ms")
    return median, p95


def _client(app: Any, token: str | None = None) -> httpx2.AsyncClient:
    return client_of(app, **({"Authorization": f"Bearer {token}"} if token else {}))


async def _account(app: Any, tasks: int) -> tuple[str, str, str]:
    async with _client(app) as client:
        body = {
            "name": "Bench",
            "email": f"bench{tasks}@example.org",
            "password": "correct horse battery staple",
        }
        me = (await client.post("/auth/register", json=body)).raise_for_status().json()
        token = (await client.post("/auth/tokens", json={"name": "bench"})).json()["token"]
        task = ""
        for number in range(tasks):
            made = await client.post("/tasks", json={"title": f"Task {number}"})
            task = made.raise_for_status().json()["id"]
    return token, me["workspace"]["id"], task


def _spare_tasks(url: str, workspace: str) -> list[str]:
    """Copy an open task many times; the copies are kept out of ledger, search and lists."""
    with psycopg.connect(url) as owner:
        # No trigger fires.
        owner.execute("SET LOCAL session_replication_role = replica")
        (columns,) = owner.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
            " WHERE attrelid = 'tasks'::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname NOT IN ('id', 'archived_at')"
        ).fetchone() or ("",)
        copies = (
            f"INSERT INTO tasks (id, archived_at, {columns})"  # noqa: S608 - names of columns
            f" SELECT uuidv7(), now(), {columns} FROM"
            " (SELECT * FROM tasks WHERE workspace_id = %s LIMIT 1) one,"
            " generate_series(1, %s) RETURNING id"
        )
        rows = owner.execute(copies.encode(), [workspace, SPARE_TASKS]).fetchall()
    return [str(row[0]) for row in rows]


async def _record(
    app: Any, token: str, small_token: str, task: str, spare: list[str]
) -> dict[str, Any]:
    async with _client(app, token) as client, _client(app, small_token) as small:

        async def create() -> httpx2.Response:
            return await client.post("/tasks", json={"title": "Water the plants"})

        completed = spare.pop()

        async def complete() -> httpx2.Response:
            nonlocal completed
            completed = spare.pop()
            return await client.post(f"/tasks/{completed}/complete")

        async def listed() -> httpx2.Response:
            return await client.get("/tasks", params={"limit": 20})

        async def few() -> httpx2.Response:
            return await small.get("/tasks", params={"limit": 20})

        async def one() -> httpx2.Response:
            return await client.get(f"/tasks/{task}")

        verbs = {"list": listed, "list-of-20": few, "get": one}
        operations = {name: await _recorded(verb) for name, verb in verbs.items()}
        first = await _recorded(create)
        known = ids_in(first["statements"]) & ids_in((await _recorded(create))["statements"])
        operations["create"] = {**first, "fresh": ids_in(first["statements"]) - known}
        done = await _recorded(complete)
        fresh = ids_in(done["statements"]) - known - {completed}
        targets = spare[: len(spare)]
        operations["complete"] = {**done, "fresh": fresh, "target": completed, "targets": targets}
    return operations


async def _recorded(verb: Any) -> dict[str, Any]:
    for _ in range(WARM_UPS):
        (await verb()).raise_for_status()
    statements: list[Statement] = []
    with recorded(statements):
        answer = (await verb()).raise_for_status()
    return {
        "statements": statements,
        "fresh": set[str](),
        "target": None,
        "targets": [],
        "length": len(answer.content),
    }
