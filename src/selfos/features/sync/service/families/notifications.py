"""Reminders: handed only to their person's own devices."""

from __future__ import annotations

from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.reminders import ReminderCreate, ReminderUpdate
from selfos.features.sync.service.nouns import Noun, changing, creating, plain
from selfos.kernel.permissions import Permission

REMINDER = Noun(
    "reminder",
    notifications.KEPT_REMINDERS,
    Permission.REMINDER_READ,
    Permission.REMINDER_WRITE,
    creating(notifications.schedule_reminder, ReminderCreate),
    {
        "update": changing(notifications.update_reminder, ReminderUpdate),
        "delete": plain(notifications.delete_reminder, deleted=True),
    },
    columns={"time": ("wall_time",)},
)

NOUNS = (REMINDER,)
