"""Tasks for whoever measures time: where each lies, what it was meant to take, when it was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, case, func, literal, select

from selfos.features.planning.models import Task, TaskLabel
from selfos.features.planning.schemas.words import TaskState
from selfos.features.planning.service.today import is_mine
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Filed:
    """A task that is not in the trash: where it lies, and what it was meant to take."""

    title: str
    area_id: UUID | None
    goal_id: UUID | None
    minutes: int | None
    done_on: date | None
    label_ids: frozenset[UUID]


async def tasks_filed(ctx: Context, ids: Collection[UUID]) -> dict[UUID, Filed]:
    """Return those of these tasks that are not in the trash, in one query."""
    ctx.require(Permission.TASK_READ)
    if not ids:
        return {}
    labels = (
        select(TaskLabel.label_id)
        .where(TaskLabel.workspace_id == Task.workspace_id, TaskLabel.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery()
    )
    found: Any = await ctx.session.execute(
        select(
            Task.id,
            Task.title,
            Task.area_id,
            Task.goal_id,
            Task.duration_minutes,
            case((Task.state == TaskState.DONE, Task.settled_on)),
            func.array(labels, type_=ARRAY(Uuid())),
        ).where(Task.id == any_(literal(list(ids), ARRAY(Uuid()))), Task.deleted_at.is_(None))
    )
    return {
        task_id: Filed(title, area_id, goal_id, minutes, done_on, frozenset(label_ids))
        for task_id, title, area_id, goal_id, minutes, done_on, label_ids in found
    }


def sized_and_done(ctx: Context, first: date, last: date) -> Select[UUID, int | None]:
    """Select the acting person's tasks done on these days that had a length: `id`, `minutes`.

    To be joined with what else is known of them; there can be a hundred on a day.
    """
    ctx.require(Permission.TASK_READ)
    return select(Task.id, Task.duration_minutes.label("minutes")).where(
        Task.settled_on.between(first, last),
        Task.state == TaskState.DONE,
        Task.duration_minutes > 0,
        Task.deleted_at.is_(None),
        is_mine(ctx),
    )
