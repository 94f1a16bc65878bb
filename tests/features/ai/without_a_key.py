"""Serves every AI endpoint of an instance without a key, and names what has been loaded."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from selfos.edge.http import make_app
from selfos.edge.registry import make_jobs
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.settings import Settings

FORBIDDEN = ("openai", "anthropic", "pydantic_ai", "genai_prices")
BASE = "http://127.0.0.1:8000/api/v1"


async def serve(data: str, url: str) -> None:
    """Ask everything there is to ask of AI."""
    settings = Settings(data=Path(data))

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Kernel]:
        async with open_kernel(settings, url, make_jobs()) as kernel:
            yield kernel

    app = make_app(settings, opened)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
            await ask_everything(client)


async def ask_everything(client: httpx2.AsyncClient) -> None:
    """Register, plan a goal, and look at all the rest."""
    account = {"name": "A", "email": f"{new_id().hex}@example.org", "password": new_id().hex}
    await answered(client, "POST", "/auth/register", json=account)
    goal = {"title": "Run a half marathon by June"}
    made = await answered(client, "POST", "/goals/decompose", json={"goal": goal})
    if made["proposal"]["engine"] != "rules":
        raise SystemExit("somebody else than the rules has answered")
    path = f"/goals/{made['goal']['id']}/decompose"
    await answered(client, "POST", path, json={"hours_per_week": 3})
    for path in ("status", "usage", "calls", "budgets", "privacy"):
        await answered(client, "GET", f"/ai/{path}")
    await answered(client, "PATCH", "/ai/privacy", json={"dial": "local_only"})
    await answered(client, "GET", "/health")
    await say_things(client)


async def say_things(client: httpx2.AsyncClient) -> None:
    """Talk with the coach, and let texts be read, remembered and looked at."""
    hard = {"text": "alles wird mir zu viel, why do I never finish books?"}
    talk = await answered(client, "POST", "/conversations", json={})
    messages = f"/conversations/{talk['id']}/messages"
    said = await answered(client, "POST", messages, json=hard)
    await answered(client, "POST", f"{messages}/{said['answer']['id']}/regenerate", json={})
    for path, body in (
        ("/intents/classify", hard),
        ("/moderation/check", {**hard, "where": "public"}),
        ("/quick-add/ask", {"text": "something about milk, somewhen"}),
        ("/memory/facts", {"text": "I run on Mondays"}),
    ):
        await answered(client, "POST", path, json=body)
    await answered(client, "GET", "/memory/recall", params={"q": "When do I run?"})


async def answered(client: httpx2.AsyncClient, method: str, path: str, **options: Any) -> Any:
    """Insist on success."""
    answer = await client.request(method, path, **options)
    if not answer.is_success:
        raise SystemExit(f"{method} {path}: {answer.text}")
    return answer.json()


asyncio.run(serve(sys.argv[1], sys.argv[2]))
print("loaded:", [name for name in FORBIDDEN if name in sys.modules])  # noqa: T201
