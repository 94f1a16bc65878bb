"""The verbs of focus."""

from selfos.features.focus.service.afterwards import (
    pause_timer_at,
    resume_timer_at,
    start_timer_at,
    stop_timer_at,
)
from selfos.features.focus.service.loading import KEPT_SESSIONS, SESSIONS
from selfos.features.focus.service.minutes import (
    Recorded,
    Taken,
    in_minutes,
    people_with_sessions,
    recorded_between,
    seconds_by_task,
    taken,
)
from selfos.features.focus.service.sessions import (
    delete_session,
    get_session,
    list_sessions,
    record_session,
    update_session,
)
from selfos.features.focus.service.sweeping import end_elsewhere, end_forgotten
from selfos.features.focus.service.timer import (
    STOP_ELSEWHERE,
    is_in_focus,
    pause_timer,
    resume_timer,
    show_timer,
    start_timer,
    stop_timer,
)

__all__ = [
    "KEPT_SESSIONS",
    "SESSIONS",
    "STOP_ELSEWHERE",
    "Recorded",
    "Taken",
    "delete_session",
    "end_elsewhere",
    "end_forgotten",
    "get_session",
    "in_minutes",
    "is_in_focus",
    "list_sessions",
    "pause_timer",
    "pause_timer_at",
    "people_with_sessions",
    "record_session",
    "recorded_between",
    "resume_timer",
    "resume_timer_at",
    "seconds_by_task",
    "show_timer",
    "start_timer",
    "start_timer_at",
    "stop_timer",
    "stop_timer_at",
    "taken",
    "update_session",
]
