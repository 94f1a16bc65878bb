"""What operators watch: by token alone, by route and model, and nothing of anybody's."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Settings
from tests.conftest import Clock, running_app
from tests.factories import register
from tests.fakes.vendors import FakeVendor, fails, says
from tests.features.ai.conftest import ask

TOKEN = "a token of the operator"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
async def vendor() -> AsyncGenerator[FakeVendor]:
    async with FakeVendor().running() as vendor:
        yield vendor


@pytest.fixture
async def watched(
    settings: Settings, postgres: Embedded, database: str, clock: Clock, vendor: FakeVendor
) -> AsyncGenerator[tuple[FastAPI, Kernel]]:
    provider: dict[str, Any] = {
        "kind": "openai_compatible",
        "base_url": vendor.url,
        "models": ["watched"],
        "free": True,
        "concurrency": 3,
    }
    changes = {"metrics_token": TOKEN, "ai_providers": {"v": provider}}
    told = Settings.model_validate({**settings.model_dump(), **changes})
    async with running_app(told, postgres.url("selfos_app", database), clock) as running:
        yield running


def client_of(app: FastAPI, path: str = "") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=("10.201.0.1", 1))
    return httpx2.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:8000{path}")


def samples(text: str) -> Samples:
    return {
        (each.name, frozenset(each.labels.items())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


async def test_without_a_token_in_the_settings_there_is_no_such_page(app: FastAPI) -> None:
    async with client_of(app) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_requests_jobs_and_models_are_counted_and_nobody_is_named(
    watched: tuple[FastAPI, Kernel], vendor: FakeVendor
) -> None:
    app, kernel = watched
    shown = {"Authorization": f"Bearer {TOKEN}"}
    async with client_of(app) as stranger, client_of(app, "/api/v1") as client:
        for wrong in ({}, {"Authorization": "Bearer no"}, {"Authorization": TOKEN}):
            assert (await stranger.get("/metrics", headers=wrong)).status_code == 401
        before = samples((await stranger.get("/metrics", headers=shown)).text)
        person = await register(kernel, client)
        task = await person.post("/tasks", 201, title="a secret of mine")
        await person.get(f"/tasks/{task['id']}")
        await stranger.get("/no/such/page/at/all.php")
        vendor.will(says("Sleep."), fails(429, 60))
        await ask(kernel, person)
        await ask(kernel, person)
        answer = await stranger.get("/metrics", headers=shown)
    assert answer.headers["content-type"].startswith("text/plain")
    found = samples(answer.text)

    def more(name: str, **labels: str) -> float:
        return value(found, name, **labels) - value(before, name, **labels)

    route = {"method": "GET", "route": "/tasks/{task_id}"}
    assert more("selfos_http_requests_total", status="200", **route) == 1
    assert more("selfos_http_request_seconds_count", **route) == 1
    model = {"task": "coach", "provider": "v", "model": "watched"}
    assert more("selfos_ai_calls_total", outcome="ok", **model) == 1
    assert more("selfos_ai_calls_total", outcome="rate_limited", **model) == 1
    assert more("selfos_ai_tokens_total", direction="input", **model) == 20
    assert value(found, "selfos_ai_breaker", provider="v", model="watched") == 2
    assert value(found, "selfos_ai_queue", provider="v", state="inside") == 0
    assert ("selfos_jobs", frozenset({("state", "todo")})) in found
    for private in (task["id"], str(person.user_id), "secret", "all.php", TOKEN):
        assert private not in answer.text
