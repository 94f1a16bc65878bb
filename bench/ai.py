"""What the orchestrator costs beside the bare SDK at the same vendor: `python -m bench.ai`.

The vendor is a process of its own that takes 100 ms and then streams 40 pieces. Both sides ask it
in this process, so many at once; windows alternate. Ours does all it does for a user: reserve,
queue, stream, settle, ledger and prompt in PostgreSQL. Exits 1 when a gate is missed.
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from openai import AsyncOpenAI

from bench.preparation import client_of, running
from bench.vendor import THINKS_SECONDS
from selfos.features.ai import service as ai
from selfos.features.ai.schemas import AiTask, Delta, GenerationRequest, Message, Prepared, Speaker
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded, attach
from selfos.kernel.ledger.models import ActorKind
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import configure_logging
from selfos.migrations.run import migrate

ROUNDS, CALLS_EACH = 5, 6
GATES = {1: 1.2, 32: 1.2, 50: 1.15}
MODEL = "gpt-5-mini"
QUESTION = "How do I sleep better?"
REQUEST = GenerationRequest[Any](
    task=AiTask.COACH,
    messages=(Message(Speaker.SYSTEM, "Be kind."), Message(Speaker.USER, QUESTION)),
    area_ids=frozenset(),
    max_output_tokens=100,
)
Seconds = tuple[float, float]
Call = Callable[[], Awaitable[Seconds]]


@dataclass
class Asker:
    """Somebody who asks through SelfOS."""

    kernel: Kernel
    workspace_id: UUID
    user_id: UUID

    async def prepared(self) -> Prepared[Any]:
        """Look up what a request may do, in a Context."""
        actor = Actor(ActorKind.USER, self.user_id)
        async with open_context(self.kernel, workspace_id=self.workspace_id, actor=actor) as ctx:
            return await ai.prepare(ctx, REQUEST)

    async def ask(self) -> Seconds:
        """Ask once; returns seconds until the first text and until the end."""
        started, first = time.perf_counter(), 0.0
        prepared = await self.prepared()
        async with aclosing(ai.stream(self.kernel, prepared, rules=None)) as events:
            async for event in events:
                if isinstance(event, Delta) and not first:
                    first = time.perf_counter() - started
        return first, time.perf_counter() - started


def bare(client: AsyncOpenAI) -> Call:
    """Return how to ask by the SDK alone."""

    async def ask() -> Seconds:
        started, first = time.perf_counter(), 0.0
        stream = await client.chat.completions.create(
            model=MODEL,
            messages=[
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": QUESTION},
            ],
            max_completion_tokens=100,
            stream=True,
            stream_options={"include_usage": True},
        )
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content and not first:
                first = time.perf_counter() - started
        return first, time.perf_counter() - started

    return ask


async def window(call: Call, at_once: int) -> list[Seconds]:
    """Ask so often at once, several times each."""

    async def one() -> list[Seconds]:
        return [await call() for _ in range(CALLS_EACH)]

    answered = await asyncio.gather(*(one() for _ in range(at_once)))
    return [seconds for each in answered for seconds in each]


@asynccontextmanager
async def asker(folder: Path, embedded: Embedded, url: str) -> AsyncGenerator[Asker]:
    """Run SelfOS in this process, with somebody registered."""
    provider = {
        "kind": "openai",
        "base_url": url,
        "api_key": "k",
        "models": [MODEL],
        "concurrency": 64,
    }
    unlimited = dict.fromkeys(
        ("user_day_micros", "user_month_micros", "workspace_month_micros"), 10**12
    )
    settings = Settings.model_validate(
        {
            "data": folder,
            "rate_limit_per_minute": 1_000_000_000,
            "log_level": "warning",
            "ai_providers": {"stub": provider},
            "ai_budgets": {**unlimited, "instance_month_micros": 10**13},
            "ai_times": {"buffer_seconds": 0},
        }
    )
    async with running(settings, embedded) as app:
        async with client_of(app) as client:
            account = {"name": "A", "email": "a@example.org", "password": "correct horse battery"}
            me = (await client.post("/auth/register", json=account)).json()
        yield Asker(app.state.kernel, UUID(me["workspace"]["id"]), UUID(me["user"]["id"]))


async def measure(folder: Path, embedded: Embedded, port: int) -> bool:
    """Alternate both sides, print the table; returns whether every gate is met."""
    url, met = f"http://127.0.0.1:{port}/v1", True
    client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
    theirs = bare(client)
    async with asker(folder, embedded, url) as somebody:
        await window(somebody.ask, 4)
        await window(theirs, 4)
        print(f"vendor: {THINKS_SECONDS * 1_000:.0f} ms, then 40 pieces; medians, milliseconds")
        print("at once     ours     bare   ratio    first: ours     bare")
        for at_once, most in GATES.items():
            ratios: list[float] = []
            ours_all: list[Seconds] = []
            bare_all: list[Seconds] = []
            for _ in range(ROUNDS):
                ours, plain = await window(somebody.ask, at_once), await window(theirs, at_once)
                ratios.append(_median(ours, 1) / _median(plain, 1))
                ours_all += ours
                bare_all += plain
            ratio = statistics.median(ratios)
            verdict = "ok" if ratio <= most else "MISSED"
            met &= ratio <= most
            print(
                f"{at_once:>7} {_ms(ours_all, 1):>8.1f} {_ms(bare_all, 1):>8.1f} {ratio:>7.2f}"
                f" {_ms(ours_all, 0):>14.1f} {_ms(bare_all, 0):>8.1f}  (at most {most}) {verdict}"
            )
    await client.close()
    return met


def _median(answers: list[Seconds], part: int) -> float:
    return statistics.median(seconds[part] for seconds in answers)


def _ms(answers: list[Seconds], part: int) -> float:
    return _median(answers, part) * 1_000


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    """Measure and exit 1 when a gate is missed."""
    configure_logging("error", "text")
    port = free_port()
    vendor = subprocess.Popen(
        [sys.executable, "-m", "bench.vendor", str(port)], stdout=subprocess.PIPE
    )
    try:
        if vendor.stdout is None or b"ready" not in vendor.stdout.readline():
            raise SystemExit("the vendor did not start")
        with tempfile.TemporaryDirectory(prefix="selfos-bench-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            embedded = attach(folder / "postgres")
            migrate(embedded.url("postgres"))
            met = asyncio.run(measure(folder, embedded, port))
            embedded.release()
    finally:
        vendor.kill()
        vendor.wait()
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
