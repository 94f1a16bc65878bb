"""Quick-add over HTTP."""

from __future__ import annotations

from fastapi import Response

from selfos.features.capture import service
from selfos.features.capture.schemas import AddedView, ParsedView, QuickAdd, QuickText
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json

router = Router(prefix="/quick-add", tags=["quick-add"])


@router.post("/parse", response_model=ParsedView, **allow(Permission.TASK_READ))
async def parse_quick_text(ctx: Ctx, body: QuickText) -> Response:
    """Say what a line means, without adding anything."""
    return as_json(await service.show(ctx, body))


@router.post("", status_code=201, response_model=AddedView, **allow(Permission.TASK_WRITE))
async def quick_add(ctx: Ctx, body: QuickAdd) -> Response:
    """Add what a line says."""
    return as_json(await service.add(ctx, body), 201)
