"""Planning's work behind the scenes: tidying, opening what has come, emptying the trash."""

from __future__ import annotations

from uuid import UUID

from selfos.features.planning.service.opening import OPEN_DUE, open_due, workspaces_to_open
from selfos.features.planning.service.ordering import REBALANCE, rebalance
from selfos.features.planning.service.trash import purge_trash
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.events import Handler
from selfos.kernel.jobs import Job, Schedule


async def rebalance_order(kernel: Kernel, *, workspace_id: str, table: str) -> None:
    """Shorten the ranks of one table of one workspace."""
    async with open_context(kernel, workspace_id=UUID(workspace_id)) as ctx:
        await rebalance(ctx, table)


async def open_due_series(kernel: Kernel, *, workspace_id: str) -> None:
    """Open, in one workspace, what has come of series whose missed occurrences stay open each."""
    async with open_context(kernel, workspace_id=UUID(workspace_id)) as ctx:
        await open_due(ctx)


async def find_due_series(kernel: Kernel) -> None:
    """Start a job for each workspace where an occurrence may have come."""
    for workspace_id in await workspaces_to_open(kernel):
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            ctx.defer(OPEN_DUE, lock=f"{OPEN_DUE}:{workspace_id}", workspace_id=str(workspace_id))


HANDLERS: list[Handler] = []
JOBS = [Job(REBALANCE, rebalance_order), Job(OPEN_DUE, open_due_series)]
SCHEDULES = [
    Schedule("planning.find_due_series", "*/15 * * * *", find_due_series),
    Schedule("planning.purge_trash", "23 3 * * *", purge_trash),
]
