"""The tables of notifications; each row is one person's alone.

Reminders stand in the ledger, seen by their person alone, so that undo answers for them. Alarms
are derived from them and can be made anew at any time.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Text, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.notifications.schemas.words import (
    AlarmState,
    Anchor,
    Channel,
    DeliveryStatus,
    DeviceKind,
    NotificationKind,
    NotificationSubject,
    RemindedOf,
)
from selfos.kernel.database import Model, Personal, Private, Tenant, Unshared, Versioned
from selfos.kernel.errors import invalid
from selfos.kernel.tables import inside, of_member, of_tenant, of_user


class Reminder(Private, Unshared, Versioned, Model):
    """When to remind its person of a task, a goal or an event of their calendar.

    One `at` a wall time has `on_date` and `wall_time`, in its `zone` or wherever its person is.
    The others count from a date of their subject: so many minutes before, or at a wall time of
    that day. On an occurrence of what repeats they hold for the occurrences to come as well.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        of_tenant(),
        of_member(),
        CheckConstraint("seen_by IS NOT NULL AND seen_by = user_id", name="seen_by"),
        Index("reminders_subject_id_idx", "workspace_id", "subject_id"),
        Index("reminders_user_id_idx", "workspace_id", "user_id"),
    )

    subject: Mapped[RemindedOf]
    subject_id: Mapped[UUID]
    anchor: Mapped[Anchor]
    minutes_before: Mapped[int | None]
    on_date: Mapped[date | None]
    wall_time: Mapped[time | None]
    zone: Mapped[str | None]

    def check(self) -> None:
        """Refuse a reminder that says its time twice or not at all."""
        if self.subject is RemindedOf.CALENDAR_EVENT and self.anchor is Anchor.DEADLINE:
            raise invalid("/anchor", "An event has a start and no deadline.")
        if self.anchor is Anchor.AT:
            if self.on_date is None or self.wall_time is None or self.minutes_before is not None:
                raise invalid("/on_date", "A reminder at a time of its own names day and time.")
            return
        if self.on_date is not None or self.zone is not None:
            raise invalid("/on_date", f"A reminder that counts from {self.anchor} has no date.")
        if (self.minutes_before is None) == (self.wall_time is None):
            raise invalid("/minutes_before", "Say either how long before, or at which time.")


class Alarm(Private, Model):
    """When something is going to be told. Derived; `key` is what it is about, once each."""

    __tablename__ = "alarms"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("alarms_key_key", "workspace_id", "user_id", "key", unique=True),
        Index(
            "alarms_due_idx",
            "fires_at",
            "id",
            postgresql_where=column("state", String()) == AlarmState.PENDING.value,
        ),
        Index("alarms_subject_id_idx", "workspace_id", "subject_id"),
    )

    kind: Mapped[NotificationKind]
    key: Mapped[str]
    subject: Mapped[NotificationSubject | None]
    subject_id: Mapped[UUID | None]
    reminder_id: Mapped[UUID | None]
    notification_id: Mapped[UUID | None]
    fires_at: Mapped[datetime]
    state: Mapped[AlarmState]


class Notification(Private, Model):
    """Something that was told, in the words of its person's language. `round` counts snoozes."""

    __tablename__ = "notifications"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("notifications_key_key", "workspace_id", "user_id", "key", unique=True),
        Index("notifications_shown_at_idx", "workspace_id", "user_id", "shown_at", "id"),
        Index(
            "notifications_unread_idx",
            "workspace_id",
            "user_id",
            postgresql_where=column("read_at").is_(None),
        ),
        Index("notifications_subject_id_idx", "workspace_id", "subject_id"),
    )

    kind: Mapped[NotificationKind]
    key: Mapped[str]
    subject: Mapped[NotificationSubject | None]
    subject_id: Mapped[UUID | None]
    title: Mapped[str]
    body: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # Of the workspace's own words; none where it was told in the built-in ones.
    template_version: Mapped[int | None]
    # In the inbox; what was only mailed or pushed is not.
    listed: Mapped[bool]
    planned_at: Mapped[datetime]
    # When it came, or came back from a snooze.
    shown_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=0)


class Delivery(Private, Model):
    """One way of one notification to one address: the outbox row, and what became of it.

    `target` is the device for a push, and the person themselves for a mail.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("notification_id", "notifications", ondelete="CASCADE"),
        Index(
            "deliveries_once_key",
            *("workspace_id", "notification_id", "channel", "target", "round"),
            unique=True,
        ),
        Index("deliveries_created_at_idx", "workspace_id", "user_id", "created_at", "id"),
        Index(
            "deliveries_sent_at_idx",
            *("workspace_id", "user_id", "channel", "sent_at"),
            postgresql_where=column("sent_at").is_not(None),
        ),
    )

    notification_id: Mapped[UUID]
    channel: Mapped[Channel]
    target: Mapped[UUID]
    round: Mapped[int]
    status: Mapped[DeliveryStatus]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    # Goes out only if nobody has read it by then.
    if_unread: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class NotificationPreference(Private, Versioned, Model):
    """What somebody wants to hear in this workspace, how and when; its id is theirs."""

    __tablename__ = "notification_preferences"
    __table_args__ = (of_tenant(), of_member())

    # NotificationKind to channels; a kind that is absent is heard as is usual.
    channels: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    escalate_minutes: Mapped[int | None]
    # Whether what they set a time for waits, too, while their timer runs.
    hold_in_focus: Mapped[bool]
    # NotificationKind to `{"time": "07:30", "weekday": 0}`, for what comes at a time of its own.
    times: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSONB)


class MailSuppression(Personal, Model):
    """An address that mail no longer goes to: it bounced, complained, or was unsubscribed."""

    __tablename__ = "mail_suppressions"
    __table_args__ = (
        of_user(),
        Index("mail_suppressions_user_id_address_key", "user_id", "address", unique=True),
    )

    address: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]


class PushSubscription(Personal, Model):
    """A browser or an app that asked for pushes; it goes when its push service says so.

    `endpoint` is a browser's address, or the token that an app was given; keys are a browser's,
    and empty for an app.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        of_user(),
        Index("push_subscriptions_endpoint_key", "endpoint", unique=True),
        Index("push_subscriptions_user_id_idx", "user_id"),
    )

    name: Mapped[str]
    kind: Mapped[DeviceKind] = mapped_column(default=DeviceKind.WEB)
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]
    last_sent_at: Mapped[datetime | None]


class Destination(Personal, Model):
    """A chat or another service that its person is told through.

    Its address lets whoever has it write there, so it is kept encrypted and shown to nobody.
    """

    __tablename__ = "destinations"
    __table_args__ = (of_user(), Index("destinations_user_id_idx", "user_id"))

    name: Mapped[str]
    service: Mapped[str]
    sealed_url: Mapped[bytes]
    # Of what goes to chats; none for all of it.
    kinds: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    created_at: Mapped[datetime]
    last_sent_at: Mapped[datetime | None]

    def takes(self, kind: NotificationKind) -> bool:
        """Tell whether this place is told what goes to chats of this kind."""
        return self.kinds is None or kind in self.kinds


class OwnWords(Tenant, Model):
    """One version of what a workspace says of a kind in a language.

    The highest number is in force. One without words says that the built-in ones came back.
    """

    __tablename__ = "notification_words"
    __table_args__ = (
        of_tenant(),
        Index(
            "notification_words_number_key",
            *("workspace_id", "kind", "language", "number"),
            unique=True,
        ),
    )

    kind: Mapped[NotificationKind]
    language: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    title: Mapped[str | None]
    body: Mapped[str | None]
    created_at: Mapped[datetime]
