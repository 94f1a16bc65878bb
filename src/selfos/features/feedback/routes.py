"""Feedback over HTTP: everybody's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.feedback import service as feedback
from selfos.features.feedback.schemas import (
    ConsentUpdate,
    ConsentView,
    FeedbackAdded,
    FeedbackBulk,
    FeedbackCreate,
    FeedbackPage,
    FeedbackQuery,
    FeedbackStats,
    FeedbackView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/feedback", tags=["feedback"])
READ, WRITE = allow(Permission.FEEDBACK_READ), allow(Permission.FEEDBACK_WRITE)


@router.get("", response_model=FeedbackPage, **READ)
async def list_feedback(ctx: Ctx, query: Annotated[FeedbackQuery, Query()]) -> Response:
    """List what I have said of what was made for me, newest first."""
    return as_json(await feedback.list_feedback(ctx, query))


@router.post("", status_code=201, response_model=FeedbackView, **WRITE)
async def give_feedback(ctx: Ctx, body: FeedbackCreate) -> Response:
    """Say what I think of one generation."""
    (feedback_id,) = await feedback.give(ctx, [body])
    return shown(await feedback.FEEDBACK.one(ctx, feedback_id), 201)


@router.post("/bulk", status_code=201, response_model=FeedbackAdded, **WRITE)
async def give_feedback_in_bulk(ctx: Ctx, body: FeedbackBulk) -> FeedbackAdded:
    """Say several things at once, all or none."""
    return FeedbackAdded(ids=await feedback.give(ctx, body.items))


@router.get("/stats", response_model=FeedbackStats, **READ)
async def show_feedback_stats(ctx: Ctx) -> FeedbackStats:
    """Show what I have said so far, by kind."""
    return await feedback.stats(ctx)


@router.get("/consent", response_model=ConsentView, **READ)
async def get_feedback_consent(ctx: Ctx) -> ConsentView:
    """Show whether what I say may be learnt from."""
    return await feedback.consent_of(ctx)


@router.patch("/consent", response_model=ConsentView, **WRITE)
async def update_feedback_consent(ctx: Ctx, body: ConsentUpdate) -> ConsentView:
    """Let what I say be learnt from, or no longer."""
    return await feedback.set_consent(ctx, consent=body.consent)


@router.delete("/{feedback_id}", status_code=204, **WRITE)
async def take_feedback_back(ctx: Ctx, feedback_id: UUID) -> Response:
    """Erase something I have said, for good."""
    await feedback.take_back(ctx, feedback_id)
    return nothing()
