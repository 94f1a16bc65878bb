"""Projects over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import (
    PhaseCreate,
    PhaseUpdate,
    ProjectCreate,
    ProjectQuery,
    ProjectUpdate,
    Reorder,
)
from selfos.features.planning.schemas.views import (
    ProgressView,
    ProjectPage,
    ProjectView,
    TimelineView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.PROJECT_READ), allow(Permission.PROJECT_WRITE)
router = Router(prefix="/projects", tags=["projects"])


@router.get("", response_model=ProjectPage, **READ)
async def list_projects(ctx: Ctx, query: Annotated[ProjectQuery, Query()]) -> Response:
    return as_json(await service.list_projects(ctx, query))


@router.post("", status_code=201, response_model=ProjectView, **WRITE)
async def create_project(ctx: Ctx, body: ProjectCreate) -> Response:
    project = await service.create_project(ctx, body)
    return shown(await service.PROJECTS.one(ctx, project.id), 201)


@router.get("/{project_id}", response_model=ProjectView, **READ)
async def get_project(ctx: Ctx, project_id: UUID) -> Response:
    return shown(await service.get_project(ctx, project_id))


@router.patch("/{project_id}", response_model=ProjectView, **WRITE)
async def update_project(ctx: Ctx, project_id: UUID, body: ProjectUpdate) -> Response:
    await service.update_project(ctx, project_id, body)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.delete("/{project_id}", status_code=204, **WRITE)
async def delete_project(ctx: Ctx, project_id: UUID) -> Response:
    await service.delete_project(ctx, project_id)
    return nothing()


@router.post("/{project_id}/move", response_model=ProjectView, **WRITE)
async def move_project(ctx: Ctx, project_id: UUID, body: Reorder) -> Response:
    await service.move_project(ctx, project_id, body)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.post("/{project_id}/complete", response_model=ProjectView, **WRITE)
async def complete_project(ctx: Ctx, project_id: UUID) -> Response:
    await service.complete_project(ctx, project_id)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.post("/{project_id}/reopen", response_model=ProjectView, **WRITE)
async def reopen_project(ctx: Ctx, project_id: UUID) -> Response:
    await service.reopen_project(ctx, project_id)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.post("/{project_id}/archive", response_model=ProjectView, **WRITE)
async def archive_project(ctx: Ctx, project_id: UUID) -> Response:
    await service.archive_project(ctx, project_id)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.post("/{project_id}/unarchive", response_model=ProjectView, **WRITE)
async def unarchive_project(ctx: Ctx, project_id: UUID) -> Response:
    await service.unarchive_project(ctx, project_id)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.post("/{project_id}/restore", response_model=ProjectView, **WRITE)
async def restore_project(ctx: Ctx, project_id: UUID) -> Response:
    await service.restore_project(ctx, project_id)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.get("/{project_id}/progress", response_model=ProgressView, **READ)
async def explain_project(ctx: Ctx, project_id: UUID) -> Response:
    return as_json(await service.explain_project(ctx, project_id))


@router.get("/{project_id}/timeline", response_model=TimelineView, **READ)
async def draw_timeline(ctx: Ctx, project_id: UUID) -> Response:
    return as_json(await service.draw_timeline(ctx, project_id))


@router.post("/{project_id}/phases", status_code=201, response_model=ProjectView, **WRITE)
async def create_phase(ctx: Ctx, project_id: UUID, body: PhaseCreate) -> Response:
    await service.create_phase(ctx, project_id, body)
    return shown(await service.PROJECTS.one(ctx, project_id), 201)


@router.patch("/{project_id}/phases/{phase_id}", response_model=ProjectView, **WRITE)
async def update_phase(ctx: Ctx, project_id: UUID, phase_id: UUID, body: PhaseUpdate) -> Response:
    await service.update_phase(ctx, project_id, phase_id, body)
    return shown(await service.PROJECTS.one(ctx, project_id))


@router.delete("/{project_id}/phases/{phase_id}", status_code=204, **WRITE)
async def delete_phase(ctx: Ctx, project_id: UUID, phase_id: UUID) -> Response:
    await service.delete_phase(ctx, project_id, phase_id)
    return nothing()
