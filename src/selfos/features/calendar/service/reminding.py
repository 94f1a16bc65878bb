"""What a reminder needs to know of an event: whether it still takes place, and when next.

Asked for by (workspace, id), so that a scanner may ask across workspaces; it checks no right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import merge
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select, tuple_

from selfos.features.calendar.models import CalendarEvent
from selfos.features.calendar.schemas import EventStatus
from selfos.features.calendar.timing import A_DAY, ZONES_APART, Pattern, Timing
from selfos.features.planning import service as planning
from selfos.features.planning.service import Slot
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.ledger.models import Change
from selfos.kernel.permissions import Permission

EventKey = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Coming:
    """One time an event takes place, by the name it has then."""

    title: str
    timing: Timing


@dataclass(frozen=True, slots=True)
class Appointment:
    """An event to be reminded of: the times its rule gives it, and those kept apart."""

    title: str
    waits: bool
    pattern: Pattern
    apart: tuple[Coming, ...]

    def times(self, since: date, here: ZoneInfo) -> Iterator[Coming]:
        """Walk when it takes place, by start, from about this day on."""
        if not self.waits:
            return iter(())
        earliest = since - ZONES_APART
        after: Slot = earliest
        if not self.pattern.timing.is_all_day:
            after = datetime.combine(earliest, datetime.min.time())
        by_rule = (
            Coming(self.title, self.pattern.timing.at(slot))
            for slot in self.pattern.slots(after - A_DAY)
        )
        own = [each for each in self.apart if planning.slot_day(each.timing.start) >= earliest]

        def begins(each: Coming) -> datetime:
            return each.timing.begins(here)

        return merge(by_rule, sorted(own, key=begins), key=begins)


async def appointments(ctx: Context, keys: Collection[EventKey]) -> dict[EventKey, Appointment]:
    """Return those of these events that exist, by (workspace, id), in one query."""
    of_event = tuple_(CalendarEvent.workspace_id, CalendarEvent.id).in_(keys)
    of_series = tuple_(CalendarEvent.workspace_id, CalendarEvent.series_id).in_(keys)
    found = list(await ctx.session.scalars(select(CalendarEvent).where(or_(of_event, of_series))))
    apart: dict[EventKey, list[CalendarEvent]] = {}
    for row in found:
        if row.series_id is not None:
            apart.setdefault((row.workspace_id, row.series_id), []).append(row)
    return {
        (row.workspace_id, row.id): _appointment(row, apart.get((row.workspace_id, row.id), ()))
        for row in found
        if row.series_id is None
    }


def _appointment(row: CalendarEvent, own: Sequence[CalendarEvent]) -> Appointment:
    slots = frozenset(planning.read_slot(each.slot or "") for each in own)
    pattern = row.pattern
    return Appointment(
        title=row.title,
        waits=row.deleted_at is None and row.status is not EventStatus.CANCELLED,
        pattern=replace(pattern, left_out=pattern.left_out | slots),
        apart=tuple(
            Coming(each.title, each.timing)
            for each in own
            if each.status is not EventStatus.CANCELLED
        ),
    )


async def name_of_kept(ctx: Context, event_id: UUID, pointer: str) -> str:
    """Return what an event is called, or point at the field that named it.

    Raises Invalid for one that is missing, in the trash, or one occurrence of another.
    """
    ctx.require(Permission.CALENDAR_READ)
    row = await ctx.session.scalar(select(CalendarEvent).where(CalendarEvent.id == event_id))
    if row is None:
        raise invalid(pointer, "There is no such calendar event.")
    if row.deleted_at is not None:
        raise invalid(pointer, "This event is in the trash; restore it first.")
    if row.series_id is not None:
        raise invalid(pointer, "This is one occurrence; name the event, whose reminders it has.")
    return row.title


def events_before(workspace_id: UUID, event_id: UUID) -> Select[UUID]:
    """Return the ids of an event and of those that it continues."""
    here = CalendarEvent.workspace_id == workspace_id
    chain = (
        select(CalendarEvent.id, CalendarEvent.continues_id)
        .where(here, CalendarEvent.id == event_id)
        .cte("continued", recursive=True)
    )
    chain = chain.union(
        select(CalendarEvent.id, CalendarEvent.continues_id).where(
            here, CalendarEvent.id == chain.c.continues_id
        )
    )
    return select(chain.c.id)


async def events_following(
    ctx: Context, event_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[UUID]]:
    """Return for each event that exists itself and those that continue it, in one query."""
    if not event_ids:
        return {}
    here = CalendarEvent.workspace_id == ctx.workspace_id
    chain = (
        select(CalendarEvent.id.label("first"), CalendarEvent.id)
        .where(here, CalendarEvent.id.in_(event_ids))
        .cte("following", recursive=True)
    )
    chain = chain.union(
        select(chain.c.first, CalendarEvent.id).where(
            here, CalendarEvent.continues_id == chain.c.id
        )
    )
    following: dict[UUID, list[UUID]] = {}
    for first, event_id in await ctx.session.execute(select(chain.c.first, chain.c.id)):
        following.setdefault(first, []).append(event_id)
    return following


async def touched_events(ctx: Context, changeset_id: UUID) -> set[UUID]:
    """Return the events that a changeset has changed, also by one occurrence of theirs."""
    found = await ctx.session.execute(
        select(
            Change.entity_id,
            Change.before["series_id"].astext,
            Change.after["series_id"].astext,
        ).where(
            Change.workspace_id == ctx.workspace_id,
            Change.changeset_id == changeset_id,
            Change.entity == "calendar_event",
        )
    )
    ids: set[UUID] = set()
    for entity_id, before, after in found:
        ids |= {UUID(each) for each in (before, after) if each} or {entity_id}
    return ids
