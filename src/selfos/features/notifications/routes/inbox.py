"""The inbox of notifications over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.inbox import (
    NotificationPage,
    NotificationQuery,
    NotificationView,
    SnoozeInput,
    UnreadView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, shown

router = Router(prefix="/notifications", tags=["notifications"])
READ, WRITE = allow(Permission.NOTIFICATION_READ), allow(Permission.NOTIFICATION_WRITE)


@router.get("", response_model=NotificationPage, **READ)
async def list_notifications(ctx: Ctx, query: Annotated[NotificationQuery, Query()]) -> Response:
    """List what I was told here, newest first."""
    return as_json(await notifications.list_notifications(ctx, query))


@router.get("/unread", response_model=UnreadView, **READ)
async def count_unread_notifications(ctx: Ctx) -> UnreadView:
    """Tell how much I have not read."""
    return await notifications.count_unread(ctx)


@router.post("/read", response_model=UnreadView, **WRITE)
async def read_all_notifications(ctx: Ctx) -> UnreadView:
    """Note that I have read everything."""
    return await notifications.read_all(ctx)


@router.post("/{notification_id}/read", response_model=NotificationView, **WRITE)
async def read_notification(ctx: Ctx, notification_id: UUID) -> Response:
    """Note that I have read one."""
    return shown(await notifications.read_notification(ctx, notification_id))


@router.post("/{notification_id}/snooze", response_model=NotificationView, **WRITE)
async def snooze_notification(ctx: Ctx, notification_id: UUID, body: SnoozeInput) -> Response:
    """Let one rest; it comes back unread."""
    return shown(await notifications.snooze_notification(ctx, notification_id, body.for_))
