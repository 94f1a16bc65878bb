"""Is it alive, is it ready, and how is each part.

`/livez` depends on nothing; `/readyz` on what a request needs; `/api/v1/health` names every part.
Mail is never part of readiness: without it the product is degraded, not down.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

import obstore
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from selfos import __version__
from selfos.features.ai import service as ai
from selfos.kernel.context import system_session
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Problem, Unavailable
from selfos.kernel.routing import Access, Core, Router, allow
from selfos.kernel.schema import View
from selfos.migrations.head import newest_revision

PROBE_SECONDS = 5.0
LEAST_FREE_DISK = 0.05
# Jobs start within a second; older ones mean that no worker is working.
LONGEST_WAIT_SECONDS = 60.0


class State(StrEnum):
    """How a part is doing."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class ComponentView(View):
    """One part; latency in milliseconds."""

    name: str
    state: State
    latency_ms: float
    detail: str


class HealthView(View):
    """The whole is as bad as its worst part."""

    status: State
    version: str
    components: list[ComponentView]


class Unwell(Exception):
    """A part works, but not as it should."""


Probe = Callable[[Kernel], Awaitable[str]]
probes = APIRouter(include_in_schema=False)
router = Router(tags=["health"])


@probes.get("/livez")
async def livez() -> Response:
    """Answer as long as the event loop turns."""
    return JSONResponse({"status": "ok"})


@probes.get("/readyz")
async def readyz(request: Request) -> Response:
    """Answer 200 when a request can be served, 503 otherwise and while draining."""
    kernel: Kernel = request.app.state.kernel
    if request.app.state.draining:
        return JSONResponse({"status": "draining"}, 503)
    parts = [await _examine(kernel, name, probe) for name, probe in ESSENTIAL.items()]
    ready = all(part.state is not State.DOWN for part in parts)
    return JSONResponse({"status": "ok" if ready else "down"}, 200 if ready else 503)


@router.get("/health", **allow(Access.PUBLIC))
async def get_health(kernel: Core) -> HealthView:
    """Show every part with its state and latency."""
    everything = {**ESSENTIAL, **HELPFUL, **_providers(kernel)}
    parts = [await _examine(kernel, name, probe) for name, probe in everything.items()]
    essential_down = any(p.state is State.DOWN and p.name in ESSENTIAL for p in parts)
    well = all(part.state is State.OK for part in parts)
    status = State.DOWN if essential_down else State.OK if well else State.DEGRADED
    return HealthView(status=status, version=__version__, components=parts)


async def _examine(kernel: Kernel, name: str, probe: Probe) -> ComponentView:
    started = time.perf_counter()
    state = State.OK
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            detail = await probe(kernel)
    except Unwell as error:
        state, detail = State.DEGRADED, str(error)
    except (Problem, SQLAlchemyError, OSError, TimeoutError) as error:
        # The reason is for operators and stands in the log, not in a public answer.
        state, detail = State.DOWN, type(error).__name__
    elapsed = round((time.perf_counter() - started) * 1_000, 2)
    return ComponentView(name=name, state=state, latency_ms=elapsed, detail=detail)


async def _database(kernel: Kernel) -> str:
    async with system_session(kernel) as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        revision = found.scalar_one()
    if revision != newest_revision():
        raise Unwell(f"schema {revision}, this version expects {newest_revision()}")
    return f"schema {revision}"


async def _jobs(kernel: Kernel) -> str:
    async with system_session(kernel) as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql(
            "SELECT count(*) FILTER (WHERE status = 'todo'),"
            " count(*) FILTER (WHERE status = 'failed'),"
            " coalesce(extract(epoch FROM now() - min(e.at) FILTER (WHERE status = 'todo' AND"
            " (scheduled_at IS NULL OR scheduled_at < now()))), 0)::float,"
            " (SELECT count(*) FROM procrastinate_workers"
            "  WHERE last_heartbeat > now() - interval '30 seconds')"
            " FROM procrastinate_jobs j LEFT JOIN procrastinate_events e"
            " ON e.job_id = j.id AND e.type = 'deferred'"
        )
        row: Any = found.one()
    waiting, dead, oldest, workers = row
    if dead:
        raise Unwell(f"{dead} dead, {waiting} waiting, {workers} workers")
    if not workers or oldest > LONGEST_WAIT_SECONDS:
        raise Unwell(f"{workers} workers, {waiting} waiting, the oldest for {oldest:.0f} s")
    return f"{workers} workers, {waiting} waiting"


async def _storage(kernel: Kernel) -> str:
    await obstore.put_async(kernel.storage, "health/probe", b"ok")
    result = await obstore.get_async(kernel.storage, "health/probe")
    return f"{len(await result.bytes_async())} bytes written and read"


async def _disk(kernel: Kernel) -> str:
    usage = shutil.disk_usage(kernel.settings.data)
    free = usage.free / usage.total
    if free < LEAST_FREE_DISK:
        raise Unwell(f"{free:.0%} free")
    return f"{free:.0%} free"


async def _mail(kernel: Kernel) -> str:
    if kernel.settings.notification_settings.smtp_host is None:
        raise Unwell("no mail server is set; mails are written to the outbox folder")
    return kernel.settings.notification_settings.smtp_host


def _providers(kernel: Kernel) -> dict[str, Probe]:
    """Return a probe for each model provider. None is ever needed: rules answer without."""

    def probe_of(name: str) -> Probe:
        async def probe(kernel: Kernel) -> str:
            try:
                return await ai.probe_provider(kernel, name)
            except Unavailable as refusal:
                raise Unwell(refusal.detail) from refusal

        return probe

    return {f"ai {name}": probe_of(name) for name in kernel.settings.ai_providers}


ESSENTIAL: dict[str, Probe] = {"database": _database, "disk": _disk}
HELPFUL: dict[str, Probe] = {"jobs": _jobs, "storage": _storage, "mail": _mail}
