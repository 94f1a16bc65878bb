"""Which occurrences a change reaches, and what becomes of the exceptions of what repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from selfos.features.calendar.models import FIELDS, CalendarEvent
from selfos.features.calendar.schemas import EventRepeat
from selfos.features.calendar.timing import Timing, carried
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import Scope
from selfos.features.planning.service import Slot
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.identifiers import new_id

HOURS = ("HOURLY", "BYHOUR")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a change is meant for: an event, and of one that repeats which occurrence and how far.

    `own` is the row of the occurrence, if it is kept apart already.
    """

    event: CalendarEvent
    scope: Scope
    slot: Slot | None = None
    own: CalendarEvent | None = None


async def aim_at(
    ctx: Context, row: CalendarEvent, slot: str | None, scope: Scope | None, *, pointer: str
) -> Aim:
    """Find what a change of this row is meant for; raises Invalid where there is no such thing."""
    if row.series_id is not None and row.slot is not None:
        if slot is not None and slot != row.slot:
            raise invalid(f"{pointer}/slot", "This is an occurrence already; leave the slot out.")
        event = await rows.get(ctx, CalendarEvent, row.series_id, lock=True)
        return _whole(Aim(event, scope or Scope.THIS, planning.read_slot(row.slot), row))
    if slot is None:
        if row.rule is not None and scope not in (None, Scope.ALL):
            raise invalid(f"{pointer}/slot", "Say which occurrence is meant by its slot.")
        return Aim(row, Scope.ALL)
    if row.rule is None:
        raise invalid(f"{pointer}/slot", "This event does not repeat.")
    at = planning.read_one_slot(slot, row.timing.start, f"{pointer}/slot")
    own = await own_row(ctx, row, slot)
    if own is None and not row.pattern.has(at):
        raise invalid(f"{pointer}/slot", "This event does not take place then.")
    return _whole(Aim(row, scope or Scope.THIS, at, own))


def _whole(aim: Aim) -> Aim:
    """Take the first occurrence and what follows it for all."""
    first = next(aim.event.pattern.slots(), None)
    if aim.scope is Scope.FOLLOWING and aim.slot is not None and first in (aim.slot, None):
        return Aim(aim.event, Scope.ALL, aim.slot, aim.own)
    return aim


async def occurrences_apart(ctx: Context, event: CalendarEvent) -> list[CalendarEvent]:
    """Return the occurrences of an event that have a row of their own."""
    query = select(CalendarEvent).where(CalendarEvent.series_id == event.id)
    return list(await ctx.session.scalars(query.order_by(CalendarEvent.slot)))


async def apart(ctx: Context, event: CalendarEvent, slot: Slot) -> CalendarEvent:
    """Give the occurrence at this slot a row of its own; it is not added yet."""
    row_id = event.occurrence_id(slot)
    # Where the slots of a series were moved, its id may be in use for what was here before.
    taken = await rows.find(ctx, CalendarEvent, row_id)
    return event.occurrence(slot, row_id if taken is None else new_id())


async def follow_rule(ctx: Context, event: CalendarEvent, repeat: EventRepeat) -> None:
    """Let an event repeat by a rule; it moves to the rule's first date."""
    clock, start = await identity.user_time(ctx), event.timing.start
    rule = planning.canonical_rule(
        repeat.rule,
        start,
        week_start=clock.first_weekday,
        zone=ZoneInfo(event.zone) if event.zone else clock.zone,
        pointer="/repeat/rule",
    )
    if any(word in rule for word in HOURS):
        raise invalid("/repeat/rule", "An event repeats by days or longer, at one time of day.")
    event.repeat_by(rule)
    for name in ("exdates", "rdates"):
        if name in repeat.model_fields_set:
            found = planning.read_slots(getattr(repeat, name), start, f"/repeat/{name}")
            setattr(event, name, sorted({planning.slot_text(slot) for slot in found}))
    _begin(event)


