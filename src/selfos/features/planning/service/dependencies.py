"""Which task comes before which; the blocking ones never form a circle."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, or_, select

from selfos.features.planning.documents import DEPENDENCIES
from selfos.features.planning.models import Task, TaskDependency
from selfos.features.planning.schemas.inputs import DependencyCreate
from selfos.features.planning.schemas.words import DependencyKind
from selfos.features.planning.service.loading import changeable, container, known
from selfos.features.planning.service.ties import forget_tie, leads_to, remember_tie
from selfos.features.planning.service.tree import lock
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.errors import Conflict, NotFound, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission


async def list_dependencies(ctx: Context, task_id: UUID) -> Json:
    """Return every dependency a task has, at either end."""
    ctx.require(Permission.TASK_READ)
    await rows.get(ctx, Task, task_id)
    ends = or_(TaskDependency.blocker_id == task_id, TaskDependency.blocked_id == task_id)
    found = await DEPENDENCIES.many(ctx, ends, order_by=[TaskDependency.id])
    return assemble({"items": found})


async def create_dependency(ctx: Context, task_id: UUID, new: DependencyCreate) -> TaskDependency:
    """Make a task depend on another; a circle of blocking tasks is a conflict."""
    ctx.require(Permission.TASK_WRITE)
    # Two that close a circle together must not pass each other unseen.
    await lock(ctx, "dependencies")
    task = await changeable(ctx, Task, task_id)
    blocker = await container(ctx, Task, new.blocker_id, "/blocker_id")
    if blocker is None or blocker.id == task.id:
        raise invalid("/blocker_id", "A task cannot depend on itself.")
    await _refuse_repeated(ctx, task.id, blocker.id, new.kind)
    if new.kind is DependencyKind.BLOCKS and await leads_to(ctx, task.id, blocker.id):
        raise Conflict(f"“{blocker.title}” already waits for “{task.title}”.")
    dependency = TaskDependency(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        blocker_id=blocker.id,
        blocked_id=task.id,
        kind=new.kind,
    )
    ctx.session.add(dependency)
    if new.kind is DependencyKind.BLOCKS:
        await remember_tie(ctx, blocker, task)
    ctx.describe(f"Tied “{task.title}” to “{blocker.title}”")
    return dependency


async def delete_dependency(ctx: Context, task_id: UUID, dependency_id: UUID) -> None:
    """Untie two tasks."""
    ctx.require(Permission.TASK_WRITE)
    ends = or_(TaskDependency.blocker_id == task_id, TaskDependency.blocked_id == task_id)
    query = select(TaskDependency).where(TaskDependency.id == dependency_id, ends)
    dependency = await ctx.session.scalar(query)
    if dependency is None:
        raise NotFound("There is no such dependency.")
    ctx.expect(dependency)
    ctx.describe("Untied two tasks")
    blocker = await known(ctx, Task, dependency.blocker_id)
    blocked = await known(ctx, Task, dependency.blocked_id)
    if dependency.kind is DependencyKind.BLOCKS and blocker and blocked:
        await forget_tie(ctx, blocker, blocked)
    await ctx.session.delete(dependency)


async def _refuse_repeated(
    ctx: Context, blocked: UUID, blocker: UUID, kind: DependencyKind
) -> None:
    same = and_(TaskDependency.blocker_id == blocker, TaskDependency.blocked_id == blocked)
    reverse = and_(TaskDependency.blocker_id == blocked, TaskDependency.blocked_id == blocker)
    ends = or_(same, reverse) if kind is DependencyKind.RELATES else same
    query = select(TaskDependency.id).where(TaskDependency.kind == kind, ends)
    if await ctx.session.scalar(query.limit(1)) is not None:
        raise Conflict("These two tasks are tied like this already.")
