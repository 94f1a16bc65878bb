"""The second half of `bench.progress`: a team with 1,000,000 rows of tasks and their sums.

`GET /analytics/work` of 26 weeks through the HTTP interface, against two statements by hand: the
same sums from the same rollups, and from the tasks, which is what would be read without rollups.
Each task here is one row of tasks and two of rollups at most, spread over people and days.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any, LiteralString
from uuid import UUID

import httpx2
import psycopg

from selfos.kernel.embedded import Embedded

ROUNDS, PEOPLE, DAYS = 15, 200, 1_500
GATE = 10.0
MILLISECONDS = 1_000
PERSON = """
WITH made AS (
    INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(),
        'email', 'team' || n || '@example.org', 'email_key', 'team' || n || '@example.org'))).*
    FROM users u JOIN members m ON m.user_id = u.id, generate_series(1, %(people)s) n
    WHERE m.workspace_id = %(workspace)s AND m.role = 'owner' RETURNING id
)
INSERT INTO members SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(),
    'user_id', made.id, 'role', 'member'))).*
FROM members m, made WHERE m.workspace_id = %(workspace)s AND m.role = 'owner'
"""
# Of one area each, so that a task on a day of its own is two rows of rollups.
TASKS = """
WITH people AS (
    SELECT user_id, row_number() OVER (ORDER BY user_id) - 1 AS number FROM members
    WHERE workspace_id = %(workspace)s AND role = 'member'
)
INSERT INTO tasks (workspace_id, id, title, notes, state, priority, due_date, weight, rank,
    settled_at, settled_on, assignee_id, created_at)
SELECT %(workspace)s, gen_random_uuid(), 'Task ' || n, '', 'done', 4, d.day, 1, 'a' || n,
    d.day::timestamptz, d.day - (n %% 3 - 1), p.user_id, now()
FROM generate_series(1, %(tasks)s) n
JOIN people p ON p.number = n %% %(people)s
CROSS JOIN LATERAL (SELECT current_date - ((n / %(people)s) %% %(days)s)::int AS day) d
"""
FROM_ROLLUPS = """
SELECT date_trunc('week', day::timestamp), sum(done), sum(on_time), sum(late), sum(planned),
    sum(kept), sum(slipped)
FROM progress_rollups WHERE workspace_id = %(workspace)s AND dimension = 'all'
    AND day BETWEEN current_date - 182 AND current_date GROUP BY 1
"""
FROM_TASKS = """
SELECT w.week, sum(w.done), sum(w.on_time), sum(w.planned) FROM (
    SELECT date_trunc('week', settled_on::timestamp) AS week, count(*) AS done,
        count(*) FILTER (WHERE settled_on <= due_date) AS on_time, 0 AS planned
    FROM tasks WHERE workspace_id = %(workspace)s AND deleted_at IS NULL AND state = 'done'
        AND settled_on BETWEEN current_date - 182 AND current_date GROUP BY 1
    UNION ALL
    SELECT date_trunc('week', due_date::timestamp), 0, 0, count(*)
    FROM tasks WHERE workspace_id = %(workspace)s AND deleted_at IS NULL
        AND state NOT IN ('cancelled', 'skipped')
        AND due_date BETWEEN current_date - 182 AND current_date GROUP BY 1
) w GROUP BY 1
"""


async def timed(ask: Callable[[], Awaitable[Any]]) -> float:
    """Return the median of some rounds, in milliseconds."""
    await ask()
    took: list[float] = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - begin) * MILLISECONDS)
    return statistics.median(took)


async def measure_team(
    client: httpx2.AsyncClient, embedded: Embedded, workspace: str, rows: int
) -> bool:
    """Fill the workspace, ask it three ways, and tell whether a gate was missed."""
    counting, kept = fill(embedded.url("postgres"), UUID(workspace), rows // 2)

    async def told() -> None:
        answer = (await client.get("/analytics/work")).raise_for_status()
        # An answer that tells nothing would be quick.
        if not answer.json()["groups"][0]["told"]:
            raise LookupError("a team of hundreds is not told")

    through_http = await timed(told)
    from_rollups, plan = await ask(embedded, workspace, FROM_ROLLUPS)
    from_tasks, _ = await ask(embedded, workspace, FROM_TASKS)
    print(f"a team of {PEOPLE} people: {kept:,} sums of {rows // 2:,} tasks")
    print(f"counting all of them:                {counting:8.0f} ms")
    print(f"26 weeks of the team over HTTP:      {through_http:8.1f} ms")
    print(f"by hand, from the same sums:         {from_rollups:8.1f} ms")
    print(f"by hand, from the tasks:             {from_tasks:8.1f} ms")
    ratio = through_http / from_rollups
    print(f"ratio to by hand: {ratio:.2f}; sums against tasks: {from_tasks / from_rollups:.1f}")
    walked = "Seq Scan" in plan
    if ratio > GATE or walked:
        print(f"missed: less than {GATE:.0f} times by hand, and by index\n{plan}")
    return ratio > GATE or walked


def fill(url: str, workspace: UUID, tasks: int) -> tuple[float, int]:
    """Make people and their tasks past the ledger; returns how long counting took, and the sums."""
    values = {"workspace": workspace, "people": PEOPLE, "days": DAYS, "tasks": tasks}
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(PERSON, values)
        owner.execute(TASKS, values)
        owner.execute("VACUUM ANALYZE")
        begin = time.perf_counter()
        owner.execute("SELECT progress_rebuild(%(workspace)s)", values)
        counting = (time.perf_counter() - begin) * MILLISECONDS
        owner.execute("VACUUM ANALYZE progress_rollups")
        (kept,) = owner.execute("SELECT count(*) FROM progress_rollups").fetchone() or (0,)
    return counting, kept


async def ask(embedded: Embedded, workspace: str, query: LiteralString) -> tuple[float, str]:
    """Return how long the database takes for a statement, and by which plan."""
    values = {"workspace": workspace}
    async with await psycopg.AsyncConnection.connect(embedded.url("selfos_app")) as connection:

        async def once(text: LiteralString) -> list[Any]:
            async with connection.transaction():
                await connection.execute(
                    "SELECT set_config('selfos.workspace', %s, true)", [workspace]
                )
                return await (await connection.execute(text, values)).fetchall()

        took = await timed(lambda: once(query))
        return took, "\n".join(row[0] for row in await once("EXPLAIN " + query))