def move_rule(event: CalendarEvent, old: Slot) -> None:
    """Let a rule move along with the start of its event; raises Invalid where it cannot.

    A rule that names several days keeps them, so such an event cannot go to a day between.
    """
    if event.rule is None:
        return
    start = event.timing.start
    event.repeat_by(planning.moved_rule(event.rule, old, start))
    if not planning.is_due(event.rule, start, planning.slot_day(start)):
        raise invalid("/start", "It repeats on other days; say by which rule it does from now on.")


def carry_exceptions(
    event: CalendarEvent, own: Sequence[CalendarEvent], before: Timing, after: Timing
) -> None:
    """Let single slots move as the start of their event does, and plans that were still its own."""
    event.exdates = _carried(event.exdates, before, after)
    event.rdates = _carried(event.rdates, before, after)
    for each in own:
        slot = planning.read_slot(each.slot or "")
        there = carried(slot, before.start, after.start)
        if each.timing == before.at(slot):
            each.put(after.at(there))
            each.reckon()
        each.slot = planning.slot_text(there)


def _carried(texts: Sequence[str], before: Timing, after: Timing) -> list[str]:
    slots = [carried(planning.read_slot(text), before.start, after.start) for text in texts]
    return sorted(map(planning.slot_text, slots))


async def drop_strays(ctx: Context, event: CalendarEvent, own: Sequence[CalendarEvent]) -> None:
    """Let go of exceptions at slots that the event no longer has."""
    everything = event.pattern.without_exceptions()
    event.exdates = [text for text in event.exdates if everything.has(planning.read_slot(text))]
    for each in own:
        if event.rule is None or not event.pattern.has(planning.read_slot(each.slot or "")):
            await ctx.session.delete(each)


async def split(ctx: Context, event: CalendarEvent, slot: Slot, row_id: UUID) -> CalendarEvent:
    """End an event before this slot; returns the new one that goes on from there."""
    text, rule = planning.slot_text(slot), event.rule or ""
    rest = CalendarEvent(
        **{name: getattr(event, name) for name in ("workspace_id", "user_id", "seen_by", *FIELDS)},
        id=row_id,
        uid=str(row_id),
        continues_id=event.id,
        sequence=0,
        exdates=[each for each in event.exdates if each >= text],
        rdates=[each for each in event.rdates if each >= text],
    )
    rest.put(event.timing.at(slot))
    rest.repeat_by(planning.continued_rule(rule, event.timing.start, slot))
    rest.reckon()
    ctx.session.add(rest)
    # Occurrences name their series by id alone, so it must be there first.
    await ctx.session.flush()
    for each in await occurrences_apart(ctx, event):
        if (each.slot or "") >= text:
            each.series_id, each.uid = rest.id, rest.uid
    end_before(event, slot)
    return rest


def end_before(event: CalendarEvent, slot: Slot) -> None:
    """Let an event no longer take place from this slot on."""
    text, rule = planning.slot_text(slot), event.rule or ""
    exdates = [each for each in event.exdates if each < text]
    rdates = [each for each in event.rdates if each < text]
    event.repeat_by(planning.ended_rule(rule, planning.slot_day(slot) - timedelta(days=1)))
    event.exdates, event.rdates = exdates, rdates
    event.sequence += 1
    event.reckon()


def _begin(event: CalendarEvent) -> None:
    timing, rule = event.timing, event.rule or ""
    first = next(planning.walk_slots(rule, timing.start), None)
    if first is None:
        raise invalid("/repeat/rule", "This rule would never come up.")
    event.put(timing.at(first))
    if next(event.pattern.slots(), None) is None:
        raise invalid("/repeat/exdates", "This leaves out every time it takes place.")


async def own_row(ctx: Context, event: CalendarEvent, slot: str) -> CalendarEvent | None:
    """Return the row of the occurrence at this slot, if it has one of its own."""
    query = select(CalendarEvent).where(
        CalendarEvent.series_id == event.id, CalendarEvent.slot == slot
    )
    return await ctx.session.scalar(query)


def series_of(row: CalendarEvent) -> UUID:
    """Return the event a row belongs to, itself or what it is an occurrence of."""
    return row.series_id or row.id
