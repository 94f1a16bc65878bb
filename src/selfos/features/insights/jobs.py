"""Insights' work behind the scenes: looking at whoever has new days."""

from __future__ import annotations

from uuid import UUID

from selfos.features.insights import service as insights
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.jobs import Job, Schedule

LOOK = "insights.look"


async def look(kernel: Kernel, *, workspace_id: str, user_id: str) -> None:
    """Look at one member's days."""
    await insights.look_at(kernel, insights.Someone(UUID(workspace_id), UUID(user_id)))


async def look_at_all(kernel: Kernel) -> None:
    """Start a job for each member who has been here lately."""
    for someone in await insights.those_to_look_at(kernel):
        async with open_context(kernel, workspace_id=someone.workspace_id) as ctx:
            ctx.defer(
                LOOK,
                lock=f"{LOOK}:{someone.user_id}",
                workspace_id=str(someone.workspace_id),
                user_id=str(someone.user_id),
            )


JOBS = [Job(LOOK, look)]
SCHEDULES = [Schedule("insights.look_at_all", "11 4 * * *", look_at_all)]
