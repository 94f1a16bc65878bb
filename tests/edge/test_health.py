"""Alive, ready, healthy: what each says when all is well and when a part is gone."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from selfos.edge import health
from selfos.edge.server import working
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Settings
from tests.conftest import Clock, running_app
from tests.factories import Person, register

PATIENCE_SECONDS = 60
Part = dict[str, Any]


async def parts(client: httpx2.AsyncClient) -> tuple[str, dict[str, Part]]:
    answer = await client.get("/health")
    assert answer.status_code == 200
    body = answer.json()
    return body["status"], {part["name"]: part for part in body["components"]}


@pytest.fixture
async def client_of(app: FastAPI) -> AsyncGenerator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app, client=("10.200.0.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        yield client


async def test_every_part_is_named_with_its_latency(
    client_of: httpx2.AsyncClient, kernel: Kernel
) -> None:
    _, found = await parts(client_of)
    assert found.keys() == {"database", "disk", "jobs", "storage", "mail"}
    assert all(part["latency_ms"] >= 0 and part["detail"] for part in found.values())
    assert found["database"]["state"] == "ok"
    assert found["storage"]["state"] == "ok"
    assert found["mail"]["state"] == "degraded"


async def test_workers_are_counted(client_of: httpx2.AsyncClient, kernel: Kernel) -> None:
    async with working(kernel), asyncio.timeout(PATIENCE_SECONDS):
        while True:
            jobs = (await parts(client_of))[1]["jobs"]
            if "0 workers" not in jobs["detail"]:
                break
            await asyncio.sleep(0.05)
    assert "workers" in jobs["detail"]
    assert "waiting" in jobs["detail"]


async def test_probes_answer(app: FastAPI, client_of: httpx2.AsyncClient) -> None:
    for path in ("/livez", "/readyz"):
        answer = await client_of.get(f"http://test{path}")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_while_draining_it_lives_but_is_not_ready(
    app: FastAPI, client_of: httpx2.AsyncClient
) -> None:
    app.state.draining = True
    try:
        ready = await client_of.get("http://test/readyz")
        alive = await client_of.get("http://test/livez")
    finally:
        app.state.draining = False
    assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
    assert alive.status_code == 200


async def test_a_full_disk_and_an_older_schema_are_degraded(
    client_of: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_DISK", 1.01)
    monkeypatch.setattr(health, "newest_revision", lambda: "9999")
    status, found = await parts(client_of)
    assert status == "degraded"
    assert found["disk"]["detail"].endswith("free")
    assert "this version expects 9999" in found["database"]["detail"]
    assert {found["disk"]["state"], found["database"]["state"]} == {"degraded"}


async def test_a_part_that_does_not_answer_is_down(
    client_of: httpx2.AsyncClient, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: Kernel) -> str:
        await asyncio.Event().wait()
        return "never"

    monkeypatch.setattr(health, "PROBE_SECONDS", 2.0)
    monkeypatch.setitem(health.HELPFUL, "storage", never)
    status, found = await parts(client_of)
    assert (status, found["storage"]["state"]) == ("degraded", "down")
    assert found["storage"]["detail"] == "TimeoutError"


class Outage:
    """A database that can be shut to everybody and opened again."""

    def __init__(self, postgres: Embedded, name: str) -> None:
        self._owner = postgres.url("postgres", "postgres")
        self._name = name

    def _allow(self, *, allowed: bool) -> None:
        with psycopg.connect(self._owner, autocommit=True) as owner:
            owner.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                    sql.Identifier(self._name), sql.Literal(allowed)
                )
            )

    def begin(self) -> None:
        """Refuse new connections and cut the present ones."""
        self._allow(allowed=False)
        with psycopg.connect(self._owner, autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [self._name],
            )

    def end(self) -> None:
        self._allow(allowed=True)


async def test_without_its_database_it_says_so_and_recovers(
    settings: Settings, postgres: Embedded, fresh_database: str, tmp_path: Path
) -> None:
    outage = Outage(postgres, fresh_database)
    patient = settings.model_copy(update={"database_wait_seconds": 1.0})
    url = postgres.url("selfos_app", fresh_database)
    async with running_app(patient, url, Clock()) as (app, kernel):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000/api/v1"
        ) as client:
            person = await register(kernel, client)
            outage.begin()
            try:
                await refuses(person)
            finally:
                outage.end()
            assert (await person.post("/tasks", 201, title="After"))["title"] == "After"
            titles = {task["title"] for task in (await person.get("/tasks"))["items"]}
            assert titles == {"After"}
            assert (await parts(client))[1]["database"]["state"] == "ok"


async def refuses(person: Person) -> None:
    for _ in range(2):
        for method, body in (("GET", None), ("POST", {"title": "Lost"})):
            answer = await person.client.request(method, "/tasks", json=body)
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json()["type"] == "urn:selfos:problem:unavailable"
            assert "traceback" not in answer.text
    status, found = await parts(person.client)
    assert (status, found["database"]["state"]) == ("down", "down")
    root = person.client.base_url.join("/readyz")
    assert (await person.client.get(root)).status_code == 503
    assert (await person.client.get(root.join("/livez"))).status_code == 200
