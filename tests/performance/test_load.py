"""Size and load change how long things take, never how much work one answer costs."""

import asyncio
import gc
import resource
import sys
from itertools import pairwise
from typing import Any

import httpx2
import psycopg
from psycopg import sql

from bench.recording import Statement, recorded
from selfos.features.ai.schemas import Delta, Done, Outcome
from selfos.kernel.embedded import Embedded
from tests.factories import Person
from tests.fakes.vendors import End, Reply
from tests.features.ai.conftest import Asking, Vendors, kinds, listen, question

WORKSPACES, TASKS_EACH = 60, 1_000
AT_ONCE = 50
REQUESTS_PER_ROUND = 300
# What a process may still grow by per round once it has seen every kind of request.
GROWTH = 0.03
READS = ("/tasks", "/tasks?sort=due", "/tasks?completed=true", "/today", "/trash", "/history")

GROW = """
INSERT INTO tasks SELECT r.*
FROM tasks t, unnest(%(places)s::uuid[]) w(id), generate_series(1, %(each)s) n,
LATERAL jsonb_populate_record(t, jsonb_build_object(
    'workspace_id', w.id, 'id', gen_random_uuid(), 'title', 'Task ' || n,
    'rank', 'a' || lpad(n::text, 8, '0'), 'goal_id', CASE WHEN mod(n, 10) = 0 THEN t.goal_id END,
    'created_at', t.created_at - n * interval '1 hour')) r
WHERE t.id = %(like)s
"""


async def grow(owner_url: str, person: Person, task_id: str) -> None:
    """Fill the person's workspace, and many more, with tasks like this one."""
    async with await psycopg.AsyncConnection.connect(owner_url) as owner:
        # Rows of nobody: what hangs on tasks is not what is measured here.
        await owner.execute("SET session_replication_role = replica")
        made = await owner.execute(
            "INSERT INTO tenants (id) SELECT gen_random_uuid() FROM generate_series(1, %s)"
            " RETURNING id",
            [WORKSPACES],
        )
        places = [person.workspace_id, *(row[0] for row in await made.fetchall())]
        await owner.execute(GROW, {"places": places, "each": TASKS_EACH, "like": task_id})
    async with await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as owner:
        await owner.execute("ANALYZE tasks")


async def heard(person: Person, path: str) -> list[Statement]:
    """Return what one request says to the database."""
    await person.get(path)  # what a process learns once is not the request's
    said: list[Statement] = []
    with recorded(said):
        await person.get(path)
    return said


async def plans(owner_url: str, person: Person, statements: list[Statement]) -> str:
    """Return how PostgreSQL carries these out for the application, in this person's place."""
    lines: list[str] = []
    async with await psycopg.AsyncConnection.connect(owner_url) as connection:
        await connection.execute("SET ROLE selfos_app")
        await connection.execute(
            "SELECT set_config('selfos.workspace', %s, true), set_config('selfos.user', %s, true)",
            (str(person.workspace_id), str(person.user_id)),
        )
        for text, parameters in statements:
            if " tasks" in text and text.lstrip().upper().startswith(("SELECT", "WITH")):
                explained = await connection.execute(f"EXPLAIN {text}".encode(), parameters)
                lines += [row[0] for row in await explained.fetchall()]
    return "\n".join(lines)


async def test_database_performance_with_large_datasets(
    person: Person, postgres: Embedded, database: str
) -> None:
    owner_url = postgres.url("postgres", database)
    goal = await person.post("/goals", 201, title="Walk to Rome")
    task = await person.post("/tasks", 201, title="Walk", goal_id=goal["id"])
    mine = (*READS, f"/tasks?goal_id={goal['id']}", f"/goals/{goal['id']}", f"/tasks/{task['id']}")
    small = {path: len(await heard(person, path)) for path in mine}
    await grow(owner_url, person, task["id"])
    large = {path: await heard(person, path) for path in mine}
    assert {path: len(said) for path, said in large.items()} == small
    shown = await person.get("/tasks", limit=50)
    assert len(shown["items"]) == 50
    for path, said in large.items():
        plan = await plans(owner_url, person, said)
        assert "Seq Scan on tasks" not in plan, f"{path}\n{plan}"
        assert "Index" in plan or "task" not in path, f"{path}\n{plan}"
    async with await psycopg.AsyncConnection.connect(owner_url) as owner:
        delete = sql.SQL("DELETE FROM tasks WHERE title LIKE 'Task %'")
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(delete)


