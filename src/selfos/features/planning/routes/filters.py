"""Filters over HTTP."""

from __future__ import annotations

from selfos.features.planning import service
from selfos.features.planning.schemas.filters import FilterCheck, FilterCheckView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow

router = Router(prefix="/filters", tags=["filters"])


@router.post("/check", **allow(Permission.TASK_READ))
async def check_filter(ctx: Ctx, body: FilterCheck) -> FilterCheckView:
    return await service.check_filter(ctx, body)
