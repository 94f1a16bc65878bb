"""Numbers are found by index, however many there are."""

from __future__ import annotations

from datetime import UTC, datetime

from bench.recording import Statement, recorded
from selfos.features.progress import service as progress
from selfos.features.progress.schemas import AnalyticsQuery, StatsQuery, Table
from selfos.kernel.context import Context
from tests.factories import Person
from tests.features.progress.test_stats import done

# What grows with every day that somebody lives.
LARGE = ("progress_rollups", "progress_facts", "progress_moves", "tasks", "check_ins", "changes",
         "focus_sessions")  # fmt: skip


async def plans_of(ctx: Context, sent: list[Statement]) -> list[str]:
    """Return how the database would answer these, if it read a whole table only where it must.

    What it would do by itself depends on what else is in the database; the bench looks at that,
    with a million rows.
    """
    driver = ctx.transaction.driver
    await driver.execute("SET LOCAL enable_seqscan = off")
    plans: list[str] = []
    for statement, parameters in sent:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            found = await driver.execute(f"EXPLAIN {statement}".encode(), parameters)
            plans.append("\n".join(row[0] for row in await found.fetchall()))
    return plans


async def test_no_number_reads_a_whole_table(person: Person) -> None:
    await done(person, due={"kind": "date", "date": f"{datetime.now(UTC):%Y-%m-%d}"})
    habit = await person.post("/habits", 201, title="Stretch")
    await person.post(f"/habits/{habit['id']}/check-ins", 201)
    sent: list[Statement] = []
    async with person.context() as ctx:
        with recorded(sent):
            await progress.calculate_user_stats(ctx, StatsQuery())
            for table in Table:
                await progress.draw_analytics(ctx, table, AnalyticsQuery())
        plans = await plans_of(ctx, sent)
    walked = [
        f"{table}: {plan}" for plan in plans for table in LARGE if f"Seq Scan on {table}" in plan
    ]
    assert walked == []
    assert sum("on progress_rollups" in plan for plan in plans) >= 3


async def test_what_a_task_counts_is_not_looked_for_among_all_tasks(person: Person) -> None:
    async with person.context() as ctx:
        driver = ctx.transaction.driver
        found = await driver.execute(
            "EXPLAIN SELECT * FROM progress_facts_of(%s, NULL)", [ctx.workspace_id]
        )
        plan = [row[0] for row in await found.fetchall()]
    # Once for each thing that counts: done, dropped, planned, put off.
    assert sum("CTE Scan on owned" in line for line in plan) == 4
