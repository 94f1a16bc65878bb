"""Filters over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning.schemas.inputs import Reorder
from selfos.features.search import service
from selfos.features.search.schemas.filters import (
    FilterCheck,
    FilterCheckView,
    FilterCreate,
    FilterPage,
    FilterPreview,
    FilterSections,
    FilterUpdate,
    FilterView,
    SectionQuery,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.TASK_READ), allow(Permission.TASK_WRITE)
router = Router(prefix="/filters", tags=["filters"])


@router.get("", response_model=FilterPage, **READ)
async def list_filters(ctx: Ctx, query: Annotated[PageQuery, Query()]) -> Response:
    """List saved filters in manual order."""
    return as_json(await service.list_filters(ctx, query))


@router.post("", status_code=201, response_model=FilterView, **WRITE)
async def create_filter(ctx: Ctx, body: FilterCreate) -> Response:
    """Keep a filter under a name."""
    saved = await service.create_filter(ctx, body)
    return shown(await service.FILTERS.one(ctx, saved.id), 201)


@router.post("/check", **READ)
async def check_filter(ctx: Ctx, body: FilterCheck) -> FilterCheckView:
    """Say what a filter means, or where it is wrong and what was probably meant."""
    return await service.check_filter(ctx, body)


@router.get("/preview", response_model=FilterSections, **READ)
async def preview_filter(ctx: Ctx, query: Annotated[FilterPreview, Query()]) -> Response:
    """Ask a filter without saving it."""
    return as_json(await service.preview_filter(ctx, query))


@router.get("/{filter_id}", response_model=FilterView, **READ)
async def get_filter(ctx: Ctx, filter_id: UUID) -> Response:
    return shown(await service.get_filter(ctx, filter_id))


@router.patch("/{filter_id}", response_model=FilterView, **WRITE)
async def update_filter(ctx: Ctx, filter_id: UUID, body: FilterUpdate) -> Response:
    await service.update_filter(ctx, filter_id, body)
    return shown(await service.FILTERS.one(ctx, filter_id))


@router.delete("/{filter_id}", status_code=204, **WRITE)
async def delete_filter(ctx: Ctx, filter_id: UUID) -> Response:
    await service.delete_filter(ctx, filter_id)
    return nothing()


@router.post("/{filter_id}/move", response_model=FilterView, **WRITE)
async def move_filter(ctx: Ctx, filter_id: UUID, body: Reorder) -> Response:
    """Put a filter behind another one, or first."""
    await service.move_filter(ctx, filter_id, body)
    return shown(await service.FILTERS.one(ctx, filter_id))


@router.get("/{filter_id}/sections", response_model=FilterSections, **READ)
async def show_filter(
    ctx: Ctx, filter_id: UUID, query: Annotated[SectionQuery, Query()]
) -> Response:
    """Ask a saved filter: tasks, and habits where it says so, by section and group."""
    return as_json(await service.show_filter(ctx, filter_id, query))
