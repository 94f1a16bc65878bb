"""How appointments are shown."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func, null

from selfos.features.calendar.models import CalendarEvent
from selfos.features.planning import service as planning
from selfos.kernel.documents import Documents


def _plain(*names: str) -> dict[str, Any]:
    return {name: getattr(CalendarEvent, name) for name in names}


def _repeat() -> ColumnElement[Any]:
    said = func.json_build_object(
        *("rule", CalendarEvent.rule, "text", CalendarEvent.words),
        *("exdates", CalendarEvent.exdates, "rdates", CalendarEvent.rdates),
    )
    return case((CalendarEvent.rule.is_(None), null()), else_=said)


EVENTS = Documents(
    CalendarEvent,
    _plain("id", "series_id", "slot", "continues_id", "uid", "title", "description", "location")
    | {
        "start": planning.show_when(
            CalendarEvent.start_date, CalendarEvent.start_time, CalendarEvent.zone
        ),
        "end": planning.show_when(
            CalendarEvent.end_date,
            CalendarEvent.end_time,
            func.coalesce(CalendarEvent.end_zone, CalendarEvent.zone),
        ),
        "repeat": _repeat(),
    }
    | _plain("status", "transparency", "sequence", "deleted_at")
    | _plain("created_at", "updated_at", "version"),
)
