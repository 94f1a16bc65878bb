"""`python -m bench.decompose`: how long a goal in words waits for its plan without a model.

The goals of `evals/decompose`, one after the other by `POST /goals/decompose`, the application in
this process. Each leaves a goal and a proposal; nothing is applied, so no plan finds the calendar
fuller than the one before. Prints the median and the 95th percentile.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import yaml

from bench.preparation import own_database, somebody, summary
from evals.decompose.suite import FILE
from selfos.kernel.embedded import Embedded
from selfos.kernel.telemetry import configure_logging

WARM_UPS = 3


async def measure(folder: Path, embedded: Embedded, goals: list[str]) -> list[float]:
    """Return how many milliseconds each goal took."""
    took: list[float] = []
    async with somebody(folder, embedded) as client:
        for title in [*goals[:WARM_UPS], *goals]:
            begin = time.perf_counter()
            answer = await client.post("/goals/decompose", json={"goal": {"title": title}})
            took.append((time.perf_counter() - begin) * 1_000)
            answer.raise_for_status()
    return took[WARM_UPS:]


def main() -> None:
    """Print the line."""
    configure_logging("warning", "json")
    goals = [goal[1] for goal in yaml.safe_load(FILE.read_text(encoding="utf-8"))["goals"]]
    with own_database() as (folder, embedded):
        took = asyncio.run(measure(folder, embedded, goals))
    print(f"{len(goals)} goals")
    summary("POST /goals/decompose", took)


if __name__ == "__main__":
    main()
