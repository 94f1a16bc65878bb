"""When goals may be reached: now, as it was said before, and how often that came true."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.insights import forewords
from selfos.features.insights.forecasting import Forecast, Week, foresee, missing_weeks
from selfos.features.insights.models import GoalForecast
from selfos.features.insights.reliability import Kept, levels
from selfos.features.insights.schemas import (
    ForecastWhy,
    GoalForecastState,
    GoalForecastView,
    LevelView,
    PastForecast,
    ReliabilityView,
)
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import GoalStatus
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

MOST_KEPT = 500
A_WEEK = timedelta(days=6)


async def forecast_goal(ctx: Context, goal_id: UUID) -> GoalForecastView:
    """Return when a goal may be reached, why, and what was said of it before."""
    ctx.require(Permission.GOAL_READ)
    goal = await planning.throughput_of(ctx, goal_id)
    state, said, forecast = _forecast(goal)
    return GoalForecastView(
        goal_id=goal.goal_id,
        state=state,
        sentence=said,
        today=goal.today,
        low=forecast.low if forecast else None,
        median=forecast.median if forecast else None,
        high=forecast.high if forecast else None,
        target_date=goal.target_date,
        target_chance=forewords.target_chance(forecast, goal.target_date),
        why=_why(goal, forecast),
        past=[_past(each) for each in await _kept(ctx, goal_id)],
    )


async def show_reliability(ctx: Context) -> ReliabilityView:
    """Return how often past forecasts of this workspace came true, level by level."""
    ctx.require(Permission.GOAL_READ)
    kept = await _kept(ctx)
    goals = await planning.throughputs(ctx, list({each.goal_id for each in kept}))
    ends = {goal.goal_id: goal for goal in goals}
    if not goals:
        return ReliabilityView(levels=[], forecasts=0, sentence=forewords.reliability_sentence([]))
    told = [
        Kept(each.quantiles, ends[each.goal_id].finished_on)
        for each in kept
        # A goal that asks for something else since was not what was forecast.
        if each.goal_id in ends and each.target == ends[each.goal_id].target
    ]
    found = levels(told, goals[0].today)
    return ReliabilityView(
        levels=[
            LevelView(
                level=each.level,
                happened=round(each.happened.share, 3),
                count=each.happened.of,
                low=round(each.happened.low, 3),
                high=round(each.happened.high, 3),
            )
            for each in found
        ],
        forecasts=len(told),
        sentence=forewords.reliability_sentence(found),
    )


async def keep_forecasts(ctx: Context) -> None:
    """Keep today's forecast of every active goal that has one, once a week at most."""
    goals = await planning.throughputs(ctx)
    newest = {each.goal_id: each.made_on for each in reversed(await _kept(ctx))}
    made: list[dict[str, object]] = []
    for goal in goals:
        last = newest.get(goal.goal_id)
        _, _, forecast = _forecast(goal)
        if forecast is None or (last is not None and goal.today - last < A_WEEK):
            continue
        made.append(_stored(ctx, goal, forecast))
    if made:
        await ctx.session.execute(insert(GoalForecast).values(made).on_conflict_do_nothing())


def _forecast(goal: planning.Throughput) -> tuple[GoalForecastState, str, Forecast | None]:
    if goal.status is GoalStatus.DROPPED:
        return GoalForecastState.LET_GO, forewords.LET_GO, None
    if goal.status is GoalStatus.COMPLETED or (goal.remaining is not None and goal.remaining <= 0):
        return GoalForecastState.REACHED, forewords.REACHED, None
    if goal.remaining is None:
        return GoalForecastState.NO_END, forewords.NO_END, None
    weeks = [Week(done, grown) for done, grown in goal.weeks]
    missing = missing_weeks(weeks)
    if missing is not None:
        return GoalForecastState.TOO_LITTLE, forewords.too_little(missing), None
    seed = f"{goal.goal_id}:{goal.today}"
    found = foresee(weeks, goal.remaining, goal.today, random=Random(seed))  # noqa: S311
    return GoalForecastState.FORECAST, forewords.forecast_sentence(found, goal.today), found


def _why(goal: planning.Throughput, forecast: Forecast | None) -> ForecastWhy | None:
    if forecast is None or goal.remaining is None:
        return None
    return ForecastWhy(
        remaining=round(goal.remaining, 2),
        unit=goal.unit,
        weeks=forecast.weeks,
        per_week=round(forecast.per_week, 2),
        growth=round(forecast.growth, 2),
        sentence=forewords.why_sentence(goal.remaining, goal.unit, forecast),
    )


def _stored(ctx: Context, goal: planning.Throughput, forecast: Forecast) -> dict[str, object]:
    low, lower, middle, upper, high = forecast.quantiles
    return {
        "workspace_id": ctx.workspace_id,
        "id": new_id(),
        "goal_id": goal.goal_id,
        "made_on": goal.today,
        "target": goal.target,
        "remaining": goal.remaining,
        "weeks": forecast.weeks,
        "per_week": forecast.per_week,
        "growth": forecast.growth,
        "q10": low,
        "q25": lower,
        "q50": middle,
        "q75": upper,
        "q90": high,
    }


async def _kept(ctx: Context, goal_id: UUID | None = None) -> list[GoalForecast]:
    """Return past forecasts, the newest first."""
    query = select(GoalForecast).order_by(GoalForecast.made_on.desc(), GoalForecast.id)
    if goal_id is not None:
        query = query.where(GoalForecast.goal_id == goal_id)
    return list(await ctx.session.scalars(query.limit(MOST_KEPT)))


def _past(kept: GoalForecast) -> PastForecast:
    return PastForecast(made_on=kept.made_on, low=kept.q10, median=kept.q50, high=kept.q90)
