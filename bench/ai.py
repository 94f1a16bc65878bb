"""What the orchestrator costs beside the bare SDK at the same vendor: `python -m bench.ai`.

The vendor is a process of its own that takes 100 ms and then writes 40 pieces: as fast as it can
(every piece costs both sides processor time, and nothing else passes), and one each 20 ms, as
models do. Both sides ask it in this process, on the event loop the server runs on; windows
alternate. Ours does all it does for a user: look up rights and limits, reserve, queue, stream,
settle, ledger and prompt in PostgreSQL. Exits 1 when a gate is missed.
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import uvloop
from openai import AsyncOpenAI

from bench.preparation import client_of, own_database, running
from bench.recording import Statement, recorded
from bench.vendor import THINKS_SECONDS
from selfos.features.ai import service as ai
from selfos.features.ai.schemas import AiTask, Delta, GenerationRequest, Message, Prepared, Speaker
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.ledger.models import ActorKind
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import configure_logging

ROUNDS, CALLS_EACH = 5, 6
PACES = {"as fast as it can": 0.0, "one piece each 20 ms": 0.02}
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
        async with open_context(
            self.kernel, workspace_id=self.workspace_id, actor=actor, reading=True
        ) as ctx:
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


@dataclass
class Window:
    """What so many calls at once took: seconds each, and processor seconds of this process."""

    answers: list[Seconds]
    cpu_seconds: float

    def median(self, part: int) -> float:
        """Return the median milliseconds until the first text (0) or the end (1)."""
        return statistics.median(seconds[part] for seconds in self.answers) * 1_000

    def cpu(self) -> float:
        """Return processor milliseconds for each call."""
        return self.cpu_seconds / len(self.answers) * 1_000


async def window(call: Call, at_once: int) -> Window:
    """Ask so often at once, several times each."""

    async def one() -> list[Seconds]:
        return [await call() for _ in range(CALLS_EACH)]

    before = time.process_time()
    answered = await asyncio.gather(*(one() for _ in range(at_once)))
    used = time.process_time() - before
    return Window([seconds for each in answered for seconds in each], used)


async def compare(ours: Call, theirs: Call, at_once: int, most: float) -> bool:
    """Alternate both sides, print a line; returns whether the gate is met."""
    rounds = [(await window(ours, at_once), await window(theirs, at_once)) for _ in range(ROUNDS)]
    ratios = sorted(mine.median(1) / plain.median(1) for mine, plain in rounds)
    ratio = statistics.median(ratios)

    def middle(side: int, read: Callable[[Window], float]) -> float:
        return statistics.median(read(both[side]) for both in rounds)

    def line(read: Callable[[Window], float]) -> str:
        return f"{middle(0, read):>8.1f} {middle(1, read):>7.1f}"

    verdict = "ok" if ratio <= most else "MISSED"
    print(
        f"{at_once:>7} {line(lambda each: each.median(1))} {ratio:>6.2f}"
        f" ({ratios[0]:.2f}-{ratios[-1]:.2f}) {line(lambda each: each.median(0))}"
        f" {line(Window.cpu)}  (at most {most}) {verdict}",
        flush=True,
    )
    return ratio <= most


async def measure(folder: Path, embedded: Embedded, port: int) -> bool:
    """Compare both sides, so many at once; returns whether every gate is met."""
    url, met = f"http://127.0.0.1:{port}/v1", True
    client = AsyncOpenAI(api_key="k", base_url=url, max_retries=0)
    theirs = bare(client)
    async with asker(folder, embedded, url) as somebody:
        await window(somebody.ask, 4)
        await window(theirs, 4)
        said: list[Statement] = []
        with recorded(said):
            await somebody.ask()
        print(f"{len(said)} statements a call, each one round trip")
        print("at once     ours    bare  ratio             first: ours, bare  cpu: ours, bare")
        for at_once, most in GATES.items():
            met &= await compare(somebody.ask, theirs, at_once, most)
    await client.close()
    return met


@contextmanager
def vendor_at(pace: float) -> Generator[int]:
    """Run a vendor for the block; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "bench.vendor", str(port), str(pace)]
    vendor = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        if vendor.stdout is None or b"ready" not in vendor.stdout.readline():
            raise SystemExit("the vendor did not start")
        yield port
    finally:
        vendor.kill()
        vendor.wait()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    """Measure and exit 1 when a gate is missed."""
    configure_logging("error", "text")
    met = True
    for name, pace in PACES.items():
        with vendor_at(pace) as port, own_database() as (folder, embedded):
            print(f"vendor: {THINKS_SECONDS * 1_000:.0f} ms, then 40 pieces, {name}; milliseconds")
            met &= uvloop.run(measure(folder, embedded, port))
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
