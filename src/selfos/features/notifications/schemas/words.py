"""The words notifications are spoken in: kinds, channels, states."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

MINUTES_PER_YEAR = 525_600
WallTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class NotificationSubject(StrEnum):
    """What a notification is about."""

    TASK = "task"
    GOAL = "goal"
    PROJECT = "project"
    HABIT = "habit"
    CALENDAR_EVENT = "calendar_event"
    REPORT = "report"


class RemindedOf(StrEnum):
    """What reminders can be set on; a habit has times of its own."""

    TASK = "task"
    GOAL = "goal"
    CALENDAR_EVENT = "calendar_event"


class Anchor(StrEnum):
    """What a reminder counts from; one `at` a time of its own counts from nothing."""

    AT = "at"
    DUE = "due"
    START = "start"
    DEADLINE = "deadline"


class NotificationKind(StrEnum):
    """Why somebody is told something; what they want to hear is chosen by kind."""

    TASK_REMINDER = "task_reminder"
    GOAL_REMINDER = "goal_reminder"
    CALENDAR_REMINDER = "calendar_reminder"
    HABIT_REMINDER = "habit_reminder"
    HABIT_WINDOW = "habit_window"
    OVERDUE = "overdue"
    MORNING_PLAN = "morning_plan"
    EVENING_RECORD = "evening_record"
    WEEKLY_REVIEW = "weekly_review"
    WEEKLY_REPORT = "weekly_report"
    MONTHLY_REPORT = "monthly_report"
    YEARLY_REPORT = "yearly_report"
    MENTION = "mention"
    MESSAGE = "message"


class Channel(StrEnum):
    """How somebody is told."""

    INBOX = "inbox"
    EMAIL = "email"
    PUSH = "push"
    CHAT = "chat"


class DeviceKind(StrEnum):
    """Whose push service a device is reached by."""

    WEB = "web"
    FCM = "fcm"
    APNS = "apns"


class AlarmState(StrEnum):
    """Where an alarm stands."""

    PENDING = "pending"
    FIRED = "fired"
    CANCELLED = "cancelled"


class DeliveryStatus(StrEnum):
    """Where a delivery stands: waiting, under way, there, or why it never will be."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    RETRYING = "retrying"
    SENT = "sent"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Tell whether it may still be sent."""
        return self in OPEN


class Snooze(StrEnum):
    """How long a notification may rest."""

    TEN_MINUTES = "10m"
    HOUR = "1h"
    TONIGHT = "tonight"
    TOMORROW = "tomorrow"
    FREE = "free"


OPEN = frozenset(
    {
        DeliveryStatus.HELD,
        DeliveryStatus.QUEUED,
        DeliveryStatus.SENDING,
        DeliveryStatus.RETRYING,
    }
)
# What nobody set a time for: it comes by itself, and waits while somebody's timer runs.
SUGGESTED = frozenset({NotificationKind.HABIT_WINDOW})
# What comes at a time of its own: every day, every week, or once there is a report to tell.
DIGESTS = (
    NotificationKind.MORNING_PLAN,
    NotificationKind.EVENING_RECORD,
    NotificationKind.WEEKLY_REVIEW,
)
REPORTS = (
    NotificationKind.WEEKLY_REPORT,
    NotificationKind.MONTHLY_REPORT,
    NotificationKind.YEARLY_REPORT,
)
# Those of them that have a day of the week.
WEEKLY = (NotificationKind.WEEKLY_REVIEW, NotificationKind.WEEKLY_REPORT)
# Until somebody chooses: everything stands in the inbox, and what they set a time for also comes
# as a push and in chats, where they asked for those. Nothing is mailed unasked; no digest comes.
SOUNDING = frozenset({Channel.INBOX, Channel.PUSH, Channel.CHAT})
USUAL: dict[NotificationKind, frozenset[Channel]] = {
    NotificationKind.TASK_REMINDER: SOUNDING,
    NotificationKind.GOAL_REMINDER: SOUNDING,
    NotificationKind.CALENDAR_REMINDER: SOUNDING,
    NotificationKind.HABIT_REMINDER: SOUNDING,
    NotificationKind.HABIT_WINDOW: frozenset(),
    NotificationKind.OVERDUE: SOUNDING,
    **dict.fromkeys(DIGESTS, frozenset[Channel]()),
    **dict.fromkeys(REPORTS, frozenset({Channel.INBOX})),
    NotificationKind.MENTION: SOUNDING,
    NotificationKind.MESSAGE: frozenset({Channel.INBOX}),
}
