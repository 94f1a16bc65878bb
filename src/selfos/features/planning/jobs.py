"""Planning's work behind the scenes: tidying the order, and emptying the trash."""

from __future__ import annotations

from uuid import UUID

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


HANDLERS: list[Handler] = []
JOBS = [Job(REBALANCE, rebalance_order)]
SCHEDULES = [Schedule("planning.purge_trash", "23 3 * * *", purge_trash)]
