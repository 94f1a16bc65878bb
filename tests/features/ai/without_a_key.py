"""Serves all that is about AI, on an instance without a key, and says who answered and what loaded.

Which operations these are is read from the code: all of every slice that imports the one of AI. So
an operation that is new is asked the day it exists.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import httpx2
from fastapi.routing import APIRoute

from selfos import features
from selfos.edge.http import make_app
from selfos.edge.registry import ROUTERS, TOOLS, make_jobs
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import configure_logging
from tests.factories import Person, register
from tests.security.every_operation import BUILDERS
from tests.security.operations import Operation, operations
from tests.security.world import Owner, send

FORBIDDEN = ("openai", "anthropic", "pydantic_ai", "genai_prices")
BASE = "http://127.0.0.1:8000/api/v1"
SLICES = Path(features.__path__[0])


def asking_operations() -> Iterator[str]:
    """Yield the operations of the slices that import the one of AI, and its own."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and asks(route.endpoint.__module__.split(".")[2]):
                yield route.name


@cache
def asks(name: str) -> bool:
    """Tell whether a slice may ask for AI."""
    return any("selfos.features.ai" in path.read_text() for path in (SLICES / name).rglob("*.py"))


async def serve(data: str, url: str) -> dict[str, list[str]]:
    """Ask everything there is to ask; returns who answered what."""
    settings = Settings(data=Path(data), rate_limit_per_minute=1_000_000, debug=True)

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Kernel]:
        async with open_kernel(settings, url, make_jobs(), tools=TOOLS) as kernel:
            yield kernel

    app = make_app(settings, opened)
    async with app.router.lifespan_context(app):

        async def new_person() -> Person:
            transport = httpx2.ASGITransport(app=app)
            client = httpx2.AsyncClient(transport=transport, base_url=BASE)
            return await register(app.state.kernel, client)

        person, known = await new_person(), {each.id: each for each in operations(app)}
        owner = Owner(person, str(person.workspace_id), person, new_person)
        answered = {name: await engines(owner, name, known) for name in asking_operations()}
        await person.get("/health")
    return answered


async def engines(owner: Owner, name: str, known: dict[str, Operation]) -> list[str]:
    """Carry one operation out and name who made what is in its answers."""
    found: set[str] = set()
    for tree in await BUILDERS[name](owner):
        client = tree.get("sender", owner.person.client)
        answer = await send(client, known[name].method, known[name].path, tree)
        if not answer.is_success:
            raise SystemExit(f"{name}: {answer.text}")
        # What a person said was made by nobody.
        found |= set(re.findall(r'"engine"\s*:\s*"([^"]+)"', answer.text))
    return sorted(found)


configure_logging("error", "json")
done = asyncio.run(serve(sys.argv[1], sys.argv[2]))
loaded = [name for name in FORBIDDEN if name in sys.modules]
print(json.dumps({"engines": done, "loaded": loaded}))  # noqa: T201
