"""Background work on PostgreSQL: deferred with the change that causes it, retried, never lost.

The engine is Procrastinate; this module is all that knows it. An event's handlers and other jobs
are inserted on the Context's own connection, so they exist exactly when the change does. A handler
runs in its own Context and leaves a receipt in the same transaction: a repeated delivery is a
no-op. Work that talks to the outside is a `Job`: it opens Contexts itself and awaits the network
between them, so it runs at least once.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import procrastinate
from procrastinate import exceptions as engine_errors
from procrastinate.jobs import Job as QueuedJob
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from selfos.kernel.context import SYSTEM_ACTOR, Actor, Context, open_context
from selfos.kernel.events import Event, Handler
from selfos.kernel.ledger.models import ActorKind, EventRecord, Receipt
from selfos.kernel.telemetry import current_request_id, get_logger, request_id_bound

if TYPE_CHECKING:
    from selfos.kernel.core import Kernel

QUEUE = "selfos"
DELIVER = "deliver_event"
ATTEMPTS = 8
LONGEST_RETRY_SECONDS = 3_600.0
# A worker reports every 2 s; after 10 s of silence its jobs are given to others.
HEARTBEAT_SECONDS = 2.0
SILENCE_SECONDS = 10.0
POLL_SECONDS = 1.0
DRAIN_SECONDS = 25.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Named background work; `run` gets the kernel and the arguments it was deferred with."""

    name: str
    run: Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job that starts by the clock (cron, UTC), once across all processes."""

    name: str
    cron: str
    run: Callable[[Kernel], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Watch:
    """What every worker looks for again and again, sharing by row locks.

    `run` does one batch and says whether there may be more at once.
    """

    name: str
    every_seconds: float
    run: Callable[[Kernel], Awaitable[bool]]


class Backoff(BaseRetryStrategy):
    """Twice as long after each failure, with jitter; after the last attempt the job is dead."""

    def __init__(self, base_seconds: float) -> None:
        self.base_seconds = base_seconds

    def get_retry_decision(
        self,
        *,
        exception: BaseException,
        job: QueuedJob,
    ) -> RetryDecision | None:
        """Say when to try again, or None to leave the job dead and visible; the log hears of it."""
        told = _failure(job, exception)
        if job.attempts + 1 >= ATTEMPTS:
            log.error("job.dead", **told, exc_info=exception)
            return None
        log.warning("job.failed", **told)
        delay = min(self.base_seconds * 2**job.attempts, LONGEST_RETRY_SECONDS)
        jitter = 0.5 + random.random()  # noqa: S311 - spreads load, guards nothing
        return RetryDecision(retry_in={"seconds": delay * jitter})


class Jobs:
    """The queue: hands over what a Context deferred, and works it off."""

    def __init__(
        self,
        handlers: Sequence[Handler],
        jobs: Sequence[Job],
        schedules: Sequence[Schedule],
        watches: Sequence[Watch] = (),
        *,
        retry_seconds: float = 2.0,
    ) -> None:
        """Register all background work; names must be unique."""
        self.handlers = {handler.name: handler for handler in handlers}
        self.names = {job.name for job in jobs}
        self._subscribers: dict[str, list[str]] = {}
        for handler in handlers:
            self._subscribers.setdefault(handler.event.type, []).append(handler.name)
        self._retry = Backoff(retry_seconds)
        self._jobs = jobs
        self._schedules = schedules
        self._watches = watches
        self._engine: procrastinate.App | None = None
        self._kernel: Kernel | None = None

    @property
    def engine(self) -> procrastinate.App:
        """Return the opened engine."""
        if self._engine is None:
            raise RuntimeError("jobs are not open")
        return self._engine

    @property
    def kernel(self) -> Kernel:
        """Return the kernel this queue works for."""
        if self._kernel is None:
            raise RuntimeError("jobs are not open")
        return self._kernel

    async def open(self, kernel: Kernel, url: str) -> None:
        """Connect to the queue's tables."""
        connector = procrastinate.PsycopgConnector(
            conninfo=url, min_size=1, max_size=6, kwargs={"application_name": "selfos jobs"}
        )
        app = procrastinate.App(connector=connector)
        app.task(name=DELIVER, queue=QUEUE, retry=self._retry)(self._deliver)
        for job in self._jobs:
            app.task(name=job.name, queue=QUEUE, retry=self._retry)(self._runner(job))
        for schedule in self._schedules:
            task = app.task(name=schedule.name, queue=QUEUE, retry=self._retry, pass_context=False)(
                self._scheduled(schedule)
            )
            app.periodic(cron=schedule.cron)(task)
        await app.open_async()
        self._engine, self._kernel = app, kernel

    async def close(self) -> None:
        """Close the queue's connections."""
        if self._engine is not None:
            await self._engine.close_async()
            self._engine = None

    async def hand_over(self, ctx: Context) -> None:
        """Insert the Context's jobs on its own connection: they commit with its changes."""
        request_id = current_request_id()
        queued = [
            self._delivery(name, ctx, event_id, event, request_id)
            for event_id, event in ctx.draft.events
            for name in self._subscribers.get(event.type, ())
            if not ctx.draft.quiet
        ]
        for deferred in ctx.draft.jobs:
            if deferred.name not in self.names:
                raise LookupError(f"no job is called {deferred.name}")
            arguments = {**deferred.arguments, "request_id": request_id}
            queued.append(_queued(deferred.name, arguments, deferred.lock, deferred.at))
        if not queued:
            return
        await self.engine.job_manager.batch_defer_jobs_async(
            queued, connection=ctx.transaction.driver
        )

    def _delivery(
        self, handler: str, ctx: Context, event_id: UUID, event: Event, request_id: str | None
    ) -> QueuedJob:
        arguments = {
            "handler": handler,
            "workspace_id": str(ctx.workspace_id),
            "event_id": str(event_id),
            "request_id": request_id,
        }
        if ctx.draft.unshared:
            arguments["user_id"] = str(ctx.user_id)
        # One lock per handler and aggregate keeps the order of what happened to one thing.
        return _queued(DELIVER, arguments, f"{handler}:{event.aggregate_id}", None)

    def hears(self, event_type: str) -> list[Handler]:
        """Return the handlers of this kind of event."""
        return [self.handlers[name] for name in self._subscribers.get(event_type, ())]

    async def _deliver(
        self,
        handler: str,
        workspace_id: str,
        event_id: str,
        request_id: str | None,
        user_id: str | None = None,
    ) -> None:
        actor = Actor(ActorKind.SYSTEM, UUID(user_id)) if user_id else SYSTEM_ACTOR
        place = UUID(workspace_id), UUID(event_id)
        with request_id_bound(request_id):
            await deliver(self.kernel, self.handlers[handler], *place, actor=actor)

    def _runner(self, job: Job) -> Callable[..., Awaitable[None]]:
        async def run(request_id: str | None = None, **arguments: Any) -> None:
            with request_id_bound(request_id):
                await job.run(self.kernel, **arguments)

        return run

    def _scheduled(self, schedule: Schedule) -> Callable[[int], Awaitable[None]]:
        async def run(timestamp: int) -> None:
            with request_id_bound(_tick_id(schedule.name, timestamp)):
                await schedule.run(self.kernel)

        return run

    async def work(self, concurrency: int) -> None:
        """Work jobs off until cancelled; then finish the running ones, at most 25 s.

        The engine's worker ends when the database goes away; it is started again until it is back.
        """
        beside = [asyncio.create_task(self._rescue_forever())]
        beside += [asyncio.create_task(self._watch_forever(watch)) for watch in self._watches]
        try:
            while True:
                try:
                    await self._work_once(concurrency)
                except Exception as error:  # noqa: BLE001 - whatever it was, jobs must go on
                    log.warning("worker.failed", error=repr(error))
                log.warning("worker.starts_again", seconds=POLL_SECONDS)
                await asyncio.sleep(POLL_SECONDS)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _watch_forever(self, watch: Watch) -> None:
        while True:
            more = False
            try:
                more = await watch.run(self.kernel)
            except Exception as error:  # noqa: BLE001 - whatever it was, the watch goes on
                log.warning("watch.failed", watch=watch.name, error=repr(error))
            if not more:
                await asyncio.sleep(watch.every_seconds)

    async def _work_once(self, concurrency: int) -> None:
        await self.engine.run_worker_async(
            queues=[QUEUE],
            concurrency=concurrency,
            install_signal_handlers=False,
            delete_jobs="successful",
            fetch_job_polling_interval=POLL_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=SILENCE_SECONDS * 6,
            shutdown_graceful_timeout=DRAIN_SECONDS,
        )

    async def work_off(self) -> None:
        """Work off what waits now and what that starts, then return."""
        await self.engine.run_worker_async(
            queues=[QUEUE],
            wait=False,
            install_signal_handlers=False,
            listen_notify=False,
            delete_jobs="successful",
        )

    async def _rescue_forever(self) -> None:
        while True:
            await asyncio.sleep(SILENCE_SECONDS / 2)
            try:
                await self.rescue()
            except engine_errors.ConnectorException as error:
                log.warning("jobs.rescue_failed", error=str(error))

    async def rescue(self, silence_seconds: float = SILENCE_SECONDS) -> int:
        """Give back to the queue what dead workers held; returns how many jobs."""
        manager = self.engine.job_manager
        rescued = 0
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silence_seconds):
            # Another process may have been faster; then this job is no longer `doing`.
            with contextlib.suppress(engine_errors.ConnectorException):
                await manager.retry_job(job)
                rescued += 1
                log.warning("job.rescued", job=job.task_name, job_id=job.id)
        return rescued

    async def dead(self) -> list[QueuedJob]:
        """List the jobs that failed for good, oldest first."""
        return list(await self.engine.job_manager.list_jobs_async(status="failed"))

    async def revive(self, job_id: int) -> None:
        """Put a dead job back into the queue."""
        now = self.kernel.clock()
        await self.engine.job_manager.retry_job_by_id_async(job_id=job_id, retry_at=now)


