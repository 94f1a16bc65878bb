"""One occurrence as a thing of its own, for a door that merges what several devices did to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from selfos.features.calendar.models import CalendarEvent
from selfos.features.calendar.schemas import CalendarEventUpdate, EventRepeat
from selfos.features.calendar.service.repeating import own_row
from selfos.features.calendar.service.writing import update_event
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import When
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Single:
    """One occurrence: the id of its row, or that it will have, and when it is as shown."""

    id: UUID
    is_apart: bool
    is_left_out: bool
    takes_place: bool
    is_first: bool
    shown: dict[str, Any]


async def find_single(ctx: Context, event_id: UUID, slot: str) -> Single | None:
    """Return the occurrence at this slot, or None where nothing repeats; raises Invalid."""
    ctx.require(Permission.CALENDAR_READ)
    event = await rows.find(ctx, CalendarEvent, event_id)
    if event is None or event.rule is None:
        return None
    at = planning.read_one_slot(slot, event.timing.start, "/fields/slot")
    own = await own_row(ctx, event, slot)
    return Single(
        id=own.id if own is not None else event.occurrence_id(at),
        is_apart=own is not None,
        is_left_out=own is None and slot in event.exdates,
        takes_place=own is not None or event.pattern.has(at),
        is_first=next(event.pattern.slots(), None) == at,
        shown=(own.timing if own is not None else event.timing.at(at)).shown(),
    )


async def take_back_in(ctx: Context, event_id: UUID, slot: str) -> CalendarEvent:
    """Let an event take place again at a slot that was left out."""
    event = await rows.get(ctx, CalendarEvent, event_id, lock=True)
    kept = [text for text in event.exdates if text != slot]
    repeat = EventRepeat(rule=event.rule or "", exdates=kept)
    return await update_event(ctx, event_id, CalendarEventUpdate(repeat=repeat))


def own_fields(image: dict[str, Any]) -> dict[str, Any]:
    """Return what the row in this image of the ledger said, as fields of a change."""
    shared = ("title", "description", "location", "status", "transparency")
    zone, end_zone = image["zone"], image["end_zone"] or image["zone"]
    return {
        **{name: image[name] for name in shared},
        "start": planning.plan_of(_slot(image["start_date"], image["start_time"]), zone),
        "end": planning.plan_of(_slot(image["end_date"], image["end_time"]), end_zone),
    }


def end_of(start: When, minutes: int) -> dict[str, Any] | None:
    """Return when something is over that lasts so long; None for whole days."""
    begins, zone = planning.planned(start)
    if not isinstance(begins, datetime):
        return None
    return planning.plan_of(begins + timedelta(minutes=minutes), zone)


def _slot(day: str, clock: str | None) -> planning.Slot:
    return planning.read_slot(day if clock is None else f"{day}T{clock}")
