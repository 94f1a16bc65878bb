"""Looking at appointments: the rows, and what takes place on which days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from selfos.features.calendar.documents import EVENTS
from selfos.features.calendar.models import CalendarEvent
from selfos.features.calendar.schemas import (
    CalendarEventQuery,
    DaysQuery,
    EventStatus,
    Transparency,
)
from selfos.features.calendar.timing import A_DAY, LONGEST, ZONES_APART, Timing
from selfos.features.planning import service as planning
from selfos.features.planning.service import Slot
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order, assemble
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission

LONGEST_DAYS, USUAL_DAYS = 92, 14
# A quarter of somebody very busy.
MOST_SHOWN = 2_000
# One more tells that there are more.
MOST_ROWS = MOST_SHOWN + 1
SINGLE = CalendarEvent.series_id.is_(None)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time an event takes place, by its own row or by that of what repeats."""

    row: CalendarEvent
    slot: Slot | None
    timing: Timing
    text: str | None

    @property
    def takes_time(self) -> bool:
        """Tell whether somebody is busy with it."""
        return self.takes_place and self.row.transparency is Transparency.BUSY

    @property
    def takes_place(self) -> bool:
        """Tell whether it was not cancelled."""
        return self.row.status is not EventStatus.CANCELLED

    def shown(self, here: ZoneInfo) -> dict[str, Any]:
        """Return it as JSON, for somebody in this zone."""
        row, timing, slot = self.row, self.timing, self.slot
        first, last = timing.days(here)
        timed = not timing.is_all_day
        by_rule = row.series_id is None and slot is not None
        return {
            "id": str(row.occurrence_id(slot) if by_rule and slot else row.id),
            "event_id": str(row.series_id or row.id),
            "slot": planning.slot_text(slot) if slot is not None else None,
            "title": row.title,
            "location": row.location,
            **timing.shown(),
            "begins_at": timing.begins(here).isoformat() if timed else None,
            "ends_at": timing.ends(here).isoformat() if timed else None,
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "text": self.text,
            "status": row.status,
            "transparency": row.transparency,
            "apart": row.series_id is not None,
        }


async def get_event(ctx: Context, event_id: UUID) -> Document:
    """Return one row as shown, also from the trash."""
    ctx.require(Permission.CALENDAR_READ)
    return await EVENTS.one(ctx, event_id)


async def list_events(ctx: Context, query: CalendarEventQuery) -> Json:
    """Return one page of events, or of the occurrences that are kept apart from one of them."""
    ctx.require(Permission.CALENDAR_READ)
    in_trash = CalendarEvent.deleted_at.is_not(None)
    series = query.series_id
    return await EVENTS.page(
        ctx,
        query,
        SINGLE if series is None else CalendarEvent.series_id == series,
        in_trash if query.deleted else ~in_trash,
        order=Order((CalendarEvent.created_at,), descending=True),
    )


async def list_occurrences(ctx: Context, query: DaysQuery) -> Json:
    """Return what takes place from one day to another, both included, by start, in one query."""
    ctx.require(Permission.CALENDAR_READ)
    day = await planning.day_of(ctx, query.first)
    last = days_asked(day.date, query.last)[-1]
    found = list(islice(await occurrences(ctx, day, last), MOST_SHOWN + 1))
    items = [each.shown(day.clock.zone) for each in found[:MOST_SHOWN]]
    shown = {"from": day.date.isoformat(), "to": last.isoformat(), "items": items}
    return assemble({**shown, "more": len(found) > MOST_SHOWN})


def days_asked(first: date, last: date | None) -> list[date]:
    """Return the days from one to another, by default two weeks; raises Invalid for too many."""
    last = last or first + timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise invalid("/query/to", "These days end before they begin.")
    count = (last - first).days + 1
    if count > LONGEST_DAYS:
        raise invalid("/query/to", f"Ask for at most {LONGEST_DAYS} days at once.")
    return [first + timedelta(days=number) for number in range(count)]


