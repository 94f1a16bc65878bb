"""Where goals stand and which something is due for, in one query for all of them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, func, literal, or_, select

from selfos.features.planning import pathwords
from selfos.features.planning.documents import HAS_VALUE, value_of_goal
from selfos.features.planning.measuring import DataPoint, PathChange
from selfos.features.planning.models import Goal
from selfos.features.planning.paths import exact, restoring, standing, step_between
from selfos.features.planning.periods import Period, enough, keeping_up, pace_of, period_of
from selfos.features.planning.schemas.words import GoalKind, GoalPeriod, GoalStatus, PathState
from selfos.features.planning.service.courses import path_of
from selfos.features.planning.service.today import Day
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

WEEK = timedelta(days=6)
# Where a goal stands, and the way back or nothing.
Told = tuple[PathState, str]
Spans = dict[GoalPeriod, tuple[Period, Period]]


async def goals_at_risk(ctx: Context, day: Day) -> list[dict[str, Any]]:
    """Return the goals that are at risk or off their path, each with the smallest way back.

    Lists of milestones are not among them: their overdue tasks speak for themselves.
    """
    return [each for each in await goals_standing(ctx, day) if each["sentence"]]


async def goals_standing(ctx: Context, day: Day) -> list[dict[str, Any]]:
    """Return where each goal with a running path or pace stands, with the way back if it is lost.

    Lists of milestones are not among them.
    """
    ctx.require(Permission.GOAL_READ)
    today, week_begins, week_end = day.date, day.week_first.weekday(), day.week_first + WEEK
    spans = {period: _now_and_before(today, period, week_begins) for period in GoalPeriod}
    found: Any = await ctx.session.execute(_measured(today, spans))
    told: list[dict[str, Any]] = []
    for goal, value, changed, now, before in found:
        if goal.kind is GoalKind.MAINTAIN:
            verdict = _of_period(goal, now, before, today, spans)
        else:
            verdict = _of_path(goal, exact(value), changed, today, week_end)
        if verdict is not None:
            state, sentence = verdict
            told.append({"id": goal.id, "title": goal.title, "state": state, "sentence": sentence})
    return told


def _of_path(goal: Goal, value: Fraction, changed: Any, today: date, week_end: date) -> Told | None:
    path = path_of(goal, changed)
    if path is None:
        return None
    action = restoring(path, value, today, week_end=week_end, counting=goal.counting)
    state = standing(path, value, today).state
    if action is None:
        return state, ""
    return state, pathwords.action_sentence(
        action,
        state,
        today,
        counting=goal.counting,
        rises=path.sign > 0,
        unit=goal.target_unit,
    )


def _of_period(goal: Goal, now: Any, before: Any, today: date, spans: Spans) -> Told | None:
    if goal.period is None or goal.target_value is None or goal.start_date is None:
        return None
    period, earlier = spans[goal.period]
    target = exact(goal.target_value)
    pace = pace_of(period, target, step_between(goal.target_value))
    missed = goal.start_date <= earlier.first and Fraction(before) < target
    state = keeping_up(pace, Fraction(now), today, missed_before=missed).state
    if state not in (PathState.AT_RISK, PathState.OFF):
        return state, ""
    action = enough(pace, Fraction(now))
    return state, pathwords.enough_sentence(action, today, unit=goal.target_unit)


def _now_and_before(today: date, period: GoalPeriod, week_begins: int) -> tuple[Period, Period]:
    now = period_of(today, period, week_begins)
    return now, period_of(now.first - timedelta(days=1), period, week_begins)


def _measured(today: date, spans: Spans) -> Any:
    """Select the goals with a running path or pace, and the numbers that say where they stand."""
    complete = and_(HAS_VALUE, Goal.target_value.is_not(None), Goal.target_date >= today)
    kept_up = and_(
        Goal.kind == GoalKind.MAINTAIN,
        Goal.target_value.is_not(None),
        or_(Goal.target_date.is_(None), Goal.target_date >= today),
    )
    changed = (
        select(PathChange.after)
        .where(
            PathChange.workspace_id == Goal.workspace_id,
            PathChange.goal_id == Goal.id,
            PathChange.season_start == Goal.start_date,
        )
        .order_by(PathChange.id.desc())
        .limit(1)
        .correlate(Goal)
        .scalar_subquery()
    )
    now = {period: pair[0] for period, pair in spans.items()}
    before = {period: pair[1] for period, pair in spans.items()}
    return (
        select(Goal, value_of_goal(), changed, _amount_in(now), _amount_in(before))
        .where(
            or_(complete, kept_up),
            Goal.start_date <= today,
            Goal.status == GoalStatus.ACTIVE,
            Goal.deleted_at.is_(None),
            Goal.archived_at.is_(None),
        )
        .order_by(Goal.position, Goal.id)
    )


def _amount_in(periods: dict[GoalPeriod, Period]) -> ColumnElement[Any]:
    """Return the sum of a goal's amounts in the one of these periods that it keeps."""
    first = case(*((Goal.period == name, literal(each.first)) for name, each in periods.items()))
    last = case(*((Goal.period == name, literal(each.last)) for name, each in periods.items()))
    total = select(func.coalesce(func.sum(cast(DataPoint.value, Numeric)), 0)).where(
        DataPoint.workspace_id == Goal.workspace_id,
        DataPoint.goal_id == Goal.id,
        DataPoint.day.between(first, last),
        DataPoint.day >= Goal.start_date,
    )
    return total.correlate(Goal).scalar_subquery()
