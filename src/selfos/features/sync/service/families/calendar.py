"""Appointments: handed only to their person's own devices, each occurrence a thing of its own.

A change of one occurrence names the event and the slot. It is merged with what others did to that
occurrence, not with what they did to all of them: both stand.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from selfos.features.calendar import service as calendar
from selfos.features.calendar.schemas import (
    CalendarEventCreate,
    CalendarEventDelete,
    CalendarEventUpdate,
    EventRepeat,
)
from selfos.features.planning.schemas.repeating import SlotText
from selfos.features.planning.schemas.words import Scope, When
from selfos.features.sync.merging import Kind
from selfos.features.sync.service.nouns import DELETED, Aim, Noun, Row, Verb, creating
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.ledger.models import Change, ChangeKind
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input

ENTITY = "calendar_event"
WHEN: TypeAdapter[When] = TypeAdapter(When)
# An occurrence that was left out carries its slot under this name.
LEFT_OUT = "left_out"


class RepeatAsShown(EventRepeat):
    """How an event repeats as its row says it; only the rule is taken, dates are left out alone."""

    text: str | None = None


class EventChange(CalendarEventUpdate):
    """What an edit of an event holds; it may send back what the row shows."""

    # Inputs are frozen, so a narrower field is safe; the type checker cannot see it.
    repeat: RepeatAsShown | None = None  # pyright: ignore[reportIncompatibleVariableOverride]


class EventDelete(Input):
    """All of it, or of what repeats one occurrence, or that and what follows."""

    slot: SlotText | None = None
    scope: Scope | None = None


async def _change(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    if given.repeat is not None:
        given = given.model_copy(update={"repeat": EventRepeat(rule=given.repeat.rule)})
    await calendar.update_event(ctx, thing, given)


async def _delete(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    wanted = given or EventDelete()
    reach = CalendarEventDelete(slot=wanted.slot, scope=wanted.scope)
    await calendar.delete_event(ctx, thing, reach)


async def _restore(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    if row.get(LEFT_OUT):
        await calendar.take_back_in(ctx, thing, row[LEFT_OUT])
        return
    await calendar.restore_event(ctx, UUID(row["series_id"]) if row.get("series_id") else thing)


async def _aim(ctx: Context, verb: Verb, thing: UUID, fields: Row) -> Aim:
    """Find which event, or which occurrence of it, a change is meant for."""
    shown = (await calendar.EVENTS.named(ctx, [thing])).get(thing)
    row: Row = json.loads(shown) if shown is not None else {}
    image = None if row else await _gone(ctx, thing)
    if image is not None and image["series_id"]:
        own = calendar.own_fields(image) if verb.takes is EventChange else {}
        fields = {**own, "slot": image["slot"], "scope": Scope.THIS, **fields}
        thing = UUID(image["series_id"])
    slot, scope = fields.get("slot"), fields.get("scope")
    if not slot:
        return Aim(thing, _ended(fields, row), told=thing)
    if scope == Scope.ALL:
        raise invalid("/fields/slot", "Leave the slot out to change all of an event.")
    single = await calendar.find_single(ctx, thing, slot)
    if single is None:
        # It no longer repeats: for the verb to refuse.
        return Aim(thing, fields, told=thing, bears={})
    if scope == Scope.FOLLOWING:
        return _following(thing, fields, single)
    return _one(thing, fields, single, deletes=verb.takes is EventDelete)


def _one(thing: UUID, fields: Row, single: calendar.Single, *, deletes: bool) -> Aim:
    if single.is_apart:
        own = {name: value for name, value in fields.items() if name not in ("slot", "scope")}
        return Aim(single.id, _ended(own, single.shown), told=single.id)
    row, deletion = single.shown, DELETED
    if single.is_left_out or (deletes and not single.takes_place):
        row, deletion = {**row, LEFT_OUT: fields["slot"], "deleted_at": LEFT_OUT}, "exdates"
    bears = {deletion: DELETED}
    return Aim(thing, _ended(fields, single.shown), told=single.id, row=row, bears=bears)


def _following(thing: UUID, fields: Row, single: calendar.Single) -> Aim:
    """What goes on from there is another event, where there is one before it."""
    rest = fields.get("rest_id")
    told = UUID(str(rest)) if rest and not single.is_first else thing
    return Aim(thing, _ended(fields, single.shown), told=told, row=single.shown)


def _ended(fields: Row, shown: Row) -> dict[str, Any]:
    """Say when it is over where a change says how long it lasts: one field to merge, not two."""
    start, minutes = fields.get("start") or shown.get("start"), fields.get("duration_minutes")
    if start is None or not isinstance(minutes, int):
        return dict(fields)
    try:
        end = calendar.end_of(WHEN.validate_python(start), minutes)
    except ValidationError:
        end = None
    if end is None:
        return dict(fields)
    return {**{name: fields[name] for name in fields if name != "duration_minutes"}, "end": end}


async def _gone(ctx: Context, thing: UUID) -> dict[str, Any] | None:
    """Return what the ledger last knew of a row that is gone for good."""
    query = (
        select(Change.before)
        .where(Change.entity == ENTITY, Change.entity_id == thing, Change.kind == ChangeKind.DELETE)
        .order_by(Change.id.desc())
        .limit(1)
    )
    return await ctx.session.scalar(query)


EVENT = Noun(
    ENTITY,
    calendar.EVENTS,
    Permission.CALENDAR_READ,
    Permission.CALENDAR_WRITE,
    creating(calendar.create_event, CalendarEventCreate),
    {
        "update": Verb(_change, EventChange),
        "delete": Verb(_delete, EventDelete, {DELETED: True}),
        "restore": Verb(_restore, None, {DELETED: False}),
    },
    kinds={"description": Kind.TEXT},
    columns={
        "start": ("start_date", "start_time", "zone"),
        "end": ("end_date", "end_time", "end_zone"),
        "repeat": ("rule", "words"),
    },
    modifiers=frozenset({"slot", "scope", "rest_id"}),
    aim=_aim,
)

NOUNS = (EVENT,)
