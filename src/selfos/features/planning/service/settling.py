"""Completing, cancelling and reopening tasks, with what that means for their trees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, exists, literal, select
from sqlalchemy.orm import aliased

from selfos.features.identity import service as identity
from selfos.features.planning.documents import is_blocked
from selfos.features.planning.events import (
    TaskCancelled,
    TaskCompleted,
    TaskReopened,
    TaskUnblocked,
)
from selfos.features.planning.models import Task, TaskDependency
from selfos.features.planning.schemas.words import DependencyKind, TaskState
from selfos.features.planning.service.loading import refuse_deleted
from selfos.features.planning.service.tree import ancestors, change_rows, descendants
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

# How long afterwards something may still be written down for its own day.
BACKDATED_DAYS = 31
CHILD = aliased(Task)
# Written once: building it anew for each completion costs more than asking it.
SURROUNDED = select(
    Task,
    exists(
        select(CHILD.id)
        .where(CHILD.workspace_id == Task.workspace_id, CHILD.parent_id == Task.id)
        .correlate(Task)
    ),
    exists(
        select(TaskDependency.id)
        .where(
            TaskDependency.workspace_id == Task.workspace_id,
            TaskDependency.blocker_id == Task.id,
        )
        .correlate(Task)
    ),
    identity.local_day_of(
        bindparam("user_id", type_=Uuid()), bindparam("now", type_=DateTime(timezone=True))
    ),
).where(Task.id == bindparam("task_id"))
VERBS = {TaskState.DONE: "Completed", TaskState.CANCELLED: "Cancelled"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A task, what hangs on it, and the day it is for the acting person."""

    task: Task
    has_children: bool
    has_dependents: bool
    today: date


async def complete_task(ctx: Context, task_id: UUID, *, on: date | None = None) -> Task:
    """Complete a task and its open subtasks; completing it again is a conflict.

    It counts for the day it is for the acting person, or for the day they name.
    """
    return await _settle_one(ctx, task_id, TaskState.DONE, on)


async def cancel_task(ctx: Context, task_id: UUID) -> Task:
    """Give a task and its open subtasks up; cancelling it again is a conflict."""
    return await _settle_one(ctx, task_id, TaskState.CANCELLED, None)


async def reopen_task(ctx: Context, task_id: UUID) -> Task:
    """Make a settled task a thing to do again, and the settled tasks above it."""
    ctx.require(Permission.TASK_WRITE)
    found = await _with_surroundings(ctx, task_id)
    task = found.task
    await reopen(ctx, [task])
    ctx.describe(f"Reopened “{task.title}”")
    return task


async def _settle_one(ctx: Context, task_id: UUID, state: TaskState, on: date | None) -> Task:
    ctx.require(Permission.TASK_WRITE)
    found = await _with_surroundings(ctx, task_id)
    task, day = found.task, _day(found.today, on)
    task.settle(state, ctx.now, day)
    settled = [task]
    if found.has_children:
        settled += await _settle_below(ctx, [task.id], state, day)
    _announce(ctx, settled, state)
    if found.has_dependents or found.has_children:
        await announce_unblocked(ctx, [each.id for each in settled])
    ctx.describe(f"{VERBS[state]} “{task.title}”")
    return task


def _day(today: date, wanted: date | None) -> date:
    """Return the day a completion counts for: today, or the past one that is named."""
    if wanted is None:
        return today
    if not today - timedelta(days=BACKDATED_DAYS) <= wanted <= today:
        raise invalid("/on", f"Name today or one of the {BACKDATED_DAYS} days before it.")
    return wanted


async def _with_surroundings(ctx: Context, task_id: UUID) -> Surroundings:
    """Return a task with what its settling bears on, in one query."""
    wanted = {"task_id": task_id, "user_id": ctx.actor.user_id, "now": ctx.now}
    row = (await ctx.session.execute(SURROUNDED, wanted)).one_or_none()
    if row is None:
        raise missing(Task.__name__)
    found = Surroundings(*row)
    ctx.expect(found.task)
    refuse_deleted(found.task)
    return found


async def settle(ctx: Context, tasks: Sequence[Task], state: TaskState) -> None:
    """Settle the open ones among these tasks and everything open below them."""
    opened = [task for task in tasks if task.is_open]
    today = identity.local_day_of(literal(ctx.actor.user_id, Uuid()), literal(ctx.now))
    day = (await ctx.session.scalars(select(today))).one()
    for task in opened:
        task.settle(state, ctx.now, day)
    settled = [*opened, *await _settle_below(ctx, [task.id for task in opened], state, day)]
    _announce(ctx, settled, state)
    await announce_unblocked(ctx, [task.id for task in settled])


async def reopen(ctx: Context, tasks: Sequence[Task]) -> None:
    """Reopen these tasks and the settled tasks above them."""
    reopened = list(tasks)
    for task in tasks:
        task.reopen()
    for task in tasks:
        for above in await ancestors(ctx, task.id) if task.parent_id else ():
            if not above.is_open:
                above.reopen()
                reopened.append(above)
    for task in reopened:
        ctx.emit(TaskReopened(**surroundings(task)))


async def _settle_below(
    ctx: Context, task_ids: Collection[UUID], state: TaskState, day: date
) -> Sequence[Task]:
    conditions = (
        Task.id.in_(descendants(task_ids)),
        Task.settled_at.is_(None),
        Task.deleted_at.is_(None),
    )
    return await change_rows(ctx, Task, conditions, state=state, settled_at=ctx.now, settled_on=day)


def _announce(ctx: Context, tasks: Sequence[Task], state: TaskState) -> None:
    for task in tasks:
        if state is TaskState.DONE:
            ctx.emit(TaskCompleted(**surroundings(task), on=task.settled_on))
        else:
            ctx.emit(TaskCancelled(**surroundings(task)))


async def announce_unblocked(ctx: Context, task_ids: Collection[UUID]) -> None:
    """Emit an event for each open task that waited for these and now waits for nothing."""
    waiting = select(TaskDependency.blocked_id).where(
        TaskDependency.blocker_id.in_(task_ids), TaskDependency.kind == DependencyKind.BLOCKS
    )
    freed = await ctx.session.scalars(
        select(Task).where(
            Task.id.in_(waiting),
            Task.settled_at.is_(None),
            Task.deleted_at.is_(None),
            ~is_blocked(Task),
        )
    )
    for task in freed:
        ctx.emit(TaskUnblocked(**surroundings(task)))


def surroundings(task: Task) -> dict[str, Any]:
    """Return what every event about a task tells."""
    return {
        "task_id": task.id,
        "parent_id": task.parent_id,
        "project_id": task.project_id,
        "goal_id": task.goal_id,
        "area_id": task.area_id,
    }
