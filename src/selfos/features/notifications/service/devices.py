"""Browsers and devices that take pushes."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.notifications.adapters.web_push import public_key
from selfos.features.notifications.models import PushSubscription
from selfos.features.notifications.schemas.inbox import (
    DeviceCreate,
    DeviceList,
    DeviceView,
    PhoneCreate,
    PushKeyView,
)
from selfos.features.notifications.schemas.words import DeviceKind
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

MOST_DEVICES, APPLE_TOKEN = 20, re.compile(r"[0-9a-fA-F]{64,200}")


def push_key(kernel: Kernel) -> PushKeyView:
    """Return the key that browsers subscribe with, the same for everybody here."""
    return PushKeyView(key=public_key(kernel.keys))


async def list_devices(ctx: Context) -> DeviceList:
    """Return the acting person's devices that take pushes, oldest first."""
    ctx.require(Permission.NOTIFICATION_READ)
    found = await ctx.session.scalars(
        select(PushSubscription).order_by(PushSubscription.created_at, PushSubscription.id)
    )
    return DeviceList(items=[DeviceView.model_validate(each) for each in found])


async def add_device(ctx: Context, new: DeviceCreate) -> DeviceView:
    """Push to this browser from now on; subscribing again replaces what it said before.

    A subscription that is somebody else's stays theirs: whoever shares a browser with them
    subscribes anew, which ends the old one.
    """
    ctx.require(Permission.NOTIFICATION_WRITE)
    keys: dict[str, str] = {"p256dh": new.keys.p256dh, "auth": new.keys.auth}
    return await _add(ctx, new.name, DeviceKind.WEB, new.endpoint, keys)


async def add_phone(ctx: Context, kernel: Kernel, new: PhoneCreate) -> DeviceView:
    """Push to this app from now on; otherwise as `add_device`."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    way = kernel.settings.notification_settings
    key = way.fcm_service_account if new.kind is DeviceKind.FCM else way.apns_key
    if key is None:
        raise Conflict("Whoever runs this instance has not set up pushes to such apps.")
    if new.kind is DeviceKind.APNS and not APPLE_TOKEN.fullmatch(new.token):
        raise invalid("/token", "Apple's device tokens are written in hex.")
    return await _add(ctx, new.name, new.kind, new.token, {"p256dh": "", "auth": ""})


async def _add(
    ctx: Context, name: str, kind: DeviceKind, endpoint: str, keys: dict[str, str]
) -> DeviceView:
    await ctx.session.execute(delete(PushSubscription).where(PushSubscription.endpoint == endpoint))
    if len((await list_devices(ctx)).items) >= MOST_DEVICES:
        raise Conflict(f"{MOST_DEVICES} devices take pushes already; take one off the list.")
    values: dict[str, Any] = {
        "id": new_id(),
        "user_id": ctx.user_id,
        "name": name,
        "kind": kind,
        "endpoint": endpoint,
        **keys,
        "created_at": ctx.now,
        "last_sent_at": None,
    }
    added = insert(PushSubscription).values(**values).on_conflict_do_nothing()
    device = await ctx.session.scalar(added.returning(PushSubscription))
    if device is None:
        raise Conflict("This device is subscribed for somebody else; subscribe anew.")
    return DeviceView.model_validate(device)


async def remove_device(ctx: Context, device_id: UUID) -> None:
    """Push to this device no longer."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    await ctx.session.delete(await rows.get(ctx, PushSubscription, device_id))