def peak_bytes() -> int:
    """Return the most memory this process has ever used."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


async def test_memory_usage_under_load(person: Person) -> None:
    async def one_round() -> int:
        for number in range(REQUESTS_PER_ROUND // 3):
            task = await person.post("/tasks", 201, title=f"Task {number}")
            await person.post(f"/tasks/{task['id']}/complete")
            await person.get(READS[number % len(READS)])
        gc.collect()
        return peak_bytes()

    peaks = [await one_round() for _ in range(4)]
    grown = [after / before - 1 for before, after in pairwise(peaks[1:])]
    assert max(grown) <= GROWTH, peaks


async def planned(client: httpx2.AsyncClient, title: str) -> Any:
    """Ask for a plan, again while the server says it is too busy."""
    while True:
        answer = await client.post("/goals/decompose", json={"goal": {"title": title}})
        if answer.status_code != 503:
            assert answer.status_code == 201, answer.text
            return answer.json()
        await asyncio.sleep(float(answer.headers["Retry-After"]))


async def test_concurrent_plans_by_rules(person: Person) -> None:
    titles = [f"Save {100 * number} euros for trip {number}" for number in range(1, AT_ONCE + 1)]
    answers = await asyncio.gather(*(planned(person.client, title) for title in titles))
    assert [answer["goal"]["title"] for answer in answers] == titles
    lines: list[str] = []
    for answer in answers:
        proposal = await person.get(f"/proposals/{answer['proposal']['id']}")
        assert proposal == answer["proposal"]
        assert proposal["goal_id"] == answer["goal"]["id"]
        assert answer["goal"]["title"] in proposal["title"]
        lines += [line["id"] for line in proposal["lines"]]
    assert len(lines) == len(set(lines)) > AT_ONCE


async def test_concurrent_ai_requests(asking: Asking, vendors: Vendors, asker: Person) -> None:
    """Everybody gets their own answer, also the one whose model dies in the middle of it."""
    echo, places = Reply(echoes=True, before=0.05, usage=(20, 10)), 16
    vendors.first.usual = vendors.second.usual = echo
    vendors.first.will(*[echo] * 20, Reply(echoes=True, end=End.CUT))
    questions = [f"Question {number} about sleep and more" for number in range(AT_ONCE)]
    providers = vendors.providers()
    both = {name: {**providers[name], "concurrency": places} for name in ("first", "second")}
    async with asking(ai_providers=both) as kernel:
        heard = await asyncio.gather(*(listen(kernel, asker, question(each)) for each in questions))
    for asked, events in zip(questions, heard, strict=True):
        again = max(
            (at for at, each in enumerate(events) if each.as_json()["type"] == "reset"), default=0
        )
        shown = "".join(each.text for each in events[again:] if isinstance(each, Delta))
        done = events[-1]
        assert isinstance(done, Done)
        assert shown == done.generation.text == f"{asked} "
    assert 1 < vendors.first.most_open <= places
    dead = [events for events in heard if "reset" in kinds(events)]
    assert [events[-1].generation.provider for events in dead if isinstance(events[-1], Done)] == [
        "second"
    ]
    lines = [*(await asker.get("/ai/calls", limit=100))["items"]]
    assert len(lines) == AT_ONCE + 1
    assert sum(line["outcome"] == Outcome.TRANSIENT for line in lines) == 1
    budgets = (await asker.get("/ai/budgets"))["budgets"]
    assert {
        budget["reserved_micros"] for budget in budgets if budget["scope"] != "instance_month"
    } <= {0}
