"""An instance with three model providers, each a real server on this machine."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from selfos.edge.registry import make_jobs
from selfos.features.ai import service as ai
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.schemas import (
    AiTask,
    Done,
    Generation,
    GenerationRequest,
    Message,
    Prepared,
    Speaker,
    StreamEvent,
)
from selfos.features.ai.service.generation import orchestrator_of
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Settings
from tests.conftest import ADDRESSES, Clock, running_app
from tests.factories import Person, register
from tests.fakes.vendors import FakeVendor

FIRST, SECOND, LOCAL = "gpt-5-mini", "claude-sonnet-5", "llama3"
# Long enough for a busy machine, short enough for a test that waits for one of them.
TIMES = {
    "total_seconds": 60,
    "first_token_seconds": 30,
    "idle_seconds": 1.0,
    "buffer_seconds": 0,
}


@dataclass
class Vendors:
    """The first to be asked speaks OpenAI's language, the second Anthropic's; one is at home."""

    first: FakeVendor
    second: FakeVendor
    local: FakeVendor

    def all(self) -> tuple[FakeVendor, ...]:
        return (self.first, self.second, self.local)

    def asked(self) -> tuple[int, int, int]:
        return (self.first.asked, self.second.asked, self.local.asked)

    def providers(self) -> dict[str, dict[str, Any]]:
        """Return the settings of all three."""
        return {
            "first": {
                "kind": "openai",
                "base_url": self.first.url,
                "api_key": "key-1",
                "models": [FIRST],
                "embedding_models": ["text-embedding-3-small"],
            },
            "second": {
                "kind": "anthropic",
                "base_url": self.second.root,
                "api_key": "key-2",
                "models": [SECOND],
            },
            "local": {
                "kind": "openai_compatible",
                "base_url": self.local.url,
                "local": True,
                "models": [LOCAL],
                "embedding_models": ["nomic"],
            },
        }


@pytest.fixture(scope="session")
async def running_vendors() -> AsyncGenerator[Vendors]:
    first, second, local = FakeVendor(), FakeVendor(), FakeVendor()
    async with first.running(), second.running(), local.running():
        yield Vendors(first, second, local)


@pytest.fixture(scope="session")
def ai_settings(settings: Settings, running_vendors: Vendors) -> Settings:
    return with_ai(settings, ai_providers=running_vendors.providers(), ai_times=TIMES)


def with_ai(settings: Settings, **changes: Any) -> Settings:
    """Return other settings, checked as at the start."""
    return Settings.model_validate({**settings.model_dump(), **changes})


@pytest.fixture(scope="session")
async def ai_instance(
    ai_settings: Settings, postgres: Embedded, database: str, clock: Clock
) -> AsyncGenerator[tuple[FastAPI, Kernel]]:
    url = postgres.url("selfos_app", database)
    async with running_app(ai_settings, url, clock) as running:
        yield running


@pytest.fixture
def vendors(running_vendors: Vendors) -> Vendors:
    """The three vendors, as new."""
    for vendor in running_vendors.all():
        vendor.forget()
    return running_vendors


@pytest.fixture
async def models(ai_instance: tuple[FastAPI, Kernel], vendors: Vendors) -> AsyncGenerator[Kernel]:
    """A kernel that may ask all three; breakers and queues are as new."""
    kernel = ai_instance[1]
    yield kernel
    await kernel.residents.close()


@pytest.fixture
async def asker(ai_instance: tuple[FastAPI, Kernel], models: Kernel) -> AsyncGenerator[Person]:
    """Somebody on that instance."""
    transport = httpx2.ASGITransport(app=ai_instance[0], client=(str(next(ADDRESSES)), 50_000))
    base = "http://127.0.0.1:8000/api/v1"
    async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
        yield await register(models, client)


Asking = Callable[..., AbstractAsyncContextManager[Kernel]]


@pytest.fixture
def asking(
    ai_settings: Settings, postgres: Embedded, database: str, clock: Clock, vendors: Vendors
) -> Asking:
    """Open a kernel with other settings than the usual: `asking(ai_budgets={...})`."""

    @asynccontextmanager
    async def opened(**changes: Any) -> AsyncGenerator[Kernel]:
        url = postgres.url("selfos_app", database)
        settings = with_ai(ai_settings, **changes)
        async with open_kernel(settings, url, make_jobs(), clock=clock) as kernel:
            yield kernel

    return opened


@pytest.fixture(scope="session")
async def leap() -> Callable[[float], None]:
    """Let the loop's clock leap, as after so many seconds in which it did nothing."""
    loop, leapt = asyncio.get_running_loop(), [0.0]
    told = loop.time
    # Never taken back: to the loop as well, time only goes on.
    loop.time = lambda: told() + sum(leapt)
    return leapt.append


@pytest.fixture
def orchestrator(models: Kernel) -> Orchestrator:
    return orchestrator_of(models)


def question(text: str = "How do I sleep better?", **more: Any) -> GenerationRequest[Any]:
    """Return a plain question of a coach."""
    told: dict[str, Any] = {
        "task": AiTask.COACH,
        "messages": (Message(Speaker.SYSTEM, "Be kind."), Message(Speaker.USER, text)),
        "area_ids": frozenset[UUID](),
    }
    return GenerationRequest(**{**told, **more})


async def to_embed(kernel: Kernel, person: Person) -> Prepared:
    """Look up what a vector of this person's question takes."""
    async with replace(person, kernel=kernel).context() as ctx:
        return await ai.prepare(ctx, question(task=AiTask.EMBED))


async def by_rules() -> str:
    return "Go to bed at the same time."


async def ask(
    kernel: Kernel, person: Person, request: GenerationRequest[Any] | None = None, **more: Any
) -> Generation[Any]:
    """Ask as this person; rules answer if nobody else does."""
    async with replace(person, kernel=kernel).context() as ctx:
        prepared = await ai.prepare(ctx, request or question(**more))
    return await ai.generate(kernel, prepared, rules=by_rules)


async def listen(
    kernel: Kernel, person: Person, request: GenerationRequest[Any] | None = None
) -> list[StreamEvent[Any]]:
    """Ask, and return all that was said on the way."""
    async with replace(person, kernel=kernel).context() as ctx:
        prepared = await ai.prepare(ctx, request or question())
    return [event async for event in ai.stream(kernel, prepared, rules=by_rules)]


def kinds(events: list[StreamEvent[Any]]) -> list[str]:
    """Return the types of events, one after the other; texts in a row count as one."""
    types = [event.as_json()["type"] for event in events]
    return [kind for kind, _ in itertools.groupby(types)]


def answer_of(events: list[StreamEvent[Any]]) -> Generation[Any]:
    """Return the answer at the end of a stream."""
    assert isinstance(events[-1], Done)
    return events[-1].generation
