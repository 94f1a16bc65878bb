"""Telling people: one notification for each thing to tell, and a delivery for each way it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.identity import service as identity
from selfos.features.notifications.models import (
    Delivery,
    Destination,
    MailSuppression,
    Notification,
    NotificationPreference,
    PushSubscription,
)
from selfos.features.notifications.moments import end_of_quiet
from selfos.features.notifications.schemas.words import (
    Channel,
    DeliveryStatus,
    NotificationKind,
    NotificationSubject,
)
from selfos.features.notifications.service.choosing import (
    Place,
    preferences_of,
    quiet_hours,
    wanted,
)
from selfos.features.notifications.service.words import Key, Words, own_words
from selfos.features.notifications.wording import say
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id
from selfos.kernel.languages import language_of

DELIVER_JOB = "notifications.deliver"
UNCONFIRMED = "Confirm your e-mail address first."
# What nobody chose by kind goes out whatever the hour: they have just asked for it.
ROWS_AT_ONCE = 500
Owned = TypeVar("Owned", PushSubscription, Destination)


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell somebody. `key` makes it one of its kind: told again it is not told.

    `channels` overrules what they have chosen, and quiet hours with it; `target` confines it to one
    device or place of that channel. By the ways it is told `without`, the plan of the morning has
    told it already; in chats, where that goes.
    """

    place: Place
    kind: NotificationKind
    key: str
    planned_at: datetime
    values: Mapping[str, Any]
    subject: NotificationSubject | None = None
    subject_id: UUID | None = None
    channels: frozenset[Channel] | None = None
    target: UUID | None = None
    without: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True)
class Addressees:
    """Whom news are for: what they chose, how to reach them, their devices and chats."""

    people: Mapping[UUID, identity.Reached]
    preferences: Mapping[Place, NotificationPreference]
    devices: Mapping[UUID, Sequence[UUID]]
    chats: Mapping[UUID, Sequence[Destination]]
    suppressed: Mapping[UUID, str]

    def ways(self, news: News) -> frozenset[Channel]:
        """Return how this reaches its person."""
        if news.channels is not None:
            return news.channels
        told = news.without - {Channel.CHAT}
        return wanted(self.preferences.get(news.place), news.kind) - told

    def chats_for(self, news: News) -> list[UUID]:
        """Return the chats that are told this: those that take its kind, or the one it is for."""
        chats = self.chats.get(news.place[1], ())
        if news.target is not None:
            return [chat.id for chat in chats if chat.id == news.target]
        told = Channel.CHAT in news.without
        return [
            chat.id
            for chat in chats
            if chat.takes(news.kind) and not (told and chat.takes(NotificationKind.MORNING_PLAN))
        ]


@dataclass(slots=True)
class Written:
    """The rows of what is told, before they are written."""

    notifications: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    deliveries: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


async def tell(ctx: Context, news: Sequence[News]) -> set[UUID]:
    """Tell people; returns the ids of the notifications that had not been told before."""
    if not news:
        return set()
    addressees = await _addressees(ctx, news)
    words = await own_words(ctx, {each.place[0] for each in news})
    rows: list[dict[str, Any]] = []
    by_id: dict[UUID, News] = {}
    for each in news:
        person, ways = addressees.people.get(each.place[1]), addressees.ways(each)
        if person is not None and ways:
            row = _row(ctx, each, person, words, listed=Channel.INBOX in ways)
            rows.append(row)
            by_id[row["id"]] = each
    fresh = await _insert(ctx, rows)
    deliveries = [
        delivery
        for notification_id in by_id
        if notification_id in fresh
        for delivery in _deliveries(ctx, notification_id, by_id[notification_id], addressees)
    ]
    await post(ctx, deliveries)
    for notification_id in fresh:
        ctx.tell(by_id[notification_id].place[1])
    return fresh


async def tell_again(ctx: Context, notification: Notification, news: News) -> None:
    """Bring a snoozed notification back, by the ways it is wanted now."""
    addressees = await _addressees(ctx, [news])
    if news.place[1] not in addressees.people:
        return
    notification.read_at = notification.snoozed_until = None
    notification.shown_at, notification.round = ctx.now, notification.round + 1
    await ctx.session.flush()
    found = list(_deliveries(ctx, notification.id, news, addressees))
    await post(ctx, [{**each, "round": notification.round} for each in found])
    ctx.tell(news.place[1])


async def post(ctx: Context, deliveries: Sequence[Mapping[str, Any]]) -> None:
    """Put deliveries into the outbox, each with the job that sends it."""
    for start in range(0, len(deliveries), ROWS_AT_ONCE):
        rows = deliveries[start : start + ROWS_AT_ONCE]
        await ctx.session.execute(insert(Delivery).values(list(rows)).on_conflict_do_nothing())
    for each in deliveries:
        if DeliveryStatus(each["status"]).is_open:
            send_at(ctx, each["workspace_id"], each["user_id"], each["id"], each["not_before"])


