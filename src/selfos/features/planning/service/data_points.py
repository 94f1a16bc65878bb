"""The numbers goals go by: recorded by hand, by check-ins and by tasks."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from selfos.features.identity import service as identity
from selfos.features.planning.documents import DATA_POINTS
from selfos.features.planning.events import GoalMeasured
from selfos.features.planning.measuring import DataPoint
from selfos.features.planning.models import Goal
from selfos.features.planning.schemas.measuring import DataPointCreate, DataPointUpdate
from selfos.features.planning.schemas.words import PointSource
from selfos.features.planning.service.loading import refuse_deleted
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, Order, PageQuery
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

# Somebody of the same workspace may already live in tomorrow.
AHEAD = timedelta(days=1)


async def list_data_points(ctx: Context, goal_id: UUID, query: PageQuery) -> Json:
    """Return one page of a goal's data points, the latest day first."""
    ctx.require(Permission.GOAL_READ)
    await rows.get(ctx, Goal, goal_id)
    order = Order((DataPoint.day,), descending=True)
    return await DATA_POINTS.page(ctx, query, DataPoint.goal_id == goal_id, order=order)


async def create_data_point(ctx: Context, goal_id: UUID, new: DataPointCreate) -> DataPoint:
    """Record a number by hand, by default for the acting person's today."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await rows.get(ctx, Goal, goal_id)
    refuse_deleted(goal)
    today = (await identity.user_time(ctx)).today(ctx.now)
    day = new.day or today
    _refuse_future(day, today)
    point = _add(ctx, goal, day, new.value, PointSource.MANUAL, None, note=new.note, id=new.id)
    ctx.describe(f"Recorded {_amount(goal, new.value)} for “{goal.title}”")
    return point


async def record_data_point(
    ctx: Context,
    goal_id: UUID,
    day: date,
    value: float,
    *,
    source: PointSource,
    source_id: UUID,
) -> DataPoint:
    """Record what a check-in or a task adds to a goal, in the transaction of its cause.

    The goal may be completed or put away meanwhile: what was done is done, and counts again when
    the goal comes back. To correct it, remove what this source recorded and record it anew.
    """
    ctx.require(Permission.GOAL_WRITE)
    goal = await rows.get(ctx, Goal, goal_id)
    point = _add(ctx, goal, day, value, source, source_id)
    ctx.describe(f"Recorded {_amount(goal, value)} for “{goal.title}”")
    return point


async def update_data_point(
    ctx: Context, goal_id: UUID, data_point_id: UUID, change: DataPointUpdate
) -> DataPoint:
    """Correct a number recorded by hand; those of habits and tasks are corrected there."""
    ctx.require(Permission.GOAL_WRITE)
    goal, point = await _manual(ctx, goal_id, data_point_id)
    given = change.given()
    if "day" in given:
        _refuse_future(change.day, (await identity.user_time(ctx)).today(ctx.now))
    for name, value in given.items():
        setattr(point, name, value)
    _tell(ctx, goal, point)
    ctx.describe(f"Corrected {_amount(goal, point.value)} for “{goal.title}”")
    return point


async def remove_data_point(ctx: Context, goal_id: UUID, data_point_id: UUID) -> None:
    """Remove a number recorded by hand; those of habits and tasks are removed there."""
    ctx.require(Permission.GOAL_WRITE)
    goal, point = await _manual(ctx, goal_id, data_point_id)
    await ctx.session.delete(point)
    _tell(ctx, goal, point)
    ctx.describe(f"Removed {_amount(goal, point.value)} from “{goal.title}”")


async def remove_data_points(ctx: Context, source_id: UUID) -> int:
    """Remove all that this check-in or task has recorded; returns how many data points went."""
    ctx.require(Permission.GOAL_WRITE)
    found = await ctx.session.execute(
        select(DataPoint, Goal)
        .join(Goal, Goal.id == DataPoint.goal_id)
        .where(DataPoint.source_id == source_id)
    )
    pairs = found.all()
    for point, goal in pairs:
        await ctx.session.delete(point)
        _tell(ctx, goal, point)
    return len(pairs)


def _add(
    ctx: Context,
    goal: Goal,
    day: date,
    value: float,
    source: PointSource,
    source_id: UUID | None,
    *,
    note: str = "",
    id: UUID | None = None,
) -> DataPoint:
    point = DataPoint(
        workspace_id=ctx.workspace_id,
        id=id or new_id(),
        goal_id=goal.id,
        day=day,
        value=value,
        note=note,
        source=source,
        source_id=source_id,
    )
    ctx.session.add(point)
    _tell(ctx, goal, point)
    return point


async def _manual(ctx: Context, goal_id: UUID, data_point_id: UUID) -> tuple[Goal, DataPoint]:
    query = select(DataPoint).where(DataPoint.id == data_point_id, DataPoint.goal_id == goal_id)
    point = await ctx.session.scalar(query)
    if point is None:
        raise rows.missing("data point")
    ctx.expect(point)
    if point.source is not PointSource.MANUAL:
        raise Conflict(f"This number comes from a {point.source}; correct it there.")
    goal = await rows.get(ctx, Goal, goal_id)
    refuse_deleted(goal)
    return goal, point


def _refuse_future(day: date, today: date) -> None:
    if day > today + AHEAD:
        raise invalid("/day", "A number can be recorded for today or earlier.")


def _tell(ctx: Context, goal: Goal, point: DataPoint) -> None:
    ctx.emit(
        GoalMeasured(
            goal_id=goal.id,
            project_id=goal.project_id,
            area_id=goal.area_id,
            day=point.day,
            source=point.source,
        )
    )


def _amount(goal: Goal, value: float) -> str:
    return f"{value:g} {goal.target_unit}" if goal.target_unit else f"{value:g}"
