"""Background work: done exactly when the change is, retried, ordered, never lost."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from procrastinate.jobs import Job as QueuedJob
from sqlalchemy import select
from structlog.testing import capture_logs

from selfos.edge.health import State, get_health
from selfos.edge.server import working
from selfos.features.planning.models import Label
from selfos.kernel import jobs as engine
from selfos.kernel.context import Context, attempt, open_context
from selfos.kernel.core import Kernel, open_kernel
from selfos.kernel.embedded import Embedded
from selfos.kernel.identifiers import new_id
from selfos.kernel.jobs import ATTEMPTS, Backoff, Jobs, deliver
from selfos.kernel.ledger.models import Changeset, Receipt
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import request_id_bound
from tests.kernel.household import (
    Household,
    Rang,
    labels,
    ring,
    until,
    until_nothing_waits,
    until_seen,
)
from tests.programs import untraced


async def test_a_handler_runs_once_however_often_it_is_delivered(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    (event_id,) = await ring(quiet, workspace, Rang(door_id=new_id()))
    await until_nothing_waits(quiet)
    handler = quiet.jobs.handlers["house.open_door"]
    for _ in range(2):
        await deliver(quiet, handler, workspace, event_id)
    assert len(house.seen) == 1
    assert await labels(quiet, workspace) == 1
    async with open_context(quiet, workspace_id=workspace) as ctx:
        receipts = (await ctx.session.scalars(select(Receipt.handler))).all()
        caused = (
            await ctx.session.scalars(select(Changeset).order_by(Changeset.seq.desc()))
        ).first()
    assert receipts == ["house.open_door"]
    assert caused is not None
    assert caused.cause == event_id


async def test_a_handler_whose_workspace_is_gone_does_nothing(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    await deliver(quiet, quiet.jobs.handlers["house.open_door"], new_id(), new_id())
    assert house.seen == []


async def test_a_failing_handler_leaves_nothing_and_is_tried_again(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    house.faults = 3
    await ring(quiet, workspace, Rang(door_id=new_id(), number=7))
    await until_nothing_waits(quiet)
    assert [number for _, number in house.seen] == [7]
    # Every attempt has written a label before it failed.
    assert await labels(quiet, workspace) == 1
    assert await quiet.jobs.dead() == []


def test_each_wait_is_about_twice_the_one_before_up_to_an_hour() -> None:
    def waits(attempts: int) -> float:
        job = QueuedJob(
            id=1, queue="selfos", lock=None, queueing_lock=None, task_name="x", attempts=attempts
        )
        before = datetime.now(UTC)
        decision = Backoff(2.0).get_retry_decision(exception=ValueError(), job=job)
        assert decision is not None
        assert decision.retry_at is not None
        return (decision.retry_at - before).total_seconds()

    for attempts in range(ATTEMPTS - 1):
        assert 0.5 * 2 ** (attempts + 1) - 1 <= waits(attempts) <= 1.5 * 2 ** (attempts + 1) + 1
    long = QueuedJob(
        id=1, queue="selfos", lock=None, queueing_lock=None, task_name="x", attempts=ATTEMPTS - 2
    )
    decision = Backoff(1e6).get_retry_decision(exception=ValueError(), job=long)
    assert decision is not None
    assert decision.retry_at is not None
    assert decision.retry_at - datetime.now(UTC) <= timedelta(hours=1.5)


async def test_a_dead_job_is_seen_and_can_be_revived(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    house.faults = ATTEMPTS
    await ring(quiet, workspace, Rang(door_id=new_id()))
    await until_nothing_waits(quiet)
    (dead,) = await quiet.jobs.dead()
    assert (dead.status, dead.attempts) == ("failed", ATTEMPTS)
    assert house.faults == 0
    parts = {part.name: part for part in (await get_health(quiet)).components}
    assert parts["jobs"].state is State.DEGRADED
    assert parts["jobs"].detail.startswith("1 dead")
    assert dead.id is not None
    await quiet.jobs.revive(dead.id)
    await until_nothing_waits(quiet)
    assert await quiet.jobs.dead() == []
    assert len(house.seen) == 1


async def test_each_failed_attempt_stands_in_the_log_and_the_last_one_as_a_dead_job(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    house.faults = ATTEMPTS
    with capture_logs() as told:
        with request_id_bound("request-0816"):
            async with open_context(quiet, workspace_id=workspace) as ctx:
                ctx.defer("house.send", to="ada@example.org")
        await until_nothing_waits(quiet)
    lines = [line for line in told if line["event"].startswith("job.")]
    events = ["job.failed"] * (ATTEMPTS - 1) + ["job.dead"]
    assert [(line["event"], line["attempt"]) for line in lines] == [
        (event, attempt) for attempt, event in enumerate(events, start=1)
    ]
    same = {"job": "house.send", "request_id": "request-0816"}
    error = "ConnectionError('the line is busy')"
    assert all({**same, "error": error}.items() <= line.items() for line in lines)
    assert isinstance(lines[-1]["exc_info"], ConnectionError)
    assert "ada@example.org" not in str(lines)


@pytest.mark.parametrize(
    ("task", "given", "name", "request_id"),
    [
        (
            "deliver_event",
            {"handler": "house.open_door", "request_id": "r-1"},
            "house.open_door",
            "r-1",
        ),
        ("house.send", {"request_id": None}, "house.send", None),
        ("house.tick", {"timestamp": 7}, "house.tick", "house.tick@7"),
    ],
)
def test_a_failure_is_told_by_the_name_and_id_its_work_goes_by(
    task: str, given: dict[str, Any], name: str, request_id: str | None
) -> None:
    job = QueuedJob(
        id=1, queue="selfos", lock=None, queueing_lock=None, task_name=task, task_kwargs=given
    )
    with capture_logs() as told:
        Backoff(2.0).get_retry_decision(exception=ValueError(), job=job)
    assert [(line["job"], line["request_id"]) for line in told] == [(name, request_id)]


async def test_what_happens_to_one_thing_is_handled_in_order(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    doors = [new_id() for _ in range(3)]
    for number in range(10):
        await ring(quiet, workspace, *(Rang(door_id=door, number=number) for door in doors))
    async with working(quiet):
        await until_seen(house, 30)
    for door in doors:
        assert [number for seen, number in house.seen if seen == door] == list(range(10))


async def test_a_rolled_back_change_starts_nothing(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    async def fail() -> None:
        async with open_context(quiet, workspace_id=workspace) as ctx:
            ctx.emit(Rang(door_id=new_id()))
            ctx.defer("house.send", to="nobody")
            # The queue has them, on the same connection; then the transaction ends badly.
            await quiet.jobs.hand_over(ctx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await until_nothing_waits(quiet)
    assert (house.seen, house.done) == ([], [])


async def test_an_unknown_job_is_refused_before_anything_is_written(
    quiet: Kernel, workspace: UUID
) -> None:
    async def misspell() -> None:
        async with open_context(quiet, workspace_id=workspace) as ctx:
            ctx.session.add(Label(key="x", name="x", color="home"))
            ctx.defer("house.unknown")

    with pytest.raises(LookupError, match="no job is called"):
        await misspell()
    assert await labels(quiet, workspace) == 0


async def test_outward_work_is_retried_and_keeps_its_arguments_and_request_id(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    house.faults = 2
    with request_id_bound("request-0815"):
        async with open_context(quiet, workspace_id=workspace) as ctx:
            ctx.defer("house.send", to="ada@example.org", copies=2)
            ctx.emit(Rang(door_id=new_id()))
    await until_nothing_waits(quiet)
    assert house.done == [{"to": "ada@example.org", "copies": 2}]
    assert set(house.request_ids) == {"request-0815"}


async def test_a_schedule_fires_once_for_three_workers(
    settings: Settings, url: str, house: Household
) -> None:
    houses = [house, Household(), Household()]

    @asynccontextmanager
    async def worker(household: Household) -> AsyncGenerator[Kernel]:
        async with open_kernel(settings, url, household.jobs()) as kernel, working(kernel):
            yield kernel

    async def enough() -> bool:
        return sum(len(household.ticks) for household in houses) >= 3

    async with AsyncExitStack() as stack:
        kernels = [await stack.enter_async_context(worker(household)) for household in houses]
        await until(enough)
    ticks = [tick for household in houses for tick in household.ticks]
    # Three clocks ran, and each instant came once.
    assert len(kernels) == 3
    assert len(ticks) == len(set(ticks))


KILLED = """
import asyncio, sys
from pathlib import Path
from uuid import UUID
from selfos.kernel.core import open_kernel
from selfos.kernel.jobs import Job, Jobs
from selfos.kernel.settings import Settings

