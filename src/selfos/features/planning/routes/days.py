"""Today and the trash over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from selfos.features.planning import service
from selfos.features.planning.schemas.inputs import TodayQuery
from selfos.features.planning.schemas.views import TodayView, TrashList
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json

READ = allow(Permission.TASK_READ)
router = Router(tags=["today"])


@router.get("/today", response_model=TodayView, **READ)
async def show_today(ctx: Ctx, query: Annotated[TodayQuery, Query()]) -> Response:
    return as_json(await service.show_today(ctx, query.date))


@router.get("/trash", response_model=TrashList, **READ)
async def list_trash(ctx: Ctx) -> Response:
    return as_json(await service.list_trash(ctx))
