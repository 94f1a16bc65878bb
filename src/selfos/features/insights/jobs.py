"""Insights' work behind the scenes: looking at whoever has new days, keeping forecasts."""

from __future__ import annotations

from uuid import UUID

from selfos.features.insights import service as insights
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.jobs import Job, Schedule
from selfos.kernel.ledger.models import ActorKind

LOOK, FORECAST = "insights.look", "insights.forecast"


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


async def forecast(kernel: Kernel, *, workspace_id: str, user_id: str) -> None:
    """Keep this week's forecasts of a workspace, as one of its members counts days."""
    actor = Actor(ActorKind.SYSTEM, UUID(user_id))
    async with open_context(kernel, workspace_id=UUID(workspace_id), actor=actor) as ctx:
        await insights.keep_forecasts(ctx)


async def forecast_all(kernel: Kernel) -> None:
    """Start a job for each workspace where somebody has been lately."""
    someone_of = {each.workspace_id: each for each in await insights.those_to_look_at(kernel)}
    for workspace_id, someone in someone_of.items():
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            ctx.defer(
                FORECAST,
                lock=f"{FORECAST}:{workspace_id}",
                workspace_id=str(workspace_id),
                user_id=str(someone.user_id),
            )


JOBS = [Job(LOOK, look), Job(FORECAST, forecast)]
SCHEDULES = [
    Schedule("insights.look_at_all", "11 4 * * *", look_at_all),
    Schedule("insights.forecast_all", "41 4 * * *", forecast_all),
]
