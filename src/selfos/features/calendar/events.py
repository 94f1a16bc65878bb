"""What happens to appointments: which and whose, never what they say."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class CalendarEventEvent(Event):
    """Something that happened to an appointment.

    `occurrence_id` names the row of the one occurrence that it happened to, where it was one.
    """

    aggregate: ClassVar[str] = "calendar_event_id"

    calendar_event_id: UUID
    user_id: UUID
    occurrence_id: UUID | None = None


class CalendarEventCreated(CalendarEventEvent):
    """`continues_id` is the event of which this is what followed."""

    type: ClassVar[str] = "calendar_event.created"

    continues_id: UUID | None = None


class CalendarEventUpdated(CalendarEventEvent):
    """`fields` are the names of what is different now."""

    type: ClassVar[str] = "calendar_event.updated"

    fields: list[str]


class CalendarEventDeleted(CalendarEventEvent):
    type: ClassVar[str] = "calendar_event.deleted"


class CalendarEventRestored(CalendarEventEvent):
    type: ClassVar[str] = "calendar_event.restored"
