"""What a reminder needs to know of a task or a goal: whether it still waits, and its dates.

Asked for by (workspace, id), so that a scanner may ask across workspaces; it checks no right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from selfos.features.planning.models import Goal, Task
from selfos.features.planning.schemas.words import GoalStatus
from selfos.features.planning.series import Series
from selfos.kernel.context import Context

DatedKey = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Moment:
    """A planned day, with a wall time or without, in a named zone or wherever one is."""

    day: date
    clock: time | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """Something to be reminded of; `assignee_id` is whose task it is, if it is given to anybody."""

    title: str
    waits: bool
    due: Moment | None
    start: Moment | None
    deadline: Moment | None
    series_id: UUID | None = None
    assignee_id: UUID | None = None


async def dated_tasks(ctx: Context, keys: Collection[DatedKey]) -> dict[DatedKey, Dated]:
    """Return those of these tasks that exist, by (workspace, id), in one query."""
    found: dict[DatedKey, Dated] = {}
    for task in await ctx.session.scalars(
        select(Task).where(tuple_(Task.workspace_id, Task.id).in_(keys))
    ):
        found[task.workspace_id, task.id] = Dated(
            title=task.title,
            waits=task.settled_at is None and task.deleted_at is None and task.archived_at is None,
            due=_moment(task.due_date, task.due_time, task.due_zone),
            start=_moment(task.start_date, task.start_time, task.start_zone),
            deadline=_moment(task.deadline),
            series_id=task.series_id if task.slot is not None else None,
            assignee_id=task.assignee_id,
        )
    return found


async def dated_goals(ctx: Context, keys: Collection[DatedKey]) -> dict[DatedKey, Dated]:
    """Return those of these goals that exist, by (workspace, id); due is their target date."""
    found: dict[DatedKey, Dated] = {}
    for goal in await ctx.session.scalars(
        select(Goal).where(tuple_(Goal.workspace_id, Goal.id).in_(keys))
    ):
        active = goal.status is GoalStatus.ACTIVE
        found[goal.workspace_id, goal.id] = Dated(
            title=goal.title,
            waits=active and goal.deleted_at is None and goal.archived_at is None,
            due=_moment(goal.target_date),
            start=_moment(goal.start_date),
            deadline=_moment(goal.target_date),
        )
    return found


async def waiting_like(ctx: Context, series: Mapping[UUID, UUID]) -> dict[UUID, list[UUID]]:
    """Return for each of these tasks (by its series) the open occurrences of that series."""
    found: dict[UUID, list[UUID]] = {}
    rows = await ctx.session.execute(
        select(Task.series_id, Task.id)
        .where(
            Task.workspace_id == ctx.workspace_id,
            Task.series_id.in_(set(series.values())),
            Task.slot.is_not(None),
            Task.settled_at.is_(None),
            Task.deleted_at.is_(None),
        )
        .order_by(Task.slot)
    )
    for series_id, task_id in rows:
        if series_id is not None:
            found.setdefault(series_id, []).append(task_id)
    return {task_id: found.get(series_id, []) for task_id, series_id in series.items()}


def occurrences_before(workspace_id: UUID, series_id: UUID) -> Select[UUID]:
    """Return the ids of all occurrences of a series and of those that it continues."""
    chain = (
        select(Series.id, Series.continues_id)
        .where(Series.workspace_id == workspace_id, Series.id == series_id)
        .cte("chain", recursive=True)
    )
    chain = chain.union(
        select(Series.id, Series.continues_id).where(
            Series.workspace_id == workspace_id, Series.id == chain.c.continues_id
        )
    )
    return select(Task.id).where(
        Task.workspace_id == workspace_id,
        Task.series_id.in_(select(chain.c.id)),
        Task.slot.is_not(None),
    )


def _moment(day: date | None, clock: time | None = None, zone: Any = None) -> Moment | None:
    return Moment(day, clock, zone) if day is not None else None
