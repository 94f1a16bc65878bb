"""What sync costs beside the queries it cannot do without: `python -m bench.sync`.

A full sync of 10,000 tasks and a delta of 100 through the application in this process, each against
the same run's queries for the same rows, said by bare psycopg to the same database.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psycopg

from bench.preparation import own_database, somebody
from bench.recording import Statement, recorded
from selfos.kernel.embedded import Embedded
from selfos.kernel.telemetry import configure_logging

TASKS, CHANGED = 10_000, 100
ROUNDS = 5
# A query that builds rows as they are shown; everything else of an exchange is what sync adds.
SHOWS = "json_build_object"
MOST_FULL, MOST_DELTA = 3.5, 6.0


@dataclass
class Figures:
    """One kind of exchange: its rows, and the seconds of both sides, round by round."""

    name: str
    rows: int
    ours: list[float]
    bare: list[float]
    most: float

    @property
    def ratio(self) -> float:
        """Return ours by bare, the median of the rounds."""
        return statistics.median(o / b for o, b in zip(self.ours, self.bare, strict=True))

    def line(self) -> str:
        """Return a line of the table."""
        ours, bare = (statistics.median(side) * 1_000 for side in (self.ours, self.bare))
        verdict = "ok" if self.ratio <= self.most else "MISSED"
        return (
            f"{self.name:<22} {self.rows:>6} rows  {ours:>8.1f} ms  {bare:>8.1f} ms"
            f"  {self.ratio:>5.2f}  (at most {self.most})  {verdict}"
        )


async def fill(http: httpx2.AsyncClient, url: str) -> list[str]:
    """Make one task as people do and copies of it behind their back; returns some ids."""
    made = await http.post("/tasks", json={"title": "Water the plants", "labels": ["home"]})
    task = made.raise_for_status().json()["id"]
    with psycopg.connect(url) as owner:
        owner.execute("SELECT set_config('selfos.purge', 'on', true)")
        (columns,) = owner.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid ="
            " 'tasks'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id'"
            " AND attgenerated = ''"
        ).fetchone() or ("",)
        copies = (
            f"INSERT INTO tasks (id, {columns}) SELECT uuidv7(), {columns}"  # noqa: S608 - names
            " FROM (SELECT * FROM tasks WHERE id = %s) one, generate_series(2, %s) RETURNING id"
        )
        found = owner.execute(copies.encode(), [task, TASKS]).fetchall()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    return [str(row[0]) for row in found[:CHANGED]]


async def exchange(http: httpx2.AsyncClient, cursor: int | None) -> tuple[float, int, int]:
    """Sync until nothing is left; returns seconds, rows and the cursor."""
    body: dict[str, Any] = {"device": str(uuid4()), "cursor": cursor, "page": None}
    seconds, rows = 0.0, 0
    while True:
        start = time.perf_counter()
        answer = await http.post("/sync", json=body)
        seconds += time.perf_counter() - start
        told = json.loads(answer.raise_for_status().content)
        rows += len(told["changes"])
        body |= {"cursor": told["cursor"], "page": told["page"]}
        if not told["more"]:
            return seconds, rows, told["cursor"]


def replay(url: str, statements: list[Statement]) -> float:
    """Say these queries again, one after the other on one connection; returns seconds."""
    with psycopg.connect(url) as bare:
        start = time.perf_counter()
        for text, parameters in statements:
            bare.execute(text.encode(), parameters).fetchall()
        return time.perf_counter() - start


async def measure(
    url: str, name: str, most: float, ask: Callable[[], Awaitable[tuple[float, int, int]]]
) -> Figures:
    """Ask some times, each beside the same queries on their own."""
    statements: list[Statement] = []
    with recorded(statements):
        _, rows, _ = await ask()
    shows = [statement for statement in statements if SHOWS in statement[0]]
    figures = Figures(name, rows, [], [], most)
    for _ in range(ROUNDS):
        figures.ours.append((await ask())[0])
        figures.bare.append(await asyncio.to_thread(replay, url, shows))
    return figures


async def run(folder: Path, embedded: Embedded) -> list[Figures]:
    """Prepare and measure both kinds of exchange."""
    async with somebody(folder, embedded) as http:
        owner = embedded.url("postgres")
        tasks = await fill(http, owner)
        full = await measure(owner, "full sync", MOST_FULL, lambda: exchange(http, None))
        _, _, cursor = await exchange(http, None)
        action = {"kind": "update", "fields": {"priority": 1}}
        edit = await http.post("/tasks/bulk", json={"task_ids": tasks, "action": action})
        edit.raise_for_status()
        delta = await measure(owner, "delta", MOST_DELTA, lambda: exchange(http, cursor))
    return [full, delta]


def main() -> int:
    """Print the table; the exit code says whether the ratios hold."""
    configure_logging("warning", "text")
    with own_database() as (folder, embedded):
        figures = asyncio.run(run(folder, embedded))
    print(f"{'':<22} {'':>11}  {'sync':>11}  {'queries':>11}  ratio")
    print("\n".join(each.line() for each in figures))
    return 0 if all(each.ratio <= each.most for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
