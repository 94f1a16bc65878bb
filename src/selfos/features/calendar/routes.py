"""Appointments over HTTP: everybody's own, and nobody else's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.calendar import service as calendar
from selfos.features.calendar.schemas import (
    CalendarEventCreate,
    CalendarEventDelete,
    CalendarEventPage,
    CalendarEventQuery,
    CalendarEventUpdate,
    CalendarEventView,
    DaysQuery,
    EventOccurrences,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

router = Router(prefix="/calendar-events", tags=["calendar"])
READ, WRITE = allow(Permission.CALENDAR_READ), allow(Permission.CALENDAR_WRITE)


@router.get("", response_model=CalendarEventPage, **READ)
async def list_calendar_events(ctx: Ctx, query: Annotated[CalendarEventQuery, Query()]) -> Response:
    """List my events as they were written, the newest first."""
    return as_json(await calendar.list_events(ctx, query))


@router.post("", status_code=201, response_model=CalendarEventView, **WRITE)
async def create_calendar_event(ctx: Ctx, body: CalendarEventCreate) -> Response:
    """Put something on my calendar, once or repeating."""
    event = await calendar.create_event(ctx, body)
    return shown(await calendar.EVENTS.one(ctx, event.id), 201)


@router.get("/occurrences", response_model=EventOccurrences, **READ)
async def list_event_occurrences(ctx: Ctx, query: Annotated[DaysQuery, Query()]) -> Response:
    """List what takes place on these days, each repetition by itself; cancelled ones too."""
    return as_json(await calendar.list_occurrences(ctx, query))


@router.get("/{event_id}", response_model=CalendarEventView, **READ)
async def get_calendar_event(ctx: Ctx, event_id: UUID) -> Response:
    """Show one event, or one occurrence that is kept apart."""
    return shown(await calendar.get_event(ctx, event_id))


@router.patch("/{event_id}", response_model=CalendarEventView, **WRITE)
async def update_calendar_event(ctx: Ctx, event_id: UUID, body: CalendarEventUpdate) -> Response:
    """Change an event: one occurrence, it and those that follow, or all."""
    row = await calendar.update_event(ctx, event_id, body)
    return shown(await calendar.EVENTS.one(ctx, row.id))


@router.delete("/{event_id}", status_code=204, **WRITE)
async def delete_calendar_event(
    ctx: Ctx, event_id: UUID, query: Annotated[CalendarEventDelete, Query()]
) -> Response:
    """Leave one occurrence out, end an event before it, or put all of it into the trash."""
    await calendar.delete_event(ctx, event_id, query)
    return nothing()


@router.post("/{event_id}/restore", response_model=CalendarEventView, **WRITE)
async def restore_calendar_event(ctx: Ctx, event_id: UUID) -> Response:
    """Take an event out of the trash."""
    await calendar.restore_event(ctx, event_id)
    return shown(await calendar.EVENTS.one(ctx, event_id))