async def hang(kernel, **_):
    print("working", flush=True)
    await asyncio.sleep(600)

async def main():
    jobs = Jobs([], [Job("house.send", hang)], [])
    async with open_kernel(Settings(data=Path(sys.argv[1])), sys.argv[2], jobs) as kernel:
        await kernel.jobs.work(1)

asyncio.run(main())
"""


async def test_the_job_of_a_killed_worker_is_rescued(
    quiet: Kernel,
    workspace: UUID,
    house: Household,
    url: str,
    tmp_path: Path,
) -> None:
    async with open_context(quiet, workspace_id=workspace) as ctx:
        ctx.defer("house.send", to="ada")
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, tmp_path, url, stdout=subprocess.PIPE, env=untraced()
    )
    assert victim.stdout is not None
    assert await victim.stdout.readline() == b"working\n"
    assert await quiet.jobs.rescue(60) == 0
    victim.send_signal(signal.SIGKILL)
    await victim.wait()
    await quiet.jobs.work_off()
    assert house.done == []
    await until(lambda: quiet.jobs.rescue(0.5))
    await until_nothing_waits(quiet)
    assert house.done == [{"to": "ada"}]


async def test_work_goes_on_when_the_queue_lost_its_connections(
    quiet: Kernel,
    workspace: UUID,
    house: Household,
    postgres: Embedded,
    fresh_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "POLL_SECONDS", 0.05)
    async with working(quiet):
        await ring(quiet, workspace, Rang(door_id=new_id(), number=1))
        await until_seen(house, 1)
        url = postgres.url("postgres", fresh_database)
        async with await psycopg.AsyncConnection.connect(url) as owner:
            await owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'selfos jobs'"
            )
        await ring(quiet, workspace, Rang(door_id=new_id(), number=2))
        await until_seen(house, 2)
    assert [number for _, number in house.seen] == [1, 2]


def test_jobs_that_are_not_open_say_so() -> None:
    closed = Jobs([], [], [])
    with pytest.raises(RuntimeError, match="not open"):
        _ = closed.engine
    with pytest.raises(RuntimeError, match="not open"):
        _ = closed.kernel


async def ring_in_vain(ctx: Context) -> None:
    async with attempt(ctx):
        ctx.session.add(Label(key="x", name="x", color="home"))
        ctx.emit(Rang(door_id=new_id()))
        ctx.defer("house.send", number=2)
        ctx.revoke(new_id())
        ctx.describe("Rang in vain")
        ctx.by_assistant()
        raise ConnectionError("nobody is at home")


async def test_what_is_attempted_in_vain_leaves_no_row_event_job_or_word(
    quiet: Kernel, workspace: UUID, house: Household
) -> None:
    async with open_context(quiet, workspace_id=workspace) as ctx:
        ctx.defer("house.send", number=1)
        with pytest.raises(ConnectionError):
            await ring_in_vain(ctx)
        ctx.describe("Went on")
        async with attempt(ctx):
            ctx.defer("house.send", number=3)
        draft = ctx.draft
        assert (draft.summary, draft.assisted, draft.revoked) == ("Went on", False, [])
    await until_nothing_waits(quiet)
    assert sorted(each["number"] for each in house.done) == [1, 3]
    assert house.seen == []
    assert await labels(quiet, workspace) == 0