async def events_by_day(
    ctx: Context, day: planning.Day, last: date
) -> list[tuple[date, dict[str, Any]]]:
    """Return what is not cancelled, on each of its days from `day` to `last`, by start."""
    ctx.require(Permission.CALENDAR_READ)
    here = day.clock.zone
    found: list[tuple[date, dict[str, Any]]] = []
    for each in islice(await occurrences(ctx, day, last), MOST_SHOWN):
        if each.takes_place:
            begins, ends = each.timing.days(here)
            first, shown = max(begins, day.date), each.shown(here)
            length = (min(ends, last) - first).days + 1
            found += [(first + timedelta(days=number), shown) for number in range(length)]
    return found


async def busy_minutes(ctx: Context, day: planning.Day, last: date) -> dict[date, float]:
    """Return how much of each day what is neither free nor cancelled takes; whole days take none.

    What overlaps counts twice, as tasks at the same time do.
    """
    ctx.require(Permission.CALENDAR_READ)
    here = day.clock.zone
    busy: dict[date, float] = {}
    for each in await occurrences(ctx, day, last):
        if each.takes_time:
            for on, minutes in each.timing.minutes_by_day(here):
                if day.date <= on <= last:
                    busy[on] = busy.get(on, 0.0) + minutes
    return busy


async def busy_times(
    ctx: Context, day: planning.Day, last: date
) -> list[tuple[datetime, datetime]]:
    """Return from when to when what is neither free nor cancelled takes; whole days take none."""
    ctx.require(Permission.CALENDAR_READ)
    here = day.clock.zone
    return [
        (each.timing.begins(here), each.timing.ends(here))
        for each in await occurrences(ctx, day, last)
        if each.takes_time and not each.timing.is_all_day
    ]


async def occurrences(ctx: Context, day: planning.Day, last: date) -> Iterator[Occurrence]:
    """Walk what touches these days as the acting person counts them, by start; one query."""
    series = aliased(CalendarEvent)
    words = (
        select(series.words)
        .where(
            series.workspace_id == CalendarEvent.workspace_id,
            series.id == CalendarEvent.series_id,
        )
        .correlate(CalendarEvent)
        .scalar_subquery()
    )
    found = await ctx.session.execute(
        select(CalendarEvent, func.coalesce(CalendarEvent.words, words))
        .where(CalendarEvent.deleted_at.is_(None), _near(day.date, last))
        .order_by(CalendarEvent.start_date, CalendarEvent.id)
        .limit(MOST_ROWS)
    )
    return _walk([(row, text) for row, text in found], day.date, last, day.clock.zone)


def _near(first: date, last: date) -> ColumnElement[bool]:
    """Find what may touch these days, and what was moved away from them."""
    earliest, latest = first - ZONES_APART, last + ZONES_APART
    reaches = and_(CalendarEvent.last_on >= earliest, CalendarEvent.start_date <= latest)
    # A slot with a time sorts behind the bare day it lies on.
    slots = ((earliest - LONGEST).isoformat(), (latest + A_DAY).isoformat())
    return or_(reaches, CalendarEvent.slot.between(*slots))


def _walk(
    rows: Iterable[tuple[CalendarEvent, str | None]], first: date, last: date, here: ZoneInfo
) -> Iterator[Occurrence]:
    known = list(rows)
    apart: dict[UUID, set[Slot]] = {}
    for row, _ in known:
        if row.series_id is not None and row.slot is not None:
            apart.setdefault(row.series_id, set()).add(planning.read_slot(row.slot))
    walks = (
        _times(row, text, apart.get(row.id, set()), (first, last, here)) for row, text in known
    )

    def place(each: Occurrence) -> tuple[datetime, bool]:
        return each.timing.begins(here), not each.timing.is_all_day

    return merge(*walks, key=place)


def _times(
    row: CalendarEvent, text: str | None, apart: set[Slot], span: tuple[date, date, ZoneInfo]
) -> Iterator[Occurrence]:
    own = planning.read_slot(row.slot) if row.slot is not None else None
    for slot, timing in row.pattern.between(*span):
        if slot not in apart:
            yield Occurrence(row, slot if row.rule is not None else own, timing, text)
