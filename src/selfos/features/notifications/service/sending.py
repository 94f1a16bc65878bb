"""Telling somebody something in one way, because they or a verb of theirs asked for it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from selfos.features.identity import service as identity
from selfos.features.notifications.models import PushSubscription
from selfos.features.notifications.schemas.words import Channel, NotificationKind
from selfos.features.notifications.service.telling import News, tell
from selfos.features.notifications.wording import say
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission


async def send_email_notification(
    ctx: Context, *, title: str, body: str, key: str | None = None
) -> UUID | None:
    """Mail the acting person, whatever they chose and whatever the hour.

    Returns the notification, or None if one with this `key` has been sent before. It goes out once
    this transaction has committed; the delivery log says what became of it.
    """
    return await _send(ctx, Channel.EMAIL, title, body, key)


async def send_push_notification(
    ctx: Context, *, title: str, body: str, key: str | None = None
) -> UUID | None:
    """Push to all devices of the acting person; otherwise as `send_email_notification`."""
    return await _send(ctx, Channel.PUSH, title, body, key)


async def send_test(ctx: Context, channel: Channel, instance: str) -> None:
    """Send the acting person a test, so that they see whether it arrives."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    if channel is Channel.PUSH:
        device = select(PushSubscription.id).limit(1)
        if await ctx.session.scalar(device) is None:
            raise Conflict("No device of yours takes pushes yet; turn them on in one.")
    elif not me.email_verified:
        raise Conflict("Confirm your e-mail address first; the link is in your mail.")
    said = say("test", me.locale, {"instance": instance})
    send = send_push_notification if channel is Channel.PUSH else send_email_notification
    await send(ctx, title=said.title, body=said.body)


async def _send(
    ctx: Context, channel: Channel, title: str, body: str, key: str | None
) -> UUID | None:
    ctx.require(Permission.NOTIFICATION_WRITE)
    fresh = await tell(
        ctx,
        [
            News(
                place=(ctx.workspace_id, ctx.user_id),
                kind=NotificationKind.MESSAGE,
                key=f"message:{key or new_id()}:{channel}",
                planned_at=ctx.now,
                values={"title": title, "body": body},
                channels=frozenset({channel}),
            )
        ],
    )
    return next(iter(fresh), None)
