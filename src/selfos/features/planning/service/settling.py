"""Completing, cancelling and reopening tasks, with what that means for their trees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

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
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

SETTLED = {TaskState.DONE: TaskCompleted, TaskState.CANCELLED: TaskCancelled}
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
).where(Task.id == bindparam("task_id"))
VERBS = {TaskState.DONE: "Completed", TaskState.CANCELLED: "Cancelled"}


async def complete_task(ctx: Context, task_id: UUID) -> Task:
    """Complete a task and its open subtasks; completing it again is a conflict."""
    return await _settle_one(ctx, task_id, TaskState.DONE)


async def cancel_task(ctx: Context, task_id: UUID) -> Task:
    """Give a task and its open subtasks up; cancelling it again is a conflict."""
    return await _settle_one(ctx, task_id, TaskState.CANCELLED)


async def reopen_task(ctx: Context, task_id: UUID) -> Task:
    """Make a settled task a thing to do again, and the settled tasks above it."""
    ctx.require(Permission.TASK_WRITE)
    task, _, _ = await _with_surroundings(ctx, task_id)
    await reopen(ctx, [task])
    ctx.describe(f"Reopened “{task.title}”")
    return task


async def _settle_one(ctx: Context, task_id: UUID, state: TaskState) -> Task:
    ctx.require(Permission.TASK_WRITE)
    task, has_children, has_dependents = await _with_surroundings(ctx, task_id)
    task.settle(state, ctx.now)
    settled = [task]
    if has_children:
        settled += await _settle_below(ctx, [task.id], state)
    _announce(ctx, settled, state)
    if has_dependents or has_children:
        await announce_unblocked(ctx, [each.id for each in settled])
    ctx.describe(f"{VERBS[state]} “{task.title}”")
    return task


async def _with_surroundings(ctx: Context, task_id: UUID) -> tuple[Task, bool, bool]:
    """Return a task, whether it has subtasks, and whether others wait for it, in one query."""
    row = (await ctx.session.execute(SURROUNDED, {"task_id": task_id})).one_or_none()
    if row is None:
        raise missing(Task.__name__)
    ctx.expect(row[0])
    refuse_deleted(row[0])
    return row[0], row[1], row[2]


async def settle(ctx: Context, tasks: Sequence[Task], state: TaskState) -> None:
    """Settle the open ones among these tasks and everything open below them."""
    opened = [task for task in tasks if task.is_open]
    for task in opened:
        task.settle(state, ctx.now)
    settled = [*opened, *await _settle_below(ctx, [task.id for task in opened], state)]
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
    ctx: Context, task_ids: Collection[UUID], state: TaskState
) -> Sequence[Task]:
    conditions = (
        Task.id.in_(descendants(task_ids)),
        Task.settled_at.is_(None),
        Task.deleted_at.is_(None),
    )
    return await change_rows(ctx, Task, conditions, state=state, settled_at=ctx.now)


def _announce(ctx: Context, tasks: Sequence[Task], state: TaskState) -> None:
    event = SETTLED[state]
    for task in tasks:
        ctx.emit(event(**surroundings(task)))


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
