"""The outbox: each delivery goes out by its own job, is tried again, and says why not.

A job notes that it is sending, sends with no transaction open, and notes what became of it. One
that dies between is given back and sends again, with the same message id or topic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from selfos.features.focus import service as focus
from selfos.features.identity import service as identity
from selfos.features.notifications.adapters.apns import ApnsOutlet
from selfos.features.notifications.adapters.apprise import AppriseOutlet
from selfos.features.notifications.adapters.channel import (
    GoneError,
    NeverSentError,
    NotSentError,
    Outlet,
    Parcel,
    Part,
)
from selfos.features.notifications.adapters.email import MailOutlet
from selfos.features.notifications.adapters.fcm import FcmOutlet
from selfos.features.notifications.adapters.web_push import WebPushOutlet
from selfos.features.notifications.models import (
    Delivery,
    Destination,
    MailSuppression,
    Notification,
    NotificationPreference,
    PushSubscription,
)
from selfos.features.notifications.schemas.words import (
    SUGGESTED,
    Channel,
    DeliveryStatus,
    DeviceKind,
    NotificationKind,
    NotificationSubject,
)
from selfos.features.notifications.service.destinations import url_of
from selfos.features.notifications.service.enclosing import (
    ReportPage,
    page_to_enclose,
    with_paper,
)
from selfos.features.notifications.service.telling import send_at
from selfos.features.notifications.service.unsubscribing import unsubscribe_link
from selfos.kernel import rows
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind
from selfos.kernel.telemetry import get_logger

# Until it is dead: mail servers are away for hours, a push that is late is worth little.
WAITS: dict[Channel, tuple[int, ...]] = {
    Channel.EMAIL: (30, 120, 600, 3_600, 4 * 3_600, 12 * 3_600),
    Channel.PUSH: (5, 30, 120, 600),
    Channel.CHAT: (10, 60, 300, 1_800),
}
# How much one person is sent within an hour.
PER_HOUR = {Channel.EMAIL: 60, Channel.PUSH: 240, Channel.CHAT: 120}
HOUR = timedelta(hours=1)
# When a timer stops is not known, so what waits for it asks again.
LOOK_AGAIN = timedelta(minutes=5)
# Where that is which a digest speaks of.
PLACES = {
    NotificationKind.MORNING_PLAN: "/today",
    NotificationKind.EVENING_RECORD: "/today",
    NotificationKind.WEEKLY_REVIEW: "/progress",
}
NO_DEVICE, SETTLED = "The device or place is gone.", "It was read before."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Package:
    """What is about to go out, by which way, and the page that it is to bring as a PDF."""

    delivery_id: UUID
    outlet: Outlet
    parcel: Parcel
    page: ReportPage | None


async def deliver(kernel: Kernel, *, workspace_id: str, user_id: str, delivery_id: str) -> None:
    """Send one delivery, if it still is to be sent."""
    place, wanted = (UUID(workspace_id), UUID(user_id)), UUID(delivery_id)
    async with _theirs(kernel, *place) as ctx:
        package = await _pack(kernel, ctx, wanted)
    if package is None:
        return
    failure: NotSentError | None = None
    parcel = package.parcel
    if package.page is not None:
        parcel = await with_paper(parcel, package.page)
    try:
        await package.outlet.send(parcel)
    except NotSentError as error:
        failure = error
    async with _theirs(kernel, *place) as ctx:
        await _note(ctx, wanted, failure)


def _theirs(kernel: Kernel, workspace_id: UUID, user_id: UUID):  # noqa: ANN202 - as the kernel's
    actor = Actor(ActorKind.SYSTEM, user_id)
    return open_context(kernel, workspace_id=workspace_id, actor=actor)


async def _pack(kernel: Kernel, ctx: Context, delivery_id: UUID) -> Package | None:
    """Note that it is being sent and return it; None if it is not to be sent, or not yet."""
    delivery = await ctx.session.scalar(
        select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    )
    if delivery is None or not delivery.status.is_open:
        return None
    notification = await ctx.session.scalar(
        select(Notification).where(Notification.id == delivery.notification_id)
    )
    me = (await identity.reach(ctx, [ctx.user_id])).get(ctx.user_id)
    if notification is None or me is None:
        return None
    if delivery.if_unread and notification.read_at is not None:
        delivery.status, delivery.reason = DeliveryStatus.CANCELLED, SETTLED
        return None
    later = await _not_before(ctx, delivery, notification.kind)
    if later is not None:
        delivery.not_before = later
        send_at(ctx, ctx.workspace_id, ctx.user_id, delivery.id, later)
        return None
    outlet = await _outlet(kernel, ctx, delivery, me)
    if outlet is None:
        delivery.status, delivery.reason = DeliveryStatus.DEAD, NO_DEVICE
        return None
    delivery.status, delivery.attempts = DeliveryStatus.SENDING, delivery.attempts + 1
    page = await page_to_enclose(ctx, delivery, notification, me.locale)
    return Package(delivery.id, outlet, _parcel(kernel, delivery, notification, me), page)


async def _not_before(ctx: Context, delivery: Delivery, kind: NotificationKind) -> datetime | None:
    """Return until when it has to wait: its own time, its person's focus, or their limit."""
    if delivery.not_before > ctx.now:
        return delivery.not_before
    if await _waits_for_focus(ctx, kind):
        return ctx.now + LOOK_AGAIN
    sent = select(func.count(), func.min(Delivery.sent_at)).where(
        Delivery.channel == delivery.channel, Delivery.sent_at > ctx.now - HOUR
    )
    count, oldest = (await ctx.session.execute(sent)).one()
    if oldest is None or count < PER_HOUR[delivery.channel]:
        return None
    return oldest + HOUR


