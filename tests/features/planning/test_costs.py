"""What the hot verbs cost in statements, what they tell, and that long ranks are mended."""

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx2
import psycopg
import pytest
from sqlalchemy import func, select

from bench.recording import Statement, recorded
from selfos.features.planning import service
from selfos.features.planning.models import Task
from selfos.features.planning.schemas.inputs import (
    GoalCreate,
    TaskCreate,
    TaskMove,
    TaskQuery,
    TaskUpdate,
)
from selfos.features.planning.service.ordering import LONG_RANK
from selfos.kernel.embedded import Embedded
from selfos.kernel.ledger.models import EventRecord
from selfos.kernel.settings import Settings
from tests.conftest import Clock, running_app
from tests.factories import Person, register, statements


async def test_hot_verbs_send_few_statements(person: Person) -> None:
    async with person.context() as ctx:
        with statements() as created:
            task = await service.create_task(ctx, TaskCreate(title="Call Mum"))
            await service.TASKS.one(ctx, task.id)
        assert created == ["INSERT", "SELECT"]
    async with person.context() as ctx:
        with statements() as listed:
            await service.list_tasks(ctx, TaskQuery())
        with statements() as got:
            await service.get_task(ctx, task.id)
        assert (listed, got) == (["SELECT"], ["SELECT"])
        with statements() as completed:
            await service.complete_task(ctx, task.id)
            await service.TASKS.one(ctx, task.id)
        assert completed == ["SELECT", "UPDATE", "SELECT"]


async def test_verbs_tell_what_happened(person: Person) -> None:
    async with person.context() as ctx:
        goal = await service.create_goal(ctx, GoalCreate(title="Run"))
        task = await service.create_task(ctx, TaskCreate(title="Shoes", goal_id=goal.id))
        await service.update_task(ctx, task.id, TaskUpdate(title="Good shoes", priority=1))
        await service.complete_task(ctx, task.id)
        await service.reopen_task(ctx, task.id)
        await service.complete_goal(ctx, goal.id)
        await service.delete_task(ctx, task.id)
        told = [event for _, event in ctx.draft.events]
    assert [each.type for each in told] == [
        "goal.created",
        "task.created",
        "task.updated",
        "task.completed",
        "task.reopened",
        "goal.completed",
        "task.deleted",
    ]
    assert told[2].model_dump()["fields"] == ["priority", "title"]
    assert told[3].model_dump()["goal_id"] == goal.id


async def test_long_ranks_are_shortened_without_changing_the_order(
    person: Person, drain: Any
) -> None:
    async with person.context() as ctx:
        tasks = [await service.create_task(ctx, TaskCreate(title=str(n))) for n in range(4)]
    for turn in range(160):
        moved = tasks[1 + turn % 2]
        async with person.context() as ctx:
            await service.move_task(ctx, moved.id, TaskMove(after_id=tasks[0].id))
    async with person.context() as ctx:
        query = select(Task.title, Task.rank).order_by(Task.rank)
        before = [(row.title, row.rank) for row in await ctx.session.execute(query)]
    assert max(len(rank) for _, rank in before) > LONG_RANK
    await drain()
    async with person.context() as ctx:
        after = [(row.title, row.rank) for row in await ctx.session.execute(query)]
    assert [title for title, _ in after] == [title for title, _ in before]
    assert max(len(rank) for _, rank in after) < LONG_RANK // 2


async def test_completing_at_the_same_time_counts_once(person: Person) -> None:
    task = await person.post("/tasks", 201, title="Once")
    path = f"/tasks/{task['id']}/complete"
    answers = await asyncio.gather(*(person.client.post(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    async with person.context() as ctx:
        told = select(func.count()).where(
            EventRecord.type == "task.completed", EventRecord.aggregate_id == UUID(task["id"])
        )
        assert await ctx.session.scalar(told) == 1


@pytest.fixture
async def newcomer(
    postgres: Embedded, fresh_database: str, settings: Settings, clock: Clock
) -> AsyncGenerator[Person]:
    """Somebody in a database that never has statistics, whenever the server would take them.

    With those of many small workspaces it takes a new one for small, and may read all of it.
    """
    with psycopg.connect(postgres.url("postgres", fresh_database), autocommit=True) as owner:
        owner.execute("ALTER TABLE tasks SET (autovacuum_enabled = off)")
    url = postgres.url("selfos_app", fresh_database)
    async with (
        running_app(settings, url, clock) as (app, kernel),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:8000/api/v1"
        ) as client,
    ):
        yield await register(kernel, client)


async def test_a_young_workspace_reads_rows_by_index_alone(newcomer: Person) -> None:
    """Without statistics the planner must still look up, not walk, what a row derives."""
    person = newcomer
    async with person.context() as ctx:
        for number in range(300):
            await service.create_task(ctx, TaskCreate(title=str(number)))
    async with person.context() as ctx:
        sent: list[Statement] = []
        with recorded(sent):
            await service.list_tasks(ctx, TaskQuery(limit=20))
        statement, parameters = sent[0]
        explained = f"EXPLAIN (ANALYZE) {statement}".encode()
        plan = await (await ctx.transaction.driver.execute(explained, parameters)).fetchall()
        loops = re.findall(r"rows=([\d.]+) loops=(\d+)", "\n".join(row[0] for row in plan))
    assert max(float(rows) * int(times) for rows, times in loops) <= 21
