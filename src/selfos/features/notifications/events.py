"""What happens to reminders."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class ReminderEvent(Event):
    """Something that happened to a reminder, with what it is about."""

    aggregate: ClassVar[str] = "reminder_id"

    reminder_id: UUID
    subject_id: UUID


class ReminderScheduled(ReminderEvent):
    type: ClassVar[str] = "reminder.scheduled"


class ReminderUpdated(ReminderEvent):
    type: ClassVar[str] = "reminder.updated"


class ReminderDeleted(ReminderEvent):
    type: ClassVar[str] = "reminder.deleted"
