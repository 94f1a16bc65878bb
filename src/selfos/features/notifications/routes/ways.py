"""How and when I am told, over HTTP: preferences, devices, the log, the ways out of mail."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Response

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.digests import DigestInput, DigestKind, DigestView
from selfos.features.notifications.schemas.inbox import (
    BounceInput,
    DeliveryPage,
    DeviceCreate,
    DeviceList,
    DeviceView,
    NotificationPreferencesUpdate,
    NotificationPreferencesView,
    PhoneCreate,
    PushKeyView,
    TestInput,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Access, Core, Ctx, Router, allow, as_json, nothing

router = Router(prefix="/notifications", tags=["notifications"])
READ, WRITE = allow(Permission.NOTIFICATION_READ), allow(Permission.NOTIFICATION_WRITE)
ANYBODY = allow(Access.PUBLIC)
LONGEST_TOKEN, LONGEST_SECRET = 600, 500


@router.get("/preferences", response_model=NotificationPreferencesView, **READ)
async def get_notification_preferences(ctx: Ctx) -> NotificationPreferencesView:
    """Show what I am told here, how and when."""
    return await notifications.get_preferences(ctx)


@router.patch("/preferences", response_model=NotificationPreferencesView, **WRITE)
async def update_notification_preferences(
    ctx: Ctx, body: NotificationPreferencesUpdate
) -> NotificationPreferencesView:
    """Choose what I am told here, how and when."""
    return await notifications.update_preferences(ctx, body)


@router.post("/preferences/resume-mail", response_model=NotificationPreferencesView, **WRITE)
async def resume_notification_mail(ctx: Ctx) -> NotificationPreferencesView:
    """Mail me again, though mail to my address had come back."""
    return await notifications.resume_mail(ctx)


@router.get("/deliveries", response_model=DeliveryPage, **READ)
async def list_deliveries(ctx: Ctx, query: Annotated[PageQuery, Query()]) -> Response:
    """List what left for me by mail or push, and what became of it."""
    return as_json(await notifications.list_deliveries(ctx, query))


@router.post("/test", status_code=204, **WRITE)
async def send_test_notification(ctx: Ctx, body: TestInput, core: Core) -> Response:
    """Send me a test by one way."""
    await notifications.send_test(ctx, body.channel, core.settings.name)
    return nothing()


@router.get("/digests", response_model=DigestView, **READ)
async def preview_digest(ctx: Ctx, kind: Annotated[DigestKind, Query()]) -> DigestView:
    """Show what a digest would say now."""
    return await notifications.preview_digest(ctx, kind)


@router.post("/digests", status_code=204, **WRITE)
async def send_digest(ctx: Ctx, body: DigestInput) -> Response:
    """Send me a digest or a report now, by the ways I want it and to my inbox."""
    await notifications.send_digest(ctx, body.kind)
    return nothing()


@router.get("/push-key", response_model=PushKeyView, **READ)
async def get_push_key(ctx: Ctx, core: Core) -> PushKeyView:  # noqa: ARG001 - admits the caller
    """Show the key that a browser subscribes to pushes with."""
    return notifications.push_key(core)


@router.get("/devices", response_model=DeviceList, **READ)
async def list_devices(ctx: Ctx) -> DeviceList:
    """List my devices that take pushes."""
    return await notifications.list_devices(ctx)


@router.post("/devices", status_code=201, response_model=DeviceView, **WRITE)
async def add_device(ctx: Ctx, body: DeviceCreate) -> DeviceView:
    """Push to this browser from now on."""
    return await notifications.add_device(ctx, body)


@router.post("/devices/phones", status_code=201, response_model=DeviceView, **WRITE)
async def add_phone(ctx: Ctx, body: PhoneCreate, core: Core) -> DeviceView:
    """Push to this app on a phone from now on."""
    return await notifications.add_phone(ctx, core, body)


@router.delete("/devices/{device_id}", status_code=204, **WRITE)
async def remove_device(ctx: Ctx, device_id: UUID) -> Response:
    """Push to a device of mine no longer."""
    await notifications.remove_device(ctx, device_id)
    return nothing()


@router.post("/unsubscribe", status_code=204, **ANYBODY)
async def unsubscribe(
    core: Core, token: Annotated[str, Query(max_length=LONGEST_TOKEN)]
) -> Response:
    """Mail nothing more of one kind to whom this token was mailed (RFC 8058, one click)."""
    await notifications.unsubscribe(core, token)
    return nothing()


@router.post("/bounces", status_code=204, **ANYBODY)
async def report_bounce(
    core: Core,
    body: BounceInput,
    secret: Annotated[
        str | None, Header(alias="SelfOS-Bounce-Secret", max_length=LONGEST_SECRET)
    ] = None,
) -> Response:
    """Report that mail to an address came back, as the operator's mail provider."""
    await notifications.take_bounce(core, secret, body.address, body.reason)
    return nothing()
