"""The built-in coach over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from selfos.features.ai import service as ai
from selfos.features.ai.schemas.proposals import ProposalView
from selfos.features.assistant import service as assistant
from selfos.features.assistant.schemas.nudges import (
    NudgeCalmUpdate,
    NudgeCalmView,
    NudgeDismiss,
    NudgeList,
    NudgePage,
    NudgeView,
    TodaysNudge,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Core, Ctx, Router, allow, as_json, shown

READ, WRITE = allow(Permission.ASSISTANT_READ), allow(Permission.ASSISTANT_WRITE)
router = Router(tags=["assistant"])


@router.get("/nudges", response_model=NudgePage, **READ)
async def list_nudges(ctx: Ctx, query: Annotated[PageQuery, Query()]) -> Response:
    """List what the built-in coach has said, why, and what became of it; newest first."""
    return as_json(await assistant.list_nudges(ctx, query))


@router.get("/nudges/calm", response_model=NudgeCalmView, **READ)
async def show_calm(ctx: Ctx) -> NudgeCalmView:
    """Show how much the coach may say, which kinds rest until when, and why."""
    return await assistant.show_calm(ctx)


@router.patch("/nudges/calm", response_model=NudgeCalmView, **WRITE)
async def update_calm(ctx: Ctx, body: NudgeCalmUpdate) -> NudgeCalmView:
    """Choose how many nudges there may be a day, none to three."""
    return await assistant.update_calm(ctx, body)


@router.post("/nudges/kinds/{kind}/hear", response_model=NudgeCalmView, **WRITE)
async def hear_again(ctx: Ctx, kind: Annotated[str, Path(max_length=40)]) -> NudgeCalmView:
    """Let a kind that rests be heard again."""
    return await assistant.hear_again(ctx, kind)


@router.post("/nudges", response_model=NudgeList, **WRITE)
async def look_for_nudges(ctx: Ctx) -> Response:
    """Let the built-in coach look at today: at most three things, each with its numbers."""
    return as_json(await assistant.look_for_nudges(ctx))


@router.post("/nudges/today", response_model=TodaysNudge, **WRITE)
async def look_for_todays_nudge(ctx: Ctx) -> Response:
    """Let the built-in coach say at most one thing on Today, once a day."""
    return as_json(await assistant.look_for_todays_nudge(ctx))


@router.post("/nudges/{nudge_id}/dismiss", response_model=NudgeView, **WRITE)
async def dismiss_nudge(ctx: Ctx, nudge_id: UUID, body: NudgeDismiss | None = None) -> Response:
    """Hear less: of this one, not for some days, or of its kind."""
    await assistant.dismiss_nudge(ctx, nudge_id, body or NudgeDismiss())
    return shown(await assistant.NUDGES.one(ctx, nudge_id))


@router.post("/nudges/{nudge_id}/accept", response_model=NudgeView, **WRITE)
async def accept_nudge(ctx: Ctx, nudge_id: UUID) -> Response:
    """Say yes to what a nudge says or opens; nothing else changes."""
    await assistant.accept_nudge(ctx, nudge_id)
    return shown(await assistant.NUDGES.one(ctx, nudge_id))


@router.post("/nudges/{nudge_id}/propose", status_code=201, response_model=ProposalView, **WRITE)
async def take_nudge(ctx: Ctx, kernel: Core, nudge_id: UUID) -> Response:
    """Turn what a nudge offers into a proposal; nothing else changes."""
    proposal_id = await assistant.take_nudge(ctx, kernel.tools, nudge_id)
    return shown(await ai.PROPOSALS.one(ctx, proposal_id), 201)
