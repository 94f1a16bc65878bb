"""The inbox of notifications: reading, reading off, letting rest; and the log of what was sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, select, update
from sqlalchemy.orm import InstrumentedAttribute

from selfos.features.identity import service as identity
from selfos.features.notifications.models import Delivery, Notification
from selfos.features.notifications.moments import tomorrow, tonight
from selfos.features.notifications.schemas.inbox import NotificationQuery, UnreadView
from selfos.features.notifications.schemas.words import AlarmState, Snooze
from selfos.features.notifications.service.arming import put
from selfos.features.notifications.service.freeing import next_slot
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, Order, PageQuery
from selfos.kernel.errors import Conflict
from selfos.kernel.permissions import Permission

SHOWN = (
    *("id", "kind", "subject", "subject_id", "title", "body"),
    *("planned_at", "shown_at", "read_at", "snoozed_until"),
)
NOTIFICATIONS = Documents(
    Notification,
    {
        **{name: getattr(Notification, name) for name in SHOWN},
        "sections": func.coalesce(Notification.data["sections"], literal_column("'[]'::jsonb")),
    },
    version=Notification.round,
)


def _of_its_notification(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """Return a column of what a delivery delivers."""
    same = (
        Notification.workspace_id == Delivery.workspace_id,
        Notification.id == Delivery.notification_id,
    )
    return select(column).where(*same).correlate(Delivery).scalar_subquery()


DELIVERIES = Documents(
    Delivery,
    {
        "id": Delivery.id,
        "notification_id": Delivery.notification_id,
        "title": _of_its_notification(Notification.title),
        "kind": _of_its_notification(Notification.kind),
        "template_version": _of_its_notification(Notification.template_version),
        **{
            name: getattr(Delivery, name)
            for name in "channel status attempts not_before reason created_at sent_at".split()
        },
    },
    version=Delivery.attempts,
)


async def list_notifications(ctx: Context, query: NotificationQuery) -> Json:
    """Return one page of what the acting person was told here, newest first."""
    ctx.require(Permission.NOTIFICATION_READ)
    conditions: list[ColumnElement[bool]] = [Notification.listed.is_(True)]
    if query.unread:
        conditions += [Notification.read_at.is_(None), Notification.snoozed_until.is_(None)]
    order = Order((Notification.shown_at,), descending=True)
    return await NOTIFICATIONS.page(ctx, query, *conditions, order=order)


async def count_unread(ctx: Context) -> UnreadView:
    """Tell how much is unread."""
    ctx.require(Permission.NOTIFICATION_READ)
    unread = select(func.count(Notification.id)).where(*_unread())
    return UnreadView(unread=await ctx.session.scalar(unread) or 0)


async def read_notification(ctx: Context, notification_id: UUID) -> Document:
    """Note that one has been read."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    notification = await rows.get(ctx, Notification, notification_id, lock=True)
    notification.read_at = notification.read_at or ctx.now
    ctx.tell(ctx.user_id)
    return await NOTIFICATIONS.one(ctx, notification.id)


async def read_all(ctx: Context) -> UnreadView:
    """Note that everything has been read."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    await ctx.session.execute(
        update(Notification)
        .where(*_unread())
        .values(read_at=ctx.now)
        .execution_options(synchronize_session=False)
    )
    ctx.tell(ctx.user_id)
    return await count_unread(ctx)


async def snooze_notification(ctx: Context, notification_id: UUID, how_long: Snooze) -> Document:
    """Let one rest and come back, by the ways it is wanted then."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    notification = await rows.get(ctx, Notification, notification_id, lock=True)
    if not notification.listed:
        raise Conflict("This one is not in your inbox.")
    until = await _until(ctx, how_long, notification.subject_id)
    notification.snoozed_until, notification.read_at = until, ctx.now
    await put(
        ctx,
        [
            {
                "workspace_id": ctx.workspace_id,
                "user_id": ctx.user_id,
                "kind": notification.kind,
                "key": f"snooze:{notification.id}",
                "subject": notification.subject,
                "subject_id": notification.subject_id,
                "reminder_id": None,
                "notification_id": notification.id,
                "fires_at": until,
                "state": AlarmState.PENDING,
            }
        ],
    )
    ctx.tell(ctx.user_id)
    return await NOTIFICATIONS.one(ctx, notification.id)


async def list_deliveries(ctx: Context, query: PageQuery) -> Json:
    """Return one page of what left for the acting person, and what became of it."""
    ctx.require(Permission.NOTIFICATION_READ)
    return await DELIVERIES.page(ctx, query, order=Order((Delivery.created_at,), descending=True))


async def _until(ctx: Context, how_long: Snooze, subject_id: UUID | None) -> datetime:
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    zone = me.clock.zone
    match how_long:
        case Snooze.TEN_MINUTES:
            return ctx.now + timedelta(minutes=10)
        case Snooze.HOUR:
            return ctx.now + timedelta(hours=1)
        case Snooze.TONIGHT:
            return tonight(ctx.now, zone)
        case Snooze.TOMORROW:
            return tomorrow(me.clock.today(ctx.now), zone, me.usual)
        case Snooze.FREE:
            found = await next_slot(ctx, subject_id)
            if found is None:
                raise Conflict("The next two weeks are full; choose a time yourself.")
            return found


def _unread() -> tuple[ColumnElement[bool], ...]:
    return (Notification.listed.is_(True), Notification.read_at.is_(None))
