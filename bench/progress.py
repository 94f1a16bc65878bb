"""`python -m bench.progress`: numbers of 100,000 completed tasks, and a team of 1,000,000 rows.

Statistics of twelve weeks and a weekly report through the HTTP interface in this process, against
bare psycopg that counts done, on time and planned of as many days from the tasks themselves; and
how long it takes to count everything, the first time and in a recount. Then a team in numbers
(`bench.team`). Prints medians and ratios; `--quick` takes a twentieth of the rows and
judges neither. Exits 1 when something takes more than its gate, or reads a whole table.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from bench.preparation import client_of, own_database, running
from bench.search import PASSWORD, account
from bench.team import measure_team, timed
from selfos.kernel.embedded import Embedded
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import configure_logging

TASKS, DAYS = 100_000, 1_000
TEAM_ROWS, QUICK_PART = 1_000_000, 20
GATE = 10.0
MILLISECONDS = 1_000
# Past the ledger, as an archive that was carried over: the owner of the workspace did it all.
FILL = """
INSERT INTO tasks (workspace_id, id, title, notes, state, priority, due_date, weight, rank,
    settled_at, settled_on, duration_minutes, created_at)
SELECT %(workspace)s, gen_random_uuid(), 'Task ' || n, '', 'done', 4,
    current_date - (n %% %(days)s) + (n %% 7 - 3), 1, 'a' || n,
    now() - make_interval(days => n %% %(days)s), current_date - (n %% %(days)s), n %% 50, now()
FROM generate_series(1, %(tasks)s) n
"""
# The best we could write by hand: one pass over the days of an index, and one over plans.
BY_HAND = """
SELECT (SELECT array_agg(ARRAY[extract(epoch FROM day)::bigint, done, on_time]) FROM (
        SELECT settled_on AS day, count(*) AS done,
            count(*) FILTER (WHERE settled_on <= due_date) AS on_time
        FROM tasks WHERE workspace_id = %(workspace)s AND deleted_at IS NULL AND state = 'done'
            AND settled_on BETWEEN current_date - %(back)s AND current_date
        GROUP BY settled_on) d),
    (SELECT count(*) FROM tasks WHERE workspace_id = %(workspace)s AND deleted_at IS NULL
        AND state NOT IN ('cancelled', 'skipped')
        AND due_date BETWEEN current_date - %(back)s AND current_date)
"""


async def measure(folder: Path, embedded: Embedded, *, quick: bool = False) -> int:
    """Fill a database, ask it both ways, and judge."""
    tasks = TASKS // QUICK_PART if quick else TASKS
    configure_logging("warning", "json")
    owner_url = embedded.url("postgres")
    settings = Settings(data=folder, rate_limit_per_minute=1_000_000_000, log_level="warning")
    async with running(settings, embedded) as app, client_of(app) as client:
        workspace = await account(client, "mine")
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute("ALTER TABLE tasks DISABLE TRIGGER USER")
            owner.execute(FILL, {"workspace": workspace, "tasks": tasks, "days": DAYS})
            owner.execute("ALTER TABLE tasks ENABLE TRIGGER USER")
            owner.execute("VACUUM ANALYZE tasks")
        await client.post("/auth/login", json={"email": "mine@example.org", **PASSWORD})
        begin = time.perf_counter()
        told = await client.post("/reports", json={"kind": "week"})
        told.raise_for_status()
        first = (time.perf_counter() - begin) * MILLISECONDS

        async def stats() -> None:
            (await client.get("/progress/stats")).raise_for_status()

        async def report() -> None:
            (await client.post("/reports", json={"kind": "week"})).raise_for_status()

        of_stats, of_report = await timed(stats), await timed(report)
        by_hand, recount = await ask_database(embedded.url("selfos_app"), str(workspace))
        missed = await measure_team(
            client, embedded, str(workspace), TEAM_ROWS // QUICK_PART if quick else TEAM_ROWS
        )
    print(f"{tasks:,} completed tasks over {DAYS} days")
    print(f"first look, which counts everything: {first:8.0f} ms")
    print(f"statistics of twelve weeks:          {of_stats:8.1f} ms")
    print(f"weekly report with its charts:       {of_report:8.1f} ms")
    print(f"by hand, 24 weeks of tasks:          {by_hand:8.1f} ms")
    print(f"a recount of all sums:               {recount:8.0f} ms")
    ratios = of_stats / by_hand, of_report / by_hand
    print("ratio to by hand: statistics {:.2f}, report {:.2f}".format(*ratios))
    if max(ratios) > GATE and not quick:
        print(f"missed: both are to take less than {GATE:.0f} times as long as by hand")
        return 1
    return 1 if missed else 0


async def ask_database(url: str, workspace: str) -> tuple[float, float]:
    """Return how long the database takes for the same by hand, and for a recount."""
    async with await psycopg.AsyncConnection.connect(url) as connection:

        async def ask(query: LiteralString, **values: Any) -> None:
            async with connection.transaction():
                await connection.execute(
                    "SELECT set_config('selfos.workspace', %s, true)", [workspace]
                )
                rows = await connection.execute(query, {"workspace": workspace, **values})
                await rows.fetchall()

        by_hand = await timed(lambda: ask(BY_HAND, back=168))
        begin = time.perf_counter()
        await ask("SELECT count(*) FROM progress_doubts(%(workspace)s)")
        return by_hand, (time.perf_counter() - begin) * MILLISECONDS


if __name__ == "__main__":
    with own_database() as place:
        code = asyncio.run(measure(*place, quick="--quick" in sys.argv))
    sys.exit(code)
