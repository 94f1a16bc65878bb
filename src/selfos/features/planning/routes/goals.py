"""Goals over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import GoalCreate, GoalQuery, GoalUpdate, Reorder
from selfos.features.planning.schemas.views import GoalPage, GoalView, ProgressView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.GOAL_READ), allow(Permission.GOAL_WRITE)
router = Router(prefix="/goals", tags=["goals"])


@router.get("", response_model=GoalPage, **READ)
async def list_goals(ctx: Ctx, query: Annotated[GoalQuery, Query()]) -> Response:
    return as_json(await service.list_goals(ctx, query))


@router.post("", status_code=201, response_model=GoalView, **WRITE)
async def create_goal(ctx: Ctx, body: GoalCreate) -> Response:
    goal = await service.create_goal(ctx, body)
    return shown(await service.GOALS.one(ctx, goal.id), 201)


@router.get("/{goal_id}", response_model=GoalView, **READ)
async def get_goal(ctx: Ctx, goal_id: UUID) -> Response:
    return shown(await service.get_goal(ctx, goal_id))


@router.patch("/{goal_id}", response_model=GoalView, **WRITE)
async def update_goal(ctx: Ctx, goal_id: UUID, body: GoalUpdate) -> Response:
    await service.update_goal(ctx, goal_id, body)
    return shown(await service.GOALS.one(ctx, goal_id))


@router.delete("/{goal_id}", status_code=204, **WRITE)
async def delete_goal(ctx: Ctx, goal_id: UUID) -> Response:
    await service.delete_goal(ctx, goal_id)
    return nothing()


@router.post("/{goal_id}/move", response_model=GoalView, **WRITE)
async def move_goal(ctx: Ctx, goal_id: UUID, body: Reorder) -> Response:
    await service.move_goal(ctx, goal_id, body)
    return shown(await service.GOALS.one(ctx, goal_id))


@router.post("/{goal_id}/complete", response_model=GoalView, **WRITE)
async def complete_goal(ctx: Ctx, goal_id: UUID) -> Response:
    await service.complete_goal(ctx, goal_id)
    return shown(await service.GOALS.one(ctx, goal_id))


@router.post("/{goal_id}/reopen", response_model=GoalView, **WRITE)
async def reopen_goal(ctx: Ctx, goal_id: UUID) -> Response:
    await service.reopen_goal(ctx, goal_id)
    return shown(await service.GOALS.one(ctx, goal_id))


@router.post("/{goal_id}/archive", response_model=GoalView, **WRITE)
async def archive_goal(ctx: Ctx, goal_id: UUID) -> Response:
    await service.archive_goal(ctx, goal_id)
    return shown(await service.GOALS.one(ctx, goal_id))


@router.post("/{goal_id}/unarchive", response_model=GoalView, **WRITE)
async def unarchive_goal(ctx: Ctx, goal_id: UUID) -> Response:
    await service.unarchive_goal(ctx, goal_id)
    return shown(await service.GOALS.one(ctx, goal_id))


@router.post("/{goal_id}/restore", response_model=GoalView, **WRITE)
async def restore_goal(ctx: Ctx, goal_id: UUID) -> Response:
    await service.restore_goal(ctx, goal_id)
    return shown(await service.GOALS.one(ctx, goal_id))


@router.get("/{goal_id}/progress", response_model=ProgressView, **READ)
async def explain_goal(ctx: Ctx, goal_id: UUID) -> Response:
    return as_json(await service.explain_goal(ctx, goal_id))
