"""What goals are measured by, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.measuring import (
    DataPointCreate,
    DataPointPage,
    DataPointUpdate,
    DataPointView,
    GoalReviewView,
    PathEdit,
    PathView,
    ReviewCreate,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.GOAL_READ), allow(Permission.GOAL_WRITE)
router = Router(prefix="/goals/{goal_id}", tags=["goals"])


@router.get("/data-points", response_model=DataPointPage, **READ)
async def list_data_points(
    ctx: Ctx, goal_id: UUID, query: Annotated[PageQuery, Query()]
) -> Response:
    return as_json(await service.list_data_points(ctx, goal_id, query))


@router.post("/data-points", status_code=201, response_model=DataPointView, **WRITE)
async def create_data_point(ctx: Ctx, goal_id: UUID, body: DataPointCreate) -> Response:
    point = await service.create_data_point(ctx, goal_id, body)
    return shown(await service.DATA_POINTS.one(ctx, point.id), 201)


@router.patch("/data-points/{data_point_id}", response_model=DataPointView, **WRITE)
async def update_data_point(
    ctx: Ctx, goal_id: UUID, data_point_id: UUID, body: DataPointUpdate
) -> Response:
    await service.update_data_point(ctx, goal_id, data_point_id, body)
    return shown(await service.DATA_POINTS.one(ctx, data_point_id))


@router.delete("/data-points/{data_point_id}", status_code=204, **WRITE)
async def delete_data_point(ctx: Ctx, goal_id: UUID, data_point_id: UUID) -> Response:
    await service.remove_data_point(ctx, goal_id, data_point_id)
    return nothing()


@router.get("/path", response_model=PathView, **READ)
async def show_path(ctx: Ctx, goal_id: UUID) -> Response:
    return as_json(await service.show_path(ctx, goal_id))


@router.post("/path", response_model=PathView, **WRITE)
async def change_path(ctx: Ctx, goal_id: UUID, body: PathEdit) -> Response:
    await service.change_path(ctx, goal_id, body)
    return as_json(await service.show_path(ctx, goal_id))


@router.post("/review", status_code=201, response_model=GoalReviewView, **WRITE)
async def review_goal(ctx: Ctx, goal_id: UUID, body: ReviewCreate) -> Response:
    review = await service.review_goal(ctx, goal_id, body)
    return shown(await service.REVIEWS.one(ctx, review.id), 201)
