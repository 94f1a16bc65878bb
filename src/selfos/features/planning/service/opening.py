"""Opening occurrences by themselves, where each missed one of a series stays open."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from selfos.features.planning.series import Series
from selfos.features.planning.service.occurrences import last_occurrence, moment_of, open_missed
from selfos.kernel.context import Context, system_session
from selfos.kernel.core import Kernel

OPEN_DUE = "planning.open_due"
# No zone is further ahead of UTC; whether a day has come is then asked where the person lives.
FARTHEST_AHEAD = timedelta(hours=14)


async def workspaces_to_open(kernel: Kernel) -> list[UUID]:
    """Return the workspaces where a further occurrence may have come by now."""
    latest = (kernel.clock() + FARTHEST_AHEAD).date()
    async with system_session(kernel) as session:
        due = select(Series.workspace_id).where(Series.next_on <= latest).distinct()
        return list(await session.scalars(due))


async def open_due(ctx: Context) -> None:
    """Open every occurrence that has come in this workspace."""
    latest = (ctx.now + FARTHEST_AHEAD).date()
    found = await ctx.session.scalars(
        select(Series).where(Series.next_on <= latest).order_by(Series.id).with_for_update()
    )
    for series in found.all():
        today = (await moment_of(ctx, series)).today
        source = await last_occurrence(ctx, series)
        if source is None:
            series.next_on = None
        elif series.next_on is not None and series.next_on <= today:
            await open_missed(ctx, series, source, today)
    ctx.describe("Opened what has come")
