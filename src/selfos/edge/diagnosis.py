"""What `selfos doctor` says."""

from __future__ import annotations

from collections.abc import Callable

from selfos.edge.health import State, get_health
from selfos.edge.registry import make_jobs
from selfos.kernel.core import Urls, open_kernel
from selfos.kernel.settings import Settings

SIGNS = {State.OK: "ok  ", State.DEGRADED: "note", State.DOWN: "DOWN"}


async def examine(
    settings: Settings, urls: Urls, say: Callable[[str], None], *, retry_dead: bool = False
) -> int:
    """Say how each part is and which jobs are dead; returns 1 if a needed part is down."""
    say(f"data folder: {settings.data}")
    async with open_kernel(settings, urls.app, make_jobs()) as kernel:
        health = await get_health(kernel)
        for part in health.components:
            say(f"{SIGNS[part.state]}  {part.name}: {part.detail} ({part.latency_ms} ms)")
        for job in await kernel.jobs.dead():
            say(f"dead  job {job.id} {job.task_name} after {job.attempts} attempts")
            if retry_dead and job.id is not None:
                await kernel.jobs.revive(job.id)
                say("      put back into the queue")
    return 1 if health.status is State.DOWN else 0
