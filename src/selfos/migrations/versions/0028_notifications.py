"""Reminders, alarms, notifications and how they get to people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import (
    clock,
    day,
    flag,
    instant,
    key,
    number,
    of_member,
    pointer,
    row,
    word,
    words,
)
from selfos.migrations.walls import protect_personal, protect_private, stamp

revision, down_revision = "0028", "0027"


def upgrade() -> None:
    """Make room for what reaches people."""
    _reminders()
    _alarms()
    _notifications()
    _deliveries()
    _preferences()
    _addresses()


def _reminders() -> None:
    op.create_table(
        "reminders",
        *row(),
        *of_member(),
        sa.Column("seen_by", sa.Uuid()),
        word("subject"),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        word("anchor"),
        number("minutes_before", nullable=True),
        day("on_date", nullable=True),
        clock("wall_time", nullable=True),
        words("zone", nullable=True),
        sa.CheckConstraint(
            "seen_by IS NOT NULL AND seen_by = user_id", name=op.f("reminders_seen_by_check")
        ),
    )
    op.create_index("reminders_subject_id_idx", "reminders", ["workspace_id", "subject_id"])
    op.create_index("reminders_user_id_idx", "reminders", ["workspace_id", "user_id"])
    protect_private("reminders", "reminder")
    stamp("reminders")


def _alarms() -> None:
    op.create_table(
        "alarms",
        *key(),
        *of_member(),
        word("kind"),
        words("key"),
        word("subject", nullable=True),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("reminder_id", sa.Uuid()),
        sa.Column("notification_id", sa.Uuid()),
        instant("fires_at"),
        word("state"),
    )
    op.create_index("alarms_key_key", "alarms", ["workspace_id", "user_id", "key"], unique=True)
    op.create_index(
        "alarms_due_idx",
        "alarms",
        ["fires_at", "id"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("alarms_subject_id_idx", "alarms", ["workspace_id", "subject_id"])
    protect_private("alarms")


def _notifications() -> None:
    op.create_table(
        "notifications",
        *key(),
        *of_member(),
        word("kind"),
        words("key"),
        word("subject", nullable=True),
        sa.Column("subject_id", sa.Uuid()),
        words("title"),
        words("body"),
        sa.Column("data", JSONB(), nullable=False),
        flag("listed"),
        instant("planned_at"),
        instant("shown_at"),
        instant("read_at", nullable=True),
        instant("snoozed_until", nullable=True),
        number("round"),
    )
    mine = ["workspace_id", "user_id"]
    op.create_index("notifications_key_key", "notifications", [*mine, "key"], unique=True)
    op.create_index("notifications_shown_at_idx", "notifications", [*mine, "shown_at", "id"])
    op.create_index(
        "notifications_unread_idx",
        "notifications",
        mine,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("notifications_subject_id_idx", "notifications", ["workspace_id", "subject_id"])
    protect_private("notifications")


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        *key(),
        *of_member(),
        *pointer("notification_id", "notifications", ondelete="CASCADE", nullable=False),
        word("channel"),
        sa.Column("target", sa.Uuid(), nullable=False),
        number("round"),
        word("status"),
        number("attempts"),
        instant("not_before"),
        flag("if_unread"),
        words("reason"),
        instant("created_at"),
        instant("sent_at", nullable=True),
    )
    mine = ["workspace_id", "user_id"]
    op.create_index(
        "deliveries_once_key",
        "deliveries",
        ["workspace_id", "notification_id", "channel", "target", "round"],
        unique=True,
    )
    op.create_index("deliveries_created_at_idx", "deliveries", [*mine, "created_at", "id"])
    op.create_index(
        "deliveries_sent_at_idx",
        "deliveries",
        [*mine, "channel", "sent_at"],
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    protect_private("deliveries")


def _preferences() -> None:
    op.create_table(
        "notification_preferences",
        *row(),
        *of_member(),
        sa.Column("channels", JSONB(), nullable=False),
        clock("quiet_from", nullable=True),
        clock("quiet_until", nullable=True),
        number("escalate_minutes", nullable=True),
    )
    protect_private("notification_preferences")
    stamp("notification_preferences")


def _addresses() -> None:
    op.create_table(
        "mail_suppressions",
        *_personal(),
        words("address"),
        words("reason"),
        instant("created_at"),
    )
    op.create_index(
        "mail_suppressions_user_id_address_key",
        "mail_suppressions",
        ["user_id", "address"],
        unique=True,
    )
    protect_personal("mail_suppressions")
    op.create_table(
        "push_subscriptions",
        *_personal(),
        words("name"),
        words("endpoint"),
        words("p256dh"),
        words("auth"),
        instant("created_at"),
        instant("last_sent_at", nullable=True),
    )
    op.create_index(
        "push_subscriptions_endpoint_key", "push_subscriptions", ["endpoint"], unique=True
    )
    op.create_index("push_subscriptions_user_id_idx", "push_subscriptions", ["user_id"])
    protect_personal("push_subscriptions")


def _personal() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    )
