"""What surrounds every answer: safe headers, a request id, compression, cross-site refusals."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from selfos.edge.http import make_app
from selfos.edge.server import working
from selfos.kernel.core import Kernel
from selfos.kernel.ledger.models import Changeset
from selfos.kernel.settings import Settings
from tests.factories import Person

ADDRESSES = ["/livez", "/api/v1/instance", "/api/v1/tasks", "/api/v1/nothing", "/"]


def at_root(client: httpx2.AsyncClient, path: str) -> str:
    return str(client.base_url.join(path))


@pytest.mark.parametrize("path", ADDRESSES)
async def test_every_answer_carries_safe_headers(client: httpx2.AsyncClient, path: str) -> None:
    headers = (await client.get(at_root(client, path))).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert "server" not in headers
    assert ("no-store" in headers.get("cache-control", "")) is path.startswith("/api/")


async def test_over_tls_browsers_are_told_to_stay_there(kernel: Kernel) -> None:
    secure = Settings(data=kernel.settings.data, public_url="https://life.example")
    app = make_app(secure, lambda: pytest.fail("no request here needs the kernel"))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://life.example") as client:
        answer = await client.get("/livez")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_a_request_id_is_taken_over_or_made(client: httpx2.AsyncClient) -> None:
    async def id_for(offered: str) -> str:
        answer = await client.get("/instance", headers={"X-Request-ID": offered})
        return answer.headers["x-request-id"]

    assert await id_for("client-chosen.4711") == "client-chosen.4711"
    for unusable in ("short", "x" * 65, "with space", 'quote"quote', "line\tbreak"):
        assert len(await id_for(unusable)) == 16
    assert await id_for("short") != await id_for("short")


async def test_one_id_leads_from_the_request_through_its_jobs(
    person: Person, drain: Callable[[], Awaitable[None]], worker: Any
) -> None:
    task = await person.post("/tasks", 201, title="Run")
    await drain()
    answer = await person.client.post(
        f"/tasks/{task['id']}/complete", headers={"X-Request-ID": "journey-0001"}
    )
    assert answer.status_code == 200
    await drain()
    async with person.context() as ctx:
        statement = select(Changeset).where(Changeset.request_id == "journey-0001")
        found = list(await ctx.session.scalars(statement.order_by(Changeset.seq)))
    # The request's own changeset, and what its event's handler then wrote.
    assert found[0].door == "web"
    assert "job" in [changeset.door for changeset in found]


async def test_long_answers_are_compressed(person: Person) -> None:
    for number in range(4):
        await person.post("/tasks", 201, title=f"Task {number}")
    answer = await person.client.get("/tasks", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["items"]) == 4
    plain = await person.client.get("/tasks", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 201),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_other_sites_cannot_act_with_the_cookie(
    person: Person, headers: dict[str, str], status: int
) -> None:
    answer = await person.client.post("/labels", json={"name": "x"}, headers=headers)
    assert answer.status_code == status
    # Reading is left to the browser's own rules: the answer has no CORS header.
    assert (await person.client.get("/labels", headers=headers)).status_code == 200


async def test_configured_origins_may_call_with_tokens(kernel: Kernel, settings: Settings) -> None:
    other = settings.model_copy(update={"cors_origins": ["https://tool.example"]})
    app = make_app(other, lambda: pytest.fail("no request here needs the kernel"))
    app.state.draining = True
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        asked = {"Access-Control-Request-Method": "POST", "Origin": "https://tool.example"}
        allowed = await client.options("/api/v1/tasks", headers=asked)
        refused = await client.options(
            "/api/v1/tasks", headers={**asked, "Origin": "https://evil.example"}
        )
    assert allowed.headers["access-control-allow-origin"] == "https://tool.example"
    assert "access-control-allow-credentials" not in allowed.headers
    assert "access-control-allow-origin" not in refused.headers


async def test_a_worker_beside_the_server_ends_with_it(kernel: Kernel) -> None:
    async with working(kernel):
        pass


def test_the_description_says_how_each_operation_is_signed_in_to(app: FastAPI) -> None:
    description = app.openapi()
    schemes = description["components"]["securitySchemes"]
    assert schemes["cookie"]["name"] == "sid"
    assert schemes["bearer"]["scheme"] == "bearer"
    either: list[dict[str, list[str]]] = [{"cookie": []}, {"bearer": []}]
    for methods in description["paths"].values():
        for operation in methods.values():
            if "x-selfos-access" in operation:
                is_public = operation["x-selfos-access"] == "public"
                assert operation["security"] == ([] if is_public else either)
