"""Tasks over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import (
    BulkEdit,
    DependencyCreate,
    TaskCompletion,
    TaskCreate,
    TaskDeletion,
    TaskMove,
    TaskQuery,
    TaskUpdate,
)
from selfos.features.planning.schemas.unread import SeenTasks, UnreadTasks
from selfos.features.planning.schemas.views import (
    DependencyList,
    DependencyView,
    TaskList,
    TaskPage,
    TaskView,
)
from selfos.features.planning.schemas.words import Scope
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.TASK_READ), allow(Permission.TASK_WRITE)
router = Router(prefix="/tasks", tags=["tasks"])


@router.get("", response_model=TaskPage, **READ)
async def list_tasks(ctx: Ctx, query: Annotated[TaskQuery, Query()]) -> Response:
    return as_json(await service.list_tasks(ctx, query))


@router.post("", status_code=201, response_model=TaskView, **WRITE)
async def create_task(ctx: Ctx, body: TaskCreate) -> Response:
    task = await service.create_task(ctx, body)
    return shown(await service.TASKS.one(ctx, task.id), 201)


@router.post("/bulk", response_model=TaskList, **WRITE)
async def edit_tasks(ctx: Ctx, body: BulkEdit) -> Response:
    return as_json(await service.edit_tasks(ctx, body))


@router.get("/unread", response_model=UnreadTasks, **READ)
async def list_unread_tasks(ctx: Ctx) -> UnreadTasks:
    """Tell which tasks others changed or discussed since I last opened them."""
    return await service.list_unread_tasks(ctx)


@router.post("/seen", response_model=UnreadTasks, **READ)
async def see_tasks(ctx: Ctx, body: SeenTasks) -> UnreadTasks:
    """Note that I know these tasks as they are."""
    return await service.see_tasks(ctx, body)


@router.get("/{task_id}", response_model=TaskView, **READ)
async def get_task(ctx: Ctx, task_id: UUID) -> Response:
    return shown(await service.get_task(ctx, task_id))


@router.patch("/{task_id}", response_model=TaskView, **WRITE)
async def update_task(ctx: Ctx, task_id: UUID, body: TaskUpdate) -> Response:
    await service.update_task(ctx, task_id, body)
    return shown(await service.TASKS.one(ctx, task_id))


@router.delete("/{task_id}", status_code=204, **WRITE)
async def delete_task(ctx: Ctx, task_id: UUID, query: Annotated[TaskDeletion, Query()]) -> Response:
    await service.delete_task(ctx, task_id, scope=Scope(query.scope))
    return nothing()


@router.post("/{task_id}/move", response_model=TaskView, **WRITE)
async def move_task(ctx: Ctx, task_id: UUID, body: TaskMove) -> Response:
    await service.move_task(ctx, task_id, body)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/complete", response_model=TaskView, **WRITE)
async def complete_task(ctx: Ctx, task_id: UUID, body: TaskCompletion | None = None) -> Response:
    await service.complete_task(ctx, task_id, on=body.on if body else None)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/skip", response_model=TaskView, **WRITE)
async def skip_task(ctx: Ctx, task_id: UUID) -> Response:
    await service.skip_task(ctx, task_id)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/reopen", response_model=TaskView, **WRITE)
async def reopen_task(ctx: Ctx, task_id: UUID) -> Response:
    await service.reopen_task(ctx, task_id)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/cancel", response_model=TaskView, **WRITE)
async def cancel_task(ctx: Ctx, task_id: UUID) -> Response:
    await service.cancel_task(ctx, task_id)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/archive", response_model=TaskView, **WRITE)
async def archive_task(ctx: Ctx, task_id: UUID) -> Response:
    await service.archive_task(ctx, task_id)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/unarchive", response_model=TaskView, **WRITE)
async def unarchive_task(ctx: Ctx, task_id: UUID) -> Response:
    await service.unarchive_task(ctx, task_id)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/restore", response_model=TaskView, **WRITE)
async def restore_task(ctx: Ctx, task_id: UUID) -> Response:
    await service.restore_task(ctx, task_id)
    return shown(await service.TASKS.one(ctx, task_id))


@router.post("/{task_id}/seen", response_model=UnreadTasks, **READ)
async def see_task(ctx: Ctx, task_id: UUID) -> UnreadTasks:
    """Note that I have opened this task."""
    return await service.see_task(ctx, task_id)


@router.get("/{task_id}/dependencies", response_model=DependencyList, **READ)
async def list_dependencies(ctx: Ctx, task_id: UUID) -> Response:
    return as_json(await service.list_dependencies(ctx, task_id))


@router.post("/{task_id}/dependencies", status_code=201, response_model=DependencyView, **WRITE)
async def create_dependency(ctx: Ctx, task_id: UUID, body: DependencyCreate) -> Response:
    dependency = await service.create_dependency(ctx, task_id, body)
    return shown(await service.DEPENDENCIES.one(ctx, dependency.id), 201)


@router.delete("/{task_id}/dependencies/{dependency_id}", status_code=204, **WRITE)
async def delete_dependency(ctx: Ctx, task_id: UUID, dependency_id: UUID) -> Response:
    await service.delete_dependency(ctx, task_id, dependency_id)
    return nothing()
