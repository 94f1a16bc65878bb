"""What somebody has not looked at since others changed it, and that they have now."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select

from selfos.features.planning.filters.tasks import TASK_FIELDS
from selfos.features.planning.models import Task
from selfos.features.planning.schemas.unread import SeenTasks, UnreadTasks
from selfos.features.planning.service.filtering import read_for
from selfos.features.planning.unread import UnreadTask
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

# Beyond it a list of what is new helps nobody, and the filter has pages.
MOST_NAMED = 1_000


async def list_unread_tasks(ctx: Context) -> UnreadTasks:
    """Tell how many tasks others touched since the caller opened them, and which, newest first."""
    ctx.require(Permission.TASK_READ)
    shown = select(UnreadTask.task_id, func.count().over()).join(
        Task, (Task.workspace_id == UnreadTask.workspace_id) & (Task.id == UnreadTask.task_id)
    )
    shown = shown.where(Task.deleted_at.is_(None))
    newest = shown.order_by(UnreadTask.since.desc(), UnreadTask.task_id).limit(MOST_NAMED)
    found = (await ctx.session.execute(newest)).all()
    return UnreadTasks(unread=found[0][1] if found else 0, ids=[row[0] for row in found])


async def see_task(ctx: Context, task_id: UUID) -> UnreadTasks:
    """Note that the caller has opened a task; again is no different. Tell what remains."""
    ctx.require(Permission.TASK_READ)
    await rows.get(ctx, Task, task_id)
    await _forget(ctx, UnreadTask.task_id == task_id)
    return await list_unread_tasks(ctx)


async def see_tasks(ctx: Context, seen: SeenTasks) -> UnreadTasks:
    """Note that the caller knows all of a filter's tasks, or all there are; tell what remains."""
    ctx.require(Permission.TASK_READ)
    conditions: list[ColumnElement[bool]] = []
    if seen.q is not None:
        wanted = await read_for(ctx, seen.q, TASK_FIELDS, pointer="/q")
        found = select(Task.id).where(or_(*wanted.open_sections()))
        conditions.append(UnreadTask.task_id.in_(found))
    await _forget(ctx, *conditions)
    return await list_unread_tasks(ctx)


async def _forget(ctx: Context, *conditions: ColumnElement[bool]) -> None:
    # In the order in which the ledger writes them, so that neither waits for the other for ever.
    known = select(UnreadTask.id).where(*conditions).order_by(UnreadTask.task_id)
    gone = await ctx.session.execute(
        delete(UnreadTask)
        .where(UnreadTask.id.in_(known.with_for_update(of=UnreadTask)))
        .returning(UnreadTask.id)
        .execution_options(synchronize_session=False)
    )
    if gone.first() is not None:
        ctx.tell(ctx.user_id)