def send_at(
    ctx: Context, workspace_id: UUID, user_id: UUID, delivery_id: UUID, at: datetime
) -> None:
    """Let a delivery go out at this instant, or at once if it has passed."""
    ctx.defer(
        DELIVER_JOB,
        at=at if at > ctx.now else None,
        lock=f"delivery:{delivery_id}",
        workspace_id=str(workspace_id),
        user_id=str(user_id),
        delivery_id=str(delivery_id),
    )


async def _insert(ctx: Context, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    fresh: set[UUID] = set()
    for start in range(0, len(rows), ROWS_AT_ONCE):
        found = await ctx.session.scalars(
            insert(Notification)
            .values(list(rows[start : start + ROWS_AT_ONCE]))
            .on_conflict_do_nothing()
            .returning(Notification.id)
        )
        fresh.update(found)
    return fresh


def _row(
    ctx: Context,
    news: News,
    person: identity.Reached,
    words: Mapping[Key, Words],
    *,
    listed: bool,
) -> dict[str, Any]:
    own = words.get((news.place[0], news.kind, language_of(person.locale)))
    said = say(news.kind, person.locale, news.values, own)
    return {
        "workspace_id": news.place[0],
        "id": new_id(),
        "user_id": news.place[1],
        "kind": news.kind,
        "key": news.key,
        "subject": news.subject,
        "subject_id": news.subject_id,
        "title": said.title,
        "body": said.body,
        "data": dict(news.values),
        "template_version": said.version,
        "listed": listed,
        "planned_at": news.planned_at,
        "shown_at": ctx.now,
        "read_at": None if listed else ctx.now,
        "snoozed_until": None,
        "round": 0,
    }


def _deliveries(
    ctx: Context, notification_id: UUID, news: News, addressees: Addressees
) -> Iterator[dict[str, Any]]:
    """Yield a row for each way out: held through quiet hours, suppressed where it cannot go."""
    ways, user_id = addressees.ways(news), news.place[1]
    person, preference = addressees.people[user_id], addressees.preferences.get(news.place)
    ends = None
    if news.channels is None:
        ends = end_of_quiet(ctx.now, person.clock.zone, quiet_hours(preference))
    row: dict[str, Any] = {
        "workspace_id": news.place[0],
        "user_id": user_id,
        "notification_id": notification_id,
        "round": 0,
        "attempts": 0,
        "status": DeliveryStatus.HELD if ends else DeliveryStatus.QUEUED,
        "not_before": ends or ctx.now,
        "if_unread": False,
        "reason": "",
        "created_at": ctx.now,
        "sent_at": None,
    }
    if Channel.EMAIL in ways:
        refused = addressees.suppressed.get(user_id)
        refused = refused or (None if person.email_verified else UNCONFIRMED)
        mail = {**row, "id": new_id(), "channel": Channel.EMAIL, "target": user_id}
        if refused:
            mail |= {"status": DeliveryStatus.SUPPRESSED, "reason": refused}
        yield mail
    if Channel.CHAT in ways:
        for chat in addressees.chats_for(news):
            yield {**row, "id": new_id(), "channel": Channel.CHAT, "target": chat}
    for device in addressees.devices.get(user_id, ()):
        push = _push(row, ways, preference)
        if push is not None and news.target in {None, device}:
            yield {**push, "id": new_id(), "target": device}


def _push(
    row: Mapping[str, Any], ways: frozenset[Channel], preference: NotificationPreference | None
) -> dict[str, Any] | None:
    """Return the row of a push: at once, or later for what was mailed and is still unread."""
    push = {**row, "channel": Channel.PUSH}
    if Channel.PUSH in ways:
        return push
    if Channel.EMAIL not in ways or preference is None or not preference.escalate_minutes:
        return None
    later = row["not_before"] + timedelta(minutes=preference.escalate_minutes)
    return {**push, "not_before": later, "if_unread": True, "status": DeliveryStatus.HELD}


async def _addressees(ctx: Context, news: Sequence[News]) -> Addressees:
    places = {each.place for each in news}
    user_ids = {user_id for _, user_id in places}
    people = await identity.reach(ctx, user_ids)
    devices = {
        user_id: [device.id for device in theirs]
        for user_id, theirs in (await _of_each(ctx, PushSubscription, user_ids)).items()
    }
    chats = await _of_each(ctx, Destination, user_ids)
    suppressed = {
        row.user_id: row.reason
        for row in await ctx.session.execute(
            select(MailSuppression.user_id, MailSuppression.address, MailSuppression.reason).where(
                MailSuppression.user_id.in_(user_ids)
            )
        )
        if row.user_id in people and row.address == people[row.user_id].email
    }
    preferences = await preferences_of(ctx, places)
    return Addressees(people, preferences, devices, chats, suppressed)


async def _of_each(
    ctx: Context, table: type[Owned], user_ids: Collection[UUID]
) -> dict[UUID, list[Owned]]:
    """Return the devices or chats of these people."""
    found: dict[UUID, list[Owned]] = {}
    for row in await ctx.session.scalars(select(table).where(table.user_id.in_(user_ids))):
        found.setdefault(row.user_id, []).append(row)
    return found
