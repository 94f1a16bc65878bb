"""Insights over HTTP: everybody's own."""

from __future__ import annotations

from selfos.features.insights import service as insights
from selfos.features.insights.schemas import InsightsView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow

router = Router(prefix="/insights", tags=["insights"])
READ = allow(Permission.INSIGHT_READ)


@router.get("", response_model=InsightsView, **READ)
async def show_insights(ctx: Ctx) -> InsightsView:
    """Show what goes together in my days, how I work, and what is missing to say more."""
    return await insights.show_insights(ctx)
