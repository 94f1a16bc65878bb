"""Many tasks at once: one transaction, one changeset, all or nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from selfos.features.planning.documents import TASKS
from selfos.features.planning.models import Task
from selfos.features.planning.schemas.inputs import (
    BulkEdit,
    BulkMove,
    BulkReschedule,
    BulkUpdate,
    BulkVerb,
    TaskMove,
    TaskUpdate,
)
from selfos.features.planning.schemas.words import TaskState
from selfos.features.planning.service import tasks
from selfos.features.planning.service.loading import changeable_tasks, refuse_deleted
from selfos.features.planning.service.settling import reopen, settle
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.errors import Conflict
from selfos.kernel.permissions import Permission

PAST = {
    "archive": "Archived",
    "cancel": "Cancelled",
    "complete": "Completed",
    "delete": "Deleted",
    "reopen": "Reopened",
    "restore": "Restored",
    "skip": "Skipped",
    "unarchive": "Brought back from the archive:",
}
SETTLING = {
    "cancel": TaskState.CANCELLED,
    "complete": TaskState.DONE,
    "skip": TaskState.SKIPPED,
}
# Each verb, the mark it changes, and whether the tasks it is for bear that mark.
KEEPING: dict[str, tuple[Callable[[Context, UUID], Awaitable[Any]], str, bool]] = {
    "archive": (tasks.archive_task, "archived_at", False),
    "delete": (tasks.delete_task, "deleted_at", False),
    "restore": (tasks.restore_task, "deleted_at", True),
    "unarchive": (tasks.unarchive_task, "archived_at", True),
}


async def edit_tasks(ctx: Context, edit: BulkEdit) -> Json:
    """Do one thing to many tasks and return them in the order they were named.

    What is already as wanted (done, restored with its parent) is left alone.
    """
    ctx.require(Permission.TASK_WRITE)
    chosen = await changeable_tasks(ctx, edit.task_ids)
    match edit.action:
        case BulkVerb(kind=kind):
            ctx.describe(f"{PAST[kind]} {_count(len(chosen))}")
            await _do(ctx, chosen, kind)
        case BulkUpdate(fields=fields):
            ctx.describe(f"Changed {_count(len(chosen))}")
            _refuse_deleted(chosen)
            for task in chosen:
                await tasks.apply_fields(ctx, task, fields)
        case BulkMove() as move:
            ctx.describe(f"Moved {_count(len(chosen))}")
            _refuse_deleted(chosen)
            await _move(ctx, chosen, move)
        case BulkReschedule(date=day):
            ctx.describe(f"Moved {_count(len(chosen))} to another day")
            _refuse_deleted(chosen)
            for task in chosen:
                await tasks.apply_fields(ctx, task, TaskUpdate(due=task.due_on(day)))
    return await tasks_in_order(ctx, edit.task_ids)


async def _do(ctx: Context, chosen: Sequence[Task], kind: str) -> None:
    if kind != "restore":
        _refuse_deleted(chosen)
    if kind == "skip":
        _refuse_single(chosen)
    if kind in SETTLING:
        await settle(ctx, chosen, SETTLING[kind])
    elif kind == "reopen":
        await reopen(ctx, [task for task in chosen if not task.is_open])
    else:
        verb, mark, marked = KEEPING[kind]
        for task in _parents_first(chosen):
            # A subtask may have gone or come back with its parent just now.
            if (getattr(task, mark) is not None) is marked:
                await verb(ctx, task.id)


def _parents_first(chosen: Sequence[Task]) -> list[Task]:
    by_id = {task.id: task for task in chosen}

    def depth(task: Task) -> int:
        parent = by_id.get(task.parent_id) if task.parent_id else None
        return depth(parent) + 1 if parent else 0

    return sorted(chosen, key=depth)


async def _move(ctx: Context, chosen: Sequence[Task], move: BulkMove) -> None:
    """Move each; with a neighbour named they follow it in the order they were named."""
    given = move.model_dump(exclude_unset=True, exclude={"kind"})
    for task in chosen:
        await tasks.apply_move(ctx, task, TaskMove.model_validate(given))
        if "after_id" in given:
            given["after_id"] = task.id
        await ctx.session.flush()


def _refuse_deleted(chosen: Sequence[Task]) -> None:
    for task in chosen:
        refuse_deleted(task)


def _refuse_single(chosen: Sequence[Task]) -> None:
    for task in chosen:
        if task.slot is None:
            raise Conflict(f"Only repeating tasks can be skipped; “{task.title}” is not one.")


def _count(number: int) -> str:
    return "1 task" if number == 1 else f"{number} tasks"


async def tasks_in_order(ctx: Context, task_ids: Sequence[UUID]) -> Json:
    """Return these tasks as shown, in the order they are named."""
    wanted = list(dict.fromkeys(task_ids))
    shown = await TASKS.many(ctx, Task.id.in_(wanted), order_by=[Task.id])
    by_id = dict(zip(sorted(wanted), shown, strict=True))
    return assemble({"items": [by_id[task_id] for task_id in wanted]})
