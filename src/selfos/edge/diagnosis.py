"""What `selfos doctor` says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select

from selfos.edge.health import State, get_health
from selfos.edge.registry import make_jobs
from selfos.features.progress import service as progress
from selfos.kernel.context import open_context, system_session
from selfos.kernel.core import Kernel, Urls, open_kernel
from selfos.kernel.ledger.models import TenantRoot
from selfos.kernel.settings import Settings

Say = Callable[[str], None]
# Enough to see what is wrong; the rest is counted.
DOUBTS_SHOWN = 20
SIGNS = {State.OK: "ok  ", State.DEGRADED: "note", State.DOWN: "DOWN"}


async def examine(
    settings: Settings,
    urls: Urls,
    say: Say,
    *,
    retry_dead: bool = False,
    rollups: bool = False,
    recount: bool = False,
) -> int:
    """Say how each part is and which jobs are dead; returns 1 if a needed part is down.

    With `rollups` the sums of progress are compared with a recount, which takes a while; wrong ones
    are a 1 as well, unless `recount` puts them right.
    """
    wrong = 0
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
        if rollups or recount:
            async with system_session(kernel) as session:
                ids = list(await session.scalars(select(TenantRoot.id).order_by(TenantRoot.id)))
            wrong = await examine_sums(kernel, ids, say, recount=recount)
    return 1 if wrong or health.status is State.DOWN else 0


async def examine_sums(
    kernel: Kernel, workspaces: Sequence[UUID], say: Say, *, recount: bool
) -> int:
    """Compare the sums of each workspace with a recount; returns how many stay wrong."""
    wrong = 0
    for workspace_id in workspaces:
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            found = await progress.doubts(ctx)
            if found and recount:
                await progress.count_anew(ctx)
        for doubt in found[:DOUBTS_SHOWN]:
            what = f"{doubt.day} {doubt.dimension} {doubt.of_id} of {doubt.user_id}"
            say(f"WRONG  sums of workspace {workspace_id}, {what}")
        wrong += 0 if recount else len(found)
        if found and recount:
            say(f"ok    workspace {workspace_id}: {len(found)} sums counted anew")
    if not wrong:
        say(f"ok    sums of progress: {len(workspaces)} workspaces agree with a recount")
    return wrong
