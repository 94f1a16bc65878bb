"""The verbs of the calendar."""

from selfos.features.calendar.documents import EVENTS
from selfos.features.calendar.service.reading import (
    busy_minutes,
    busy_times,
    days_asked,
    events_by_day,
    get_event,
    list_events,
    list_occurrences,
)
from selfos.features.calendar.service.reminding import (
    Appointment,
    Coming,
    EventKey,
    appointments,
    events_before,
    events_following,
    name_of_kept,
    touched_events,
)
from selfos.features.calendar.service.single import (
    Single,
    end_of,
    find_single,
    own_fields,
    take_back_in,
)
from selfos.features.calendar.service.trash import delete_event, purge_trash, restore_event
from selfos.features.calendar.service.writing import create_event, update_event

__all__ = [
    "EVENTS",
    "Appointment",
    "Coming",
    "EventKey",
    "Single",
    "appointments",
    "busy_minutes",
    "busy_times",
    "create_event",
    "days_asked",
    "delete_event",
    "end_of",
    "events_before",
    "events_by_day",
    "events_following",
    "find_single",
    "get_event",
    "list_events",
    "list_occurrences",
    "name_of_kept",
    "own_fields",
    "purge_trash",
    "restore_event",
    "take_back_in",
    "touched_events",
    "update_event",
]