async def _waits_for_focus(ctx: Context, kind: NotificationKind) -> bool:
    """Tell whether it waits until a timer stops: a suggestion does, all else where they chose so.

    What they have just asked for, such as a test, never does.
    """
    if kind is NotificationKind.MESSAGE or not await focus.is_in_focus(ctx):
        return False
    if kind in SUGGESTED:
        return True
    mine = await rows.find(ctx, NotificationPreference, ctx.user_id)
    return mine is not None and mine.hold_in_focus


async def _outlet(
    kernel: Kernel, ctx: Context, delivery: Delivery, me: identity.Reached
) -> Outlet | None:
    if delivery.channel is Channel.EMAIL:
        return MailOutlet(kernel, me.email)
    if delivery.channel is Channel.CHAT:
        place = await ctx.session.scalar(
            select(Destination).where(Destination.id == delivery.target)
        )
        return AppriseOutlet(kernel, url_of(kernel.keys, place)) if place is not None else None
    device = await ctx.session.scalar(
        select(PushSubscription).where(PushSubscription.id == delivery.target)
    )
    if device is None:
        return None
    match device.kind:
        case DeviceKind.FCM:
            return FcmOutlet(kernel, device.endpoint)
        case DeviceKind.APNS:
            return ApnsOutlet(kernel, device.endpoint)
        case DeviceKind.WEB:
            keys = {"p256dh": device.p256dh, "auth": device.auth}
            return WebPushOutlet(kernel, endpoint=device.endpoint, **keys)


def _parcel(
    kernel: Kernel, delivery: Delivery, notification: Notification, me: identity.Reached
) -> Parcel:
    origin = kernel.settings.origin
    place = (notification.workspace_id, notification.user_id)
    return Parcel(
        message_id=f"{delivery.id}",
        notification_id=notification.id,
        kind=notification.kind,
        title=notification.title,
        body=notification.body,
        link=f"{origin}{path_of(notification)}",
        locale=me.locale,
        unsubscribe=unsubscribe_link(kernel, place, notification.kind),
        settings_link=f"{origin}/settings/notifications",
        parts=tuple(
            Part(each["heading"], tuple(each["lines"]))
            for each in notification.data.get("sections", ())
        ),
    )


def path_of(notification: Notification) -> str:
    """Return where in the web app the thing is that this is about."""
    if notification.subject is None or notification.subject_id is None:
        return PLACES.get(notification.kind, "/inbox?tab=notifications")
    if notification.subject is NotificationSubject.TASK:
        return f"/today?task={notification.subject_id}"
    if notification.subject is NotificationSubject.CALENDAR_EVENT:
        return f"/upcoming?event={notification.subject_id}"
    return f"/{notification.subject}s/{notification.subject_id}"


async def _note(ctx: Context, delivery_id: UUID, failure: NotSentError | None) -> None:
    """Note what became of it; what failed is tried again, unless it is over."""
    delivery = await ctx.session.scalar(
        select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    )
    if delivery is None:
        return
    if failure is None:
        delivery.status, delivery.sent_at, delivery.reason = DeliveryStatus.SENT, ctx.now, ""
        await _note_sent(ctx, delivery)
        return
    delivery.reason = str(failure)
    log.warning(
        "notifications.not_sent",
        delivery_id=str(delivery.id),
        channel=delivery.channel,
        attempt=delivery.attempts,
        reason=delivery.reason,
    )
    waits = WAITS[delivery.channel]
    if isinstance(failure, NeverSentError) or delivery.attempts > len(waits):
        delivery.status = DeliveryStatus.DEAD
        if isinstance(failure, GoneError):
            await _forget(ctx, delivery, failure)
        return
    delivery.status = DeliveryStatus.RETRYING
    wait = timedelta(seconds=waits[delivery.attempts - 1])
    delivery.not_before = ctx.now + max(wait, failure.again_in or wait)
    send_at(ctx, ctx.workspace_id, ctx.user_id, delivery.id, delivery.not_before)


async def _note_sent(ctx: Context, delivery: Delivery) -> None:
    for channel, table in ((Channel.PUSH, PushSubscription), (Channel.CHAT, Destination)):
        if delivery.channel is channel:
            await ctx.session.execute(
                update(table).where(table.id == delivery.target).values(last_sent_at=ctx.now)
            )


async def _forget(ctx: Context, delivery: Delivery, failure: GoneError) -> None:
    """Send nothing more to an address that is no more."""
    if delivery.channel is Channel.PUSH:
        gone = delete(PushSubscription).where(PushSubscription.id == delivery.target)
        if failure.since is not None:
            gone = gone.where(PushSubscription.created_at <= failure.since)
        await ctx.session.execute(gone)
    if delivery.channel is not Channel.EMAIL:
        return
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    await suppress(ctx, me.user_id, me.email, str(failure))


async def suppress(ctx: Context, user_id: UUID, address: str, reason: str) -> None:
    """Send no more mail to an address, and say why."""
    await ctx.session.execute(
        insert(MailSuppression)
        .values(id=new_id(), user_id=user_id, address=address, reason=reason, created_at=ctx.now)
        .on_conflict_do_nothing()
    )
