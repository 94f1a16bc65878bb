"""Completing, cancelling and reopening tasks, with what that means for their trees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, exists, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from selfos.features.identity import service as identity
from selfos.features.planning.documents import is_blocked
from selfos.features.planning.events import (
    TaskCancelled,
    TaskCompleted,
    TaskEvent,
    TaskReopened,
    TaskSkipped,
    TaskUnblocked,
)
from selfos.features.planning.models import Task, TaskDependency
from selfos.features.planning.schemas.words import DependencyKind, OpenState, TaskState
from selfos.features.planning.service.loading import refuse_deleted
from selfos.features.planning.service.occurrences import advance, retreat
from selfos.features.planning.service.telling import surroundings
from selfos.features.planning.service.tree import ancestors, change_rows, descendants
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.ledger.models import Change
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
VERBS = {
    TaskState.DONE: "Completed",
    TaskState.CANCELLED: "Cancelled",
    TaskState.SKIPPED: "Skipped",
}
EVENTS: dict[TaskState, type[TaskEvent]] = {
    TaskState.CANCELLED: TaskCancelled,
    TaskState.SKIPPED: TaskSkipped,
}


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


async def skip_task(ctx: Context, task_id: UUID) -> Task:
    """Leave this occurrence of a repeating task out; the next one comes as planned."""
    return await _settle_one(ctx, task_id, TaskState.SKIPPED, None)


async def reopen_task(ctx: Context, task_id: UUID) -> Task:
    """Make a settled task a thing to do again, and the settled tasks above it.

    A repeating task becomes exactly what it was: its subtasks open as before, and the occurrence
    that had come after it gone, unless somebody touched that.
    """
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
    if state is TaskState.SKIPPED:
        refuse_unskippable(task)
    task.settle(state, ctx.now, day)
    settled = [task]
    if found.has_children:
        settled += await _settle_below(ctx, [task.id], state, day)
    _announce(ctx, settled, state)
    if found.has_dependents or found.has_children:
        await announce_unblocked(ctx, [each.id for each in settled])
    await advance(ctx, task, on=on, is_passed=state is not TaskState.DONE)
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


def refuse_unskippable(task: Task) -> None:
    """Raise Conflict unless this is an open occurrence of something that repeats."""
    if task.slot is None:
        raise Conflict("Only a repeating task can be skipped; complete or cancel this one.")
    if not task.is_open:
        raise Conflict(f"This task is already {task.state}.")


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
    for task in opened:
        await advance(ctx, task, is_passed=state is not TaskState.DONE)


async def reopen(ctx: Context, tasks: Sequence[Task]) -> None:
    """Reopen these tasks and the settled tasks above them."""
    reopened = list(tasks)
    for task in tasks:
        settled_at = task.settled_at
        task.reopen()
        if task.slot is not None and settled_at is not None:
            reopened += await _reopen_exactly(ctx, task, settled_at)
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


async def _reopen_exactly(ctx: Context, task: Task, settled_at: datetime) -> list[Task]:
    """Give an occurrence and the subtasks settled with it the states they had before."""
    await retreat(ctx, task, settled_at)
    together = (Task.id.in_(descendants([task.id])), Task.settled_at == settled_at)
    below = await change_rows(
        ctx, Task, together, state=TaskState.TODO, settled_at=None, settled_on=None
    )
    before = await _states_before(ctx, [task.id, *(each.id for each in below)])
    for each in (task, *below):
        each.state = before.get(each.id, TaskState.TODO)
    return below


async def _states_before(ctx: Context, task_ids: Collection[UUID]) -> dict[UUID, TaskState]:
    """Return the states in which these tasks were when they were last settled: history knows."""
    settled = Change.after["settled_at"].astext.is_not(None)
    found = await ctx.session.execute(
        select(Change.entity_id, Change.before["state"].astext)
        .where(Change.entity == "task", Change.entity_id.in_(task_ids), settled)
        .order_by(Change.entity_id, Change.id.desc())
        .ext(distinct_on(Change.entity_id))
    )
    return {row[0]: TaskState(row[1]) for row in found if row[1] in set(OpenState)}


def _announce(ctx: Context, tasks: Sequence[Task], state: TaskState) -> None:
    for task in tasks:
        if state is TaskState.DONE:
            ctx.emit(TaskCompleted(**surroundings(task), on=task.settled_on))
        else:
            ctx.emit(EVENTS[state](**surroundings(task)))


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
