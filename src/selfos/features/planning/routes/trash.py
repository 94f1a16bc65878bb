"""The trash over HTTP."""

from __future__ import annotations

from fastapi import Response

from selfos.features.planning import service
from selfos.features.planning.schemas.views import TrashList
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json

router = Router(tags=["trash"])


@router.get("/trash", response_model=TrashList, **allow(Permission.TASK_READ))
async def list_trash(ctx: Ctx) -> Response:
    return as_json(await service.list_trash(ctx))
