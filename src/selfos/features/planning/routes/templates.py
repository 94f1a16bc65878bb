"""Templates over HTTP, and what is made of and from them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.templates import (
    TemplateCreate,
    TemplateOf,
    TemplatePage,
    TemplateUpdate,
    TemplateUse,
    TemplateView,
)
from selfos.features.planning.schemas.views import TaskList, TaskView
from selfos.kernel.documents import PageQuery
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.TASK_READ), allow(Permission.TASK_WRITE)
router = Router(tags=["templates"])


@router.get("/templates", response_model=TemplatePage, **READ)
async def list_templates(ctx: Ctx, query: Annotated[PageQuery, Query()]) -> Response:
    """List templates by name."""
    return as_json(await service.list_templates(ctx, query))


@router.post("/templates", status_code=201, response_model=TemplateView, **WRITE)
async def create_template(ctx: Ctx, body: TemplateCreate) -> Response:
    """Keep an outline of tasks to be used again."""
    template = await service.create_template(ctx, body)
    return shown(await service.TEMPLATES.one(ctx, template.id), 201)


@router.get("/templates/{template_id}", response_model=TemplateView, **READ)
async def get_template(ctx: Ctx, template_id: UUID) -> Response:
    """Show one template."""
    return shown(await service.get_template(ctx, template_id))


@router.patch("/templates/{template_id}", response_model=TemplateView, **WRITE)
async def update_template(ctx: Ctx, template_id: UUID, body: TemplateUpdate) -> Response:
    """Change a template; what was made from it stays as it is."""
    await service.update_template(ctx, template_id, body)
    return shown(await service.TEMPLATES.one(ctx, template_id))


@router.delete("/templates/{template_id}", status_code=204, **WRITE)
async def delete_template(ctx: Ctx, template_id: UUID) -> Response:
    """Delete a template; undo brings it back."""
    await service.delete_template(ctx, template_id)
    return nothing()


@router.post("/templates/{template_id}/apply", status_code=201, response_model=TaskList, **WRITE)
async def apply_template(ctx: Ctx, template_id: UUID, body: TemplateUse) -> Response:
    """Make the whole tree at a place as one change; under a task it is a checklist."""
    planted = await service.apply_template(ctx, template_id, body)
    return as_json(await service.tasks_in_order(ctx, [task.id for task in planted]), 201)


@router.post("/tasks/{task_id}/template", status_code=201, response_model=TemplateView, **WRITE)
async def make_template_of_task(ctx: Ctx, task_id: UUID, body: TemplateOf) -> Response:
    """Keep a task with its subtasks as a template."""
    template = await service.make_template_of_task(ctx, task_id, body)
    return shown(await service.TEMPLATES.one(ctx, template.id), 201)


@router.post(
    "/projects/{project_id}/template", status_code=201, response_model=TemplateView, **WRITE
)
async def make_template_of_project(ctx: Ctx, project_id: UUID, body: TemplateOf) -> Response:
    """Keep the tasks of a project as a template."""
    template = await service.make_template_of_project(ctx, project_id, body)
    return shown(await service.TEMPLATES.one(ctx, template.id), 201)


@router.post("/tasks/{task_id}/duplicate", status_code=201, response_model=TaskView, **WRITE)
async def duplicate_task(ctx: Ctx, task_id: UUID) -> Response:
    """Make a task again with its subtasks, all open, right behind it."""
    task = await service.duplicate_task(ctx, task_id)
    return shown(await service.TASKS.one(ctx, task.id), 201)
