"""Areas over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import AreaCreate, AreaQuery, AreaUpdate, Reorder
from selfos.features.planning.schemas.views import AreaPage, AreaSummary, AreaView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.AREA_READ), allow(Permission.AREA_WRITE)
router = Router(prefix="/areas", tags=["areas"])


@router.get("", response_model=AreaPage, **READ)
async def list_areas(ctx: Ctx, query: Annotated[AreaQuery, Query()]) -> Response:
    return as_json(await service.list_areas(ctx, query))


@router.post("", status_code=201, response_model=AreaView, **WRITE)
async def create_area(ctx: Ctx, body: AreaCreate) -> Response:
    area = await service.create_area(ctx, body)
    return shown(await service.AREAS.one(ctx, area.id), 201)


@router.get("/{area_id}", response_model=AreaView, **READ)
async def get_area(ctx: Ctx, area_id: UUID) -> Response:
    return shown(await service.get_area(ctx, area_id))


@router.patch("/{area_id}", response_model=AreaView, **WRITE)
async def update_area(ctx: Ctx, area_id: UUID, body: AreaUpdate) -> Response:
    await service.update_area(ctx, area_id, body)
    return shown(await service.AREAS.one(ctx, area_id))


@router.delete("/{area_id}", status_code=204, **WRITE)
async def delete_area(ctx: Ctx, area_id: UUID) -> Response:
    await service.delete_area(ctx, area_id)
    return nothing()


@router.get("/{area_id}/summary", response_model=AreaSummary, **READ)
async def summarize_area(ctx: Ctx, area_id: UUID) -> Response:
    return shown(await service.summarize_area(ctx, area_id))


@router.post("/{area_id}/move", response_model=AreaView, **WRITE)
async def move_area(ctx: Ctx, area_id: UUID, body: Reorder) -> Response:
    await service.move_area(ctx, area_id, body)
    return shown(await service.AREAS.one(ctx, area_id))


@router.post("/{area_id}/archive", response_model=AreaView, **WRITE)
async def archive_area(ctx: Ctx, area_id: UUID) -> Response:
    await service.archive_area(ctx, area_id)
    return shown(await service.AREAS.one(ctx, area_id))


@router.post("/{area_id}/unarchive", response_model=AreaView, **WRITE)
async def unarchive_area(ctx: Ctx, area_id: UUID) -> Response:
    await service.unarchive_area(ctx, area_id)
    return shown(await service.AREAS.one(ctx, area_id))


@router.post("/{area_id}/restore", response_model=AreaView, **WRITE)
async def restore_area(ctx: Ctx, area_id: UUID) -> Response:
    await service.restore_area(ctx, area_id)
    return shown(await service.AREAS.one(ctx, area_id))
