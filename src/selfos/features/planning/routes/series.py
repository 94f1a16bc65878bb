"""Series and previews over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.repeating import (
    PreviewView,
    RecurrencePreview,
    SeriesPreviewQuery,
    SeriesUpdate,
    SeriesView,
)
from selfos.kernel.documents import assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, shown

READ, WRITE = allow(Permission.TASK_READ), allow(Permission.TASK_WRITE)
router = Router(tags=["repeating"])


@router.get("/series/{series_id}", response_model=SeriesView, **READ)
async def get_series(ctx: Ctx, series_id: UUID) -> Response:
    return shown(await service.get_series(ctx, series_id))


@router.patch("/series/{series_id}", response_model=SeriesView, **WRITE)
async def update_series(ctx: Ctx, series_id: UUID, body: SeriesUpdate) -> Response:
    await service.update_series(ctx, series_id, body)
    return shown(await service.SERIES.one(ctx, series_id))


@router.post("/series/{series_id}/stop", response_model=SeriesView, **WRITE)
async def stop_series(ctx: Ctx, series_id: UUID) -> Response:
    await service.stop_series(ctx, series_id)
    return shown(await service.SERIES.one(ctx, series_id))


@router.get("/series/{series_id}/preview", response_model=PreviewView, **READ)
async def preview_series(
    ctx: Ctx, series_id: UUID, query: Annotated[SeriesPreviewQuery, Query()]
) -> Response:
    return as_json(assemble(await service.preview_series(ctx, series_id, query.n)))


@router.post("/recurrence/preview", response_model=PreviewView, **READ)
async def preview_recurrence(ctx: Ctx, body: RecurrencePreview) -> Response:
    return as_json(assemble(await service.preview_recurrence(ctx, body)))
