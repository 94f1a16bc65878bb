"""Insights over HTTP: everybody's own."""

from __future__ import annotations

from uuid import UUID

from selfos.features.insights import service as insights
from selfos.features.insights.schemas import (
    GoalForecastView,
    InsightsView,
    RecommendationsView,
    ReliabilityView,
    TaskLengthView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow

router = Router(prefix="/insights", tags=["insights"])
goals = Router(tags=["insights"])
ROUTERS = (router, goals)
READ, READ_GOALS = allow(Permission.INSIGHT_READ), allow(Permission.GOAL_READ)
READ_TASKS = allow(Permission.TASK_READ)


@router.get("", response_model=InsightsView, **READ)
async def show_insights(ctx: Ctx) -> InsightsView:
    """Show what goes together in my days, how I work, and what is missing to say more."""
    return await insights.show_insights(ctx)


@router.get("/tasks/{task_id}/time", response_model=TaskLengthView, **READ_TASKS)
async def time_task(ctx: Ctx, task_id: UUID) -> TaskLengthView:
    """Show what I gave to a task so far, and what estimates such as its own have come to."""
    return await insights.time_task(ctx, task_id)


@goals.get("/recommendations", response_model=RecommendationsView, **READ)
async def recommend(ctx: Ctx) -> RecommendationsView:
    """Show which goals, habits and times could come next, from what was done, and why."""
    return await insights.recommend(ctx)


@goals.get("/goals/{goal_id}/forecast", response_model=GoalForecastView, **READ_GOALS)
async def forecast_goal(ctx: Ctx, goal_id: UUID) -> GoalForecastView:
    """Show when a goal may be reached, from its own weeks, and why."""
    return await insights.forecast_goal(ctx, goal_id)


@goals.get("/forecasts/reliability", response_model=ReliabilityView, **READ_GOALS)
async def show_reliability(ctx: Ctx) -> ReliabilityView:
    """Show how often past forecasts came true, level by level."""
    return await insights.show_reliability(ctx)
