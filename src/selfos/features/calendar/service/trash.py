"""Throwing appointments away: one time, those from then on, or all of it, for 30 days."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from selfos.features.calendar.events import (
    CalendarEventDeleted,
    CalendarEventRestored,
    CalendarEventUpdated,
)
from selfos.features.calendar.models import CalendarEvent
from selfos.features.calendar.schemas import CalendarEventDelete
from selfos.features.calendar.service.repeating import Aim, aim_at, end_before, occurrences_apart
from selfos.features.calendar.service.writing import changeable
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import Scope
from selfos.kernel import rows, trash
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Conflict
from selfos.kernel.permissions import Permission

KEPT = timedelta(days=30)


async def delete_event(ctx: Context, event_id: UUID, wanted: CalendarEventDelete) -> None:
    """Leave out one occurrence, end the event before it, or put all of it into the trash."""
    row = await changeable(ctx, event_id)
    aim = await aim_at(ctx, row, wanted.slot, wanted.scope, pointer="/query")
    event, own = aim.event, await occurrences_apart(ctx, aim.event)
    if aim.scope is Scope.ALL or aim.slot is None:
        _put_away(ctx, event, own)
        return
    if aim.scope is Scope.FOLLOWING:
        end_before(event, aim.slot)
        going = [each for each in own if (each.slot or "") >= planning.slot_text(aim.slot)]
    else:
        event.leave_out(aim.slot)
        event.sequence += 1
        going = [aim.own] if aim.own is not None else []
    for each in going:
        await ctx.session.delete(each)
    if len(going) == len(own) and next(event.pattern.slots(), None) is None:
        _put_away(ctx, event, [])
        return
    _left_out(ctx, aim)


async def restore_event(ctx: Context, event_id: UUID) -> CalendarEvent:
    """Take an event out of the trash, with the occurrences that went with it."""
    ctx.require(Permission.CALENDAR_WRITE)
    event = await rows.get(ctx, CalendarEvent, event_id, lock=True)
    ctx.expect(event)
    if event.series_id is not None:
        raise Conflict("This is an occurrence; it comes back with its event.")
    event.restore()
    for each in await occurrences_apart(ctx, event):
        each.deleted_at = None
    ctx.emit(CalendarEventRestored(calendar_event_id=event.id, user_id=event.user_id))
    ctx.describe(f"Restored “{event.title}” on the calendar")
    return event


async def purge_trash(kernel: Kernel) -> None:
    """Delete for good what has lain in the trash for 30 days, person by person."""
    await trash.purge(kernel, CalendarEvent, KEPT)


def _put_away(ctx: Context, event: CalendarEvent, own: list[CalendarEvent]) -> None:
    for each in (event, *own):
        each.deleted_at = ctx.now
    ctx.emit(CalendarEventDeleted(calendar_event_id=event.id, user_id=event.user_id))
    ctx.describe(f"Took “{event.title}” off the calendar")


def _left_out(ctx: Context, aim: Aim) -> None:
    event = aim.event
    fields = ["exdates" if aim.scope is Scope.THIS else "rule"]
    ctx.emit(CalendarEventUpdated(calendar_event_id=event.id, user_id=event.user_id, fields=fields))
    ctx.describe(f"Took times of “{event.title}” off the calendar")
