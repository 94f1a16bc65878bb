"""`python -m bench.decompose`: how long a goal in words waits for its plan without a model.

The goals of `evals/decompose`, one after the other by `POST /goals/decompose`, the application in
this process. Each leaves a goal and a proposal; nothing is applied, so no plan finds the calendar
fuller than the one before. Prints the median and the 95th percentile.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import yaml

from bench.preparation import somebody, summary
from evals.decompose.suite import FILE
from selfos.kernel.embedded import attach
from selfos.kernel.telemetry import configure_logging
from selfos.migrations.run import migrate

WARM_UPS = 3


async def measure(folder: Path, goals: list[str]) -> list[float]:
    """Return how many milliseconds each goal took."""
    embedded = attach(folder / "postgres")
    migrate(embedded.url("postgres"))
    took: list[float] = []
    async with somebody(folder, embedded) as client:
        for title in [*goals[:WARM_UPS], *goals]:
            begin = time.perf_counter()
            answer = await client.post("/goals/decompose", json={"goal": {"title": title}})
            took.append((time.perf_counter() - begin) * 1_000)
            answer.raise_for_status()
    embedded.release()
    return took[WARM_UPS:]


def main() -> None:
    """Print the line."""
    configure_logging("warning", "json")
    goals = [goal[1] for goal in yaml.safe_load(FILE.read_text(encoding="utf-8"))["goals"]]
    with tempfile.TemporaryDirectory(prefix="selfos-bench-") as name:
        # The database server is another user, who must be able to reach its folder.
        Path(name).chmod(0o755)
        took = asyncio.run(measure(Path(name), goals))
    print(f"{len(goals)} goals")
    summary("POST /goals/decompose", took)


if __name__ == "__main__":
    main()