def _tick_id(schedule: str, timestamp: int) -> str:
    return f"{schedule}@{timestamp}"


def _failure(job: QueuedJob, error: BaseException) -> dict[str, Any]:
    """Return what the log says of a failed attempt; arguments, which may name people, stay out."""
    given: dict[str, Any] = job.task_kwargs
    ticked = _tick_id(job.task_name, given["timestamp"]) if "timestamp" in given else None
    return {
        "job": given.get("handler", job.task_name),
        "job_id": job.id,
        "attempt": job.attempts + 1,
        "error": repr(error),
        "request_id": given.get("request_id", ticked),
    }


def _queued(
    name: str, arguments: dict[str, Any], lock: str | None, at: datetime | None
) -> QueuedJob:
    return QueuedJob(
        queue=QUEUE,
        lock=lock,
        queueing_lock=None,
        task_name=name,
        task_kwargs=arguments,
        scheduled_at=at,
    )


async def deliver(
    kernel: Kernel,
    handler: Handler,
    workspace_id: UUID,
    event_id: UUID,
    *,
    actor: Actor = SYSTEM_ACTOR,
    now: datetime | None = None,
) -> None:
    """Run one handler for one event, once: receipt and effects commit together.

    What one member alone may see is handled by an actor who acts for them.
    """
    async with open_context(
        kernel, workspace_id=workspace_id, actor=actor, cause=event_id, now=now
    ) as ctx:
        event = await ctx.session.scalar(select(EventRecord).where(EventRecord.id == event_id))
        if event is None:
            return  # its workspace has been deleted since
        receipt = await ctx.session.scalar(
            insert(Receipt)
            .values(workspace_id=workspace_id, event_id=event_id, handler=handler.name)
            .on_conflict_do_nothing()
            .returning(Receipt.handler)
        )
        if receipt is not None:
            await handler.run(ctx, handler.event.model_validate(event.payload))
