"""Sync over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.sync import service
from selfos.features.sync.schemas import (
    ConflictPage,
    ConflictQuery,
    ConflictView,
    SyncAnswer,
    SyncRequest,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import CallerContexts, Ctx, Router, allow, as_json, shown

router = Router(prefix="/sync", tags=["sync"])


@router.post("", response_model=SyncAnswer, **allow(Permission.WORKSPACE_READ, apart=True))
async def sync(contexts: CallerContexts, body: SyncRequest) -> Response:
    """Send what a device has done offline, and receive what has changed.

    Each change is carried out, merged or refused by itself; see the protocol's page.
    """
    return as_json(await service.exchange(contexts, body))


@router.get("/conflicts", response_model=ConflictPage, **allow(Permission.CONFLICT_READ))
async def list_conflicts(ctx: Ctx, query: Annotated[ConflictQuery, Query()]) -> Response:
    """List writes that lost against others, newest first."""
    return as_json(await service.list_conflicts(ctx, query))


@router.post(
    "/conflicts/{conflict_id}/restore",
    response_model=ConflictView,
    **allow(Permission.CONFLICT_WRITE),
)
async def restore_conflict(ctx: Ctx, conflict_id: UUID) -> Response:
    """Write a lost value back, as a change that can be undone."""
    return shown(await service.restore_conflict(ctx, conflict_id))


@router.post(
    "/conflicts/{conflict_id}/dismiss",
    response_model=ConflictView,
    **allow(Permission.CONFLICT_WRITE),
)
async def dismiss_conflict(ctx: Ctx, conflict_id: UUID) -> Response:
    """Leave things as they are and take it off the list."""
    return shown(await service.dismiss_conflict(ctx, conflict_id))
