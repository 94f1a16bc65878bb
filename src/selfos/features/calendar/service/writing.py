"""Making and changing appointments: one occurrence, it and those that follow, or all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from selfos.features.calendar.events import (
    CalendarEventCreated,
    CalendarEventUpdated,
)
from selfos.features.calendar.models import FIELDS, CalendarEvent
from selfos.features.calendar.schemas import CalendarEventCreate, CalendarEventUpdate
from selfos.features.calendar.service.repeating import (
    Aim,
    aim_at,
    apart,
    carry_exceptions,
    drop_strays,
    follow_rule,
    move_rule,
    occurrences_apart,
    series_of,
    split,
)
from selfos.features.calendar.timing import Timing, carried, moved, timing_of
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import Scope
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

# A change of these is a new revision, as RFC 5546 counts them.
REVISED = frozenset(
    "start_date start_time zone end_date end_time end_zone rule exdates rdates status".split()
)


async def create_event(ctx: Context, new: CalendarEventCreate) -> CalendarEvent:
    """Put something on one's own calendar, once or again and again."""
    ctx.require(Permission.CALENDAR_WRITE)
    row_id = new.id or new_id()
    event = CalendarEvent(
        **{name: getattr(new, name) for name in FIELDS},
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        seen_by=ctx.user_id,
        id=row_id,
        uid=str(row_id),
        sequence=0,
        exdates=[],
        rdates=[],
    )
    end = planning.planned(new.end) if new.end is not None else None
    event.put(timing_of(planning.planned(new.start), end, new.duration_minutes))
    if new.repeat is not None:
        await follow_rule(ctx, event, new.repeat)
    event.reckon()
    ctx.session.add(event)
    ctx.emit(CalendarEventCreated(calendar_event_id=event.id, user_id=event.user_id))
    ctx.describe(f"Added “{event.title}” to the calendar")
    return event


async def update_event(ctx: Context, event_id: UUID, change: CalendarEventUpdate) -> CalendarEvent:
    """Change the given fields as far as the scope reaches; returns the row that has them now."""
    row = await changeable(ctx, event_id)
    aim = await aim_at(ctx, row, change.slot, change.scope, pointer="")
    ctx.describe(f"Changed “{aim.event.title}” on the calendar")
    match aim.scope:
        case Scope.THIS if aim.slot is not None:
            return await _change_one(ctx, aim, change)
        case Scope.FOLLOWING if aim.slot is not None:
            rest = await split(ctx, aim.event, aim.slot, change.rest_id or new_id())
            made = CalendarEventCreated(
                calendar_event_id=rest.id, user_id=rest.user_id, continues_id=aim.event.id
            )
            ctx.emit(made)
            _tell(ctx, aim.event, ["rule"])
            return await _change_all(ctx, Aim(rest, Scope.ALL, aim.slot, aim.own), change)
        case _:
            return await _change_all(ctx, aim, change)


async def changeable(ctx: Context, event_id: UUID) -> CalendarEvent:
    """Return a row that is not in the trash, in the version the caller expects."""
    ctx.require(Permission.CALENDAR_WRITE)
    row = await rows.get(ctx, CalendarEvent, event_id, lock=True)
    ctx.expect(row)
    row.require_kept()
    return row


async def _change_one(ctx: Context, aim: Aim, change: CalendarEventUpdate) -> CalendarEvent:
    """Change one occurrence, which is kept apart from then on."""
    if aim.slot is None or "repeat" in change.model_fields_set:
        raise invalid("/repeat", "One occurrence does not repeat; change those that follow it too.")
    own = aim.own or await apart(ctx, aim.event, aim.slot)
    before = rows.image(own)
    _put_fields(own, change)
    own.put(_timing(own.timing, change))
    fields = _revise(own, before)
    if aim.own is None:
        ctx.session.add(own)
    if fields:
        _tell(ctx, own, fields)
    return own


async def _change_all(ctx: Context, aim: Aim, change: CalendarEventUpdate) -> CalendarEvent:
    """Change an event, and its occurrences in what they do not have of their own."""
    event, before = aim.event, rows.image(aim.event)
    own = await occurrences_apart(ctx, event)
    for each in own:
        _put_fields(each, change, like=event)
    _put_fields(event, change)
    timing = event.timing
    event.put(_moved_with(aim, change))
    if event.timing != timing:
        carry_exceptions(event, own, timing, event.timing)
    if change.repeat is not None:
        await follow_rule(ctx, event, change.repeat)
    elif "repeat" in change.model_fields_set:
        event.repeat_by(None)
    elif event.timing.start != timing.start:
        move_rule(event, timing.start)
    await drop_strays(ctx, event, own)
    if fields := _revise(event, before):
        _tell(ctx, event, fields)
    return event


def _put_fields(
    row: CalendarEvent, change: CalendarEventUpdate, *, like: CalendarEvent | None = None
) -> None:
    """Set what is given; with `like`, only where the row still says the same as that one."""
    given = change.given()
    for name in FIELDS:
        if name in given and (like is None or getattr(row, name) == getattr(like, name)):
            setattr(row, name, given[name])


def _moved_with(aim: Aim, change: CalendarEventUpdate) -> Timing:
    """Return when an event is after one of its occurrences, or its first, was given a new time."""
    event = aim.event
    if aim.slot is None:
        return _timing(event.timing, change)
    at = event.timing.at(aim.slot)
    shown = aim.own.timing if aim.own is not None else at
    wanted = _timing(shown, change)
    if wanted == shown:
        return event.timing
    return wanted.at(carried(event.timing.start, aim.slot, wanted.start))


def _timing(now: Timing, change: CalendarEventUpdate) -> Timing:
    given = change.given()
    start = planning.planned(given["start"]) if "start" in given else (now.start, now.zone)
    if "end" not in given and "duration_minutes" not in given:
        return moved(now, start) if "start" in given else now
    end = planning.planned(change.end) if change.end is not None else None
    return timing_of(start, end, change.duration_minutes)


def _revise(row: CalendarEvent, before: dict[str, Any]) -> list[str]:
    row.reckon()
    fields = rows.changed(row, before)
    if REVISED.intersection(fields):
        row.sequence += 1
    return [name for name in fields if name not in ("last_on", "words")]


def _tell(ctx: Context, row: CalendarEvent, fields: list[str]) -> None:
    ctx.emit(
        CalendarEventUpdated(
            calendar_event_id=series_of(row),
            user_id=row.user_id,
            occurrence_id=row.id if row.series_id is not None else None,
            fields=fields,
        )
    )
