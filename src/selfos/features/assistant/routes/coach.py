"""The built-in coach over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from selfos.features.ai import service as ai
from selfos.features.ai.schemas.proposals import ProposalView
from selfos.features.assistant import service as assistant
from selfos.features.assistant.schemas.nudges import NudgeDismiss, NudgeList, NudgeView, TodaysNudge
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Core, Ctx, Router, allow, as_json, shown

WRITE = allow(Permission.ASSISTANT_WRITE)
router = Router(tags=["assistant"])


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
    """Hear less: of this one, not today, or of its kind."""
    await assistant.dismiss_nudge(ctx, nudge_id, (body or NudgeDismiss()).less)
    return shown(await assistant.NUDGES.one(ctx, nudge_id))


@router.post("/nudges/{nudge_id}/propose", status_code=201, response_model=ProposalView, **WRITE)
async def take_nudge(ctx: Ctx, kernel: Core, nudge_id: UUID) -> Response:
    """Turn what a nudge offers into a proposal; nothing else changes."""
    proposal_id = await assistant.take_nudge(ctx, kernel.tools, nudge_id)
    return shown(await ai.PROPOSALS.one(ctx, proposal_id), 201)
