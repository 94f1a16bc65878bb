"""Check-ins over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.habits import service
from selfos.features.habits.schemas.inputs import (
    CheckInCreate,
    CheckInQuery,
    CheckInUpdate,
    SkipCreate,
)
from selfos.features.habits.schemas.views import CheckInPage, CheckInView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.HABIT_READ), allow(Permission.HABIT_WRITE)
router = Router(prefix="/habits/{habit_id}", tags=["habits"])


@router.get("/check-ins", response_model=CheckInPage, **READ)
async def list_check_ins(
    ctx: Ctx, habit_id: UUID, query: Annotated[CheckInQuery, Query()]
) -> Response:
    return as_json(await service.list_check_ins(ctx, habit_id, query))


@router.post("/check-ins", status_code=201, response_model=CheckInView, **WRITE)
async def check_habit(ctx: Ctx, habit_id: UUID, body: CheckInCreate) -> Response:
    """Record something done; the amounts of one day add up."""
    check_in = await service.check_habit(ctx, habit_id, body)
    return shown(await service.CHECK_INS.one(ctx, check_in.id), 201)


@router.post("/skip", status_code=201, response_model=CheckInView, **WRITE)
async def skip_habit(ctx: Ctx, habit_id: UUID, body: SkipCreate) -> Response:
    """Leave a day out for a reason; it neither extends nor breaks a streak."""
    check_in = await service.skip_habit(ctx, habit_id, body)
    return shown(await service.CHECK_INS.one(ctx, check_in.id), 201)


@router.patch("/check-ins/{check_in_id}", response_model=CheckInView, **WRITE)
async def update_check_in(
    ctx: Ctx, habit_id: UUID, check_in_id: UUID, body: CheckInUpdate
) -> Response:
    await service.update_check_in(ctx, habit_id, check_in_id, body)
    return shown(await service.CHECK_INS.one(ctx, check_in_id))


@router.delete("/check-ins/{check_in_id}", status_code=204, **WRITE)
async def uncheck_habit(ctx: Ctx, habit_id: UUID, check_in_id: UUID) -> Response:
    await service.uncheck_habit(ctx, habit_id, check_in_id)
    return nothing()
