"""Quick-add over HTTP."""

from __future__ import annotations

from functools import partial

from fastapi import Request, Response

from selfos.features.capture import service
from selfos.features.capture.schemas import AddedView, AskedView, ParsedView, QuickAdd, QuickText
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import (
    Ctx,
    Router,
    Thinking,
    Thought,
    after_thought,
    allow,
    as_json,
    body_to_think_about,
)

router = Router(prefix="/quick-add", tags=["quick-add"])


@router.post("/parse", response_model=ParsedView, **allow(Permission.TASK_READ))
async def parse_quick_text(ctx: Ctx, body: QuickText) -> Response:
    """Say what a line means, without adding anything."""
    return as_json(await service.show(ctx, body))


async def think_about_line(ctx: Context, request: Request) -> Thinking | None:
    """Have a model write this line anew, if one may; a wrong body is refused later."""
    kernel: Kernel = request.app.state.kernel
    body = await body_to_think_about(request, QuickText)
    if body is None:
        return None
    prepared = await service.prepare_rewriting(ctx, kernel, body)
    if isinstance(prepared, service.Rewriting):
        return partial(_at_once, prepared)
    return partial(service.rewrite, kernel, prepared)


async def _at_once(thought: service.Rewriting) -> service.Rewriting:
    return thought


@router.post("/ask", response_model=AskedView, **allow(Permission.TASK_READ))
@after_thought(think_about_line)
async def ask_about_quick_text(ctx: Ctx, thought: Thought, body: QuickText) -> Response:
    """Have an unclear line written anew by a model, and say what it means; nothing is added."""
    return as_json(await service.show_rewriting(ctx, body, thought))


@router.post("", status_code=201, response_model=AddedView, **allow(Permission.TASK_WRITE))
async def quick_add(ctx: Ctx, body: QuickAdd) -> Response:
    """Add what a line says."""
    return as_json(await service.add(ctx, body), 201)
