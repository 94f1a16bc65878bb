"""Who answers, what it cost, what was asked, how private it is, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.ai import service as ai
from selfos.features.ai.schemas.accounts import (
    AiStatusView,
    BudgetsView,
    CallPage,
    CallQuery,
    CallWithPrompt,
    LimitsUpdate,
    ModelName,
    PriceList,
    PriceUpdate,
    PriceView,
    PrivacyUpdate,
    PrivacyView,
    UsageQuery,
    UsageView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Access, Caller, Core, Ctx, Router, allow, as_json, nothing

router = Router(prefix="/ai", tags=["ai"])


@router.get("/status", **allow(Permission.AI_READ))
async def show_ai_status(ctx: Ctx, kernel: Core) -> AiStatusView:
    """Show who can answer here and in which order; rules answer after all of them."""
    return await ai.show_status(ctx, kernel)


@router.get("/usage", **allow(Permission.AI_READ))
async def show_ai_usage(ctx: Ctx, query: Annotated[UsageQuery, Query()]) -> UsageView:
    """Add up what was used, by day, task or model."""
    return await ai.show_usage(ctx, query)


@router.get("/calls", response_model=CallPage, **allow(Permission.AI_READ))
async def list_ai_calls(ctx: Ctx, query: Annotated[CallQuery, Query()]) -> Response:
    """List my calls, failed ones too, newest first."""
    return as_json(await ai.list_calls(ctx, query))


@router.get("/calls/{call_id}", response_model=CallWithPrompt, **allow(Permission.AI_READ))
async def get_ai_call(ctx: Ctx, call_id: UUID) -> Response:
    """Show one of my calls, with the very words that left."""
    return as_json(await ai.get_call(ctx, call_id))


@router.get("/budgets", **allow(Permission.AI_READ))
async def show_ai_budgets(ctx: Ctx, kernel: Core) -> BudgetsView:
    """Show the budgets a call of mine runs on, and how much of them is gone."""
    return await ai.show_budgets(ctx, kernel)


@router.patch("/budgets", **allow(Permission.AI_MANAGE))
async def update_ai_budgets(ctx: Ctx, kernel: Core, body: LimitsUpdate) -> BudgetsView:
    """Set what this workspace allows itself, within the operator's limits."""
    await ai.update_limits(ctx, body)
    return await ai.show_budgets(ctx, kernel)


@router.get("/privacy", **allow(Permission.AI_READ))
async def show_ai_privacy(ctx: Ctx) -> PrivacyView:
    """Show how far words may travel, of the workspace and of single areas."""
    return await ai.get_privacy(ctx)


@router.patch("/privacy", **allow(Permission.AI_MANAGE))
async def update_ai_privacy(ctx: Ctx, body: PrivacyUpdate) -> PrivacyView:
    """Turn dials; the strictest of the workspace's and the areas' holds."""
    return await ai.set_privacy(ctx, body)


@router.get("/prices", **allow(Permission.AI_READ))
async def list_ai_prices(ctx: Ctx, kernel: Core) -> PriceList:
    """List the prices the operator has set, which count before any list."""
    return await ai.list_prices(ctx, kernel)


@router.put("/prices", **allow(Access.SELF, apart=True))
async def set_ai_price(caller: Caller, kernel: Core, body: PriceUpdate) -> PriceView:
    """Set what a model's tokens cost; for the operator alone."""
    return await ai.set_price(kernel, caller, body)


@router.delete("/prices", status_code=204, **allow(Access.SELF, apart=True))
async def delete_ai_price(
    caller: Caller, kernel: Core, query: Annotated[ModelName, Query()]
) -> Response:
    """Go back to the price in the settings or the built-in list; for the operator alone."""
    await ai.delete_price(kernel, caller, query)
    return nothing()
