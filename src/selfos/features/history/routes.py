"""History and undo over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from selfos.features.history import service as history
from selfos.features.history.schemas import (
    ChangesetDetail,
    ChangesetPage,
    HistoryQuery,
    UndoRequest,
    UndoResult,
)
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, shown

router = Router(tags=["history"])


@router.get("/history", response_model=ChangesetPage, **allow(Permission.HISTORY_READ))
async def list_history(ctx: Ctx, query: Annotated[HistoryQuery, Query()]) -> Response:
    """List what happened, newest first."""
    return as_json(await history.list_history(ctx, query))


@router.get(
    "/history/{changeset_id}", response_model=ChangesetDetail, **allow(Permission.HISTORY_READ)
)
async def get_changeset(ctx: Ctx, changeset_id: UUID) -> Response:
    """Show one changeset with before and after of every row."""
    return shown(await history.get_changeset(ctx, changeset_id))


@router.post("/history/{changeset_id}/undo", **allow(Permission.HISTORY_UNDO))
async def undo_changeset(ctx: Ctx, changeset_id: UUID, body: UndoRequest) -> UndoResult:
    """Take a changeset back; 409 lists fields that changed since."""
    return _result(ctx, await history.undo_changeset(ctx, changeset_id, partial=body.partial))


@router.post("/history/{changeset_id}/redo", **allow(Permission.HISTORY_UNDO))
async def redo_changeset(ctx: Ctx, changeset_id: UUID) -> UndoResult:
    """Bring an undone changeset back."""
    return _result(ctx, await history.redo_changeset(ctx, changeset_id))


@router.post("/undo", **allow(Permission.HISTORY_UNDO))
async def undo_last(ctx: Ctx) -> UndoResult:
    """Take back my newest change."""
    return _result(ctx, await history.undo_last(ctx))


@router.post("/redo", **allow(Permission.HISTORY_UNDO))
async def redo_last(ctx: Ctx) -> UndoResult:
    """Bring back what I undid last."""
    return _result(ctx, await history.redo_last(ctx))


def _result(ctx: Context, conflicts: list[dict[str, Any]]) -> UndoResult:
    return UndoResult.model_validate({"changeset_id": ctx.draft.id, "conflicts": conflicts})
