"""Chats and other services over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.destinations import (
    DestinationCreate,
    DestinationList,
    DestinationUpdate,
    DestinationView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Core, Ctx, Router, allow, nothing

router = Router(prefix="/notifications/destinations", tags=["notifications"])
READ, WRITE = allow(Permission.NOTIFICATION_READ), allow(Permission.NOTIFICATION_WRITE)


@router.get("", response_model=DestinationList, **READ)
async def list_destinations(ctx: Ctx) -> DestinationList:
    """List the chats and other services that tell me."""
    return await notifications.list_destinations(ctx)


@router.post("", status_code=201, response_model=DestinationView, **WRITE)
async def add_destination(ctx: Ctx, body: DestinationCreate, core: Core) -> DestinationView:
    """Tell me through a chat or another service as well."""
    return await notifications.add_destination(ctx, core, body)


@router.patch("/{destination_id}", response_model=DestinationView, **WRITE)
async def update_destination(
    ctx: Ctx, destination_id: UUID, body: DestinationUpdate
) -> DestinationView:
    """Choose what this service is told, or call it otherwise."""
    return await notifications.update_destination(ctx, destination_id, body)


@router.delete("/{destination_id}", status_code=204, **WRITE)
async def remove_destination(ctx: Ctx, destination_id: UUID) -> Response:
    """Tell me through this service no longer."""
    await notifications.remove_destination(ctx, destination_id)
    return nothing()


@router.post("/{destination_id}/test", status_code=204, **WRITE)
async def try_destination(ctx: Ctx, destination_id: UUID, core: Core) -> Response:
    """Send me a test through this service alone."""
    await notifications.try_destination(ctx, destination_id, core.settings.name)
    return nothing()
