"""Pauses over HTTP: of one habit, and of everything."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from selfos.features.habits import service
from selfos.features.habits.schemas.inputs import PauseCreate, PauseUpdate
from selfos.features.habits.schemas.views import PauseList, PauseView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.HABIT_READ), allow(Permission.HABIT_WRITE)
router = Router(tags=["habits"])


@router.get("/habits/{habit_id}/pauses", response_model=PauseList, **READ)
async def list_habit_pauses(ctx: Ctx, habit_id: UUID) -> Response:
    return as_json(await service.list_pauses(ctx, habit_id))


@router.post("/habits/{habit_id}/pauses", status_code=201, response_model=PauseView, **WRITE)
async def pause_habit(ctx: Ctx, habit_id: UUID, body: PauseCreate) -> Response:
    pause = await service.create_pause(ctx, body, habit_id)
    return shown(await service.PAUSES.one(ctx, pause.id), 201)


@router.get("/habit-pauses", response_model=PauseList, **READ)
async def list_pauses(ctx: Ctx) -> Response:
    """List all my pauses, of single habits and of everything."""
    return as_json(await service.list_pauses(ctx))


@router.post("/habit-pauses", status_code=201, response_model=PauseView, **WRITE)
async def pause_everything(ctx: Ctx, body: PauseCreate) -> Response:
    pause = await service.create_pause(ctx, body)
    return shown(await service.PAUSES.one(ctx, pause.id), 201)


@router.patch("/habit-pauses/{pause_id}", response_model=PauseView, **WRITE)
async def update_pause(ctx: Ctx, pause_id: UUID, body: PauseUpdate) -> Response:
    await service.update_pause(ctx, pause_id, body)
    return shown(await service.PAUSES.one(ctx, pause_id))


@router.delete("/habit-pauses/{pause_id}", status_code=204, **WRITE)
async def delete_pause(ctx: Ctx, pause_id: UUID) -> Response:
    await service.delete_pause(ctx, pause_id)
    return nothing()
