"""Carrying out one change of a device, merged with what others have done meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm.exc import StaleDataError

from selfos.features.history import service as history
from selfos.features.identity import service as identity
from selfos.features.sync.clock import Stamp
from selfos.features.sync.schemas import Op
from selfos.features.sync.service.deciding import Decision, Lost, decide
from selfos.features.sync.service.nouns import DELETED, Aim, Noun, Verb
from selfos.features.sync.service.registry import NOUNS
from selfos.features.sync.service.since import (
    Past,
    Reader,
    deleted_with,
    deletion_of,
    note_added_words,
    written_since,
)
from selfos.features.sync.service.writing import do_verb, find_row, wanted_fields
from selfos.kernel.context import Context
from selfos.kernel.errors import Forbidden, Invalid, Problem, Unavailable, invalid
from selfos.kernel.identifiers import ClientId
from selfos.kernel.refusals import refusal_of
from selfos.kernel.rows import missing

OWN_ID: TypeAdapter[UUID] = TypeAdapter(ClientId)
CREATE = "create"
OUR_FAULT = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A change of which everything it names is known."""

    id: UUID
    noun: Noun
    verb: Verb
    thing: UUID
    fields: Mapping[str, Any]
    reader: Reader


class Refused(Exception):
    """A change that is not carried out, with what it would have written against others."""

    def __init__(self, problem: Problem, lost: list[Lost] | None = None) -> None:
        super().__init__(problem.detail)
        self.problem, self.lost = problem, lost or []


def understand(op: Op, device: UUID) -> Change:
    """Read a change, or raise Invalid with what is wrong in it."""
    noun = NOUNS.get(op.entity)
    if noun is None:
        raise invalid("/entity", f"Unknown entity; there are {', '.join(NOUNS)}.")
    verbs = {**({CREATE: noun.create} if noun.create else {}), **noun.verbs}
    verb = verbs.get(op.verb)
    if verb is None:
        known = ", ".join(verbs)
        raise invalid("/verb", f"Unknown verb; a {op.entity} knows {known}.")
    try:
        op_id = OWN_ID.validate_strings(op.id)
    except ValidationError as error:
        raise invalid("/id", "The id of a change is a UUIDv7.") from error
    try:
        thing = UUID(op.entity_id)
    except ValueError as error:
        raise invalid("/entity_id", "This is not a UUID.") from error
    try:
        stamp = Stamp.read(op.hlc)
    except ValueError as error:
        raise invalid("/hlc", f"This is not a clock: {error}.") from error
    if stamp.device != device:
        raise invalid("/hlc", "This clock is another device's.")
    return Change(op_id, noun, verb, thing, op.fields, Reader(device, op.base or 0, stamp))


async def carry_out(ctx: Context, change: Change) -> Decision:
    """Make the change, as far as it stands against others; raises Refused.

    A refusal that others' changes may have caused tells what was lost by it.
    """
    lost: list[Lost] = []
    try:
        ctx.require(change.noun.writes)
        decision = await _carried(ctx, change, lost)
        await ctx.transaction.flush()
    except Exception as error:
        problem = refusal_of(error)
        if problem is None:
            raise
        if isinstance(error, StaleDataError) or problem.status >= OUR_FAULT:
            # Not for the device to hear: it is tried again.
            raise Unavailable("Another change was in the way; try again.") from error
        kept = [] if isinstance(problem, Forbidden) else lost
        raise Refused(problem, kept) from error
    return decision


async def _carried(ctx: Context, change: Change, lost: list[Lost]) -> Decision:
    noun, verb = change.noun, change.verb
    if verb is noun.create:
        await _make(ctx, change)
        return Decision()
    if noun.aim is None:
        return await _merged(ctx, change, Aim(change.thing, change.fields, change.thing), lost)
    aim = await noun.aim(ctx, verb, change.thing, change.fields)
    try:
        aimed = replace(change, thing=aim.thing, fields=aim.fields)
        decision = await _merged(ctx, aimed, aim, lost)
    finally:
        lost[:] = [replace(each, thing=aim.told) for each in lost]
    decision.lost = [replace(each, thing=aim.told) for each in decision.lost]
    return decision


async def _merged(ctx: Context, change: Change, aim: Aim, lost: list[Lost]) -> Decision:
    noun, verb = change.noun, change.verb
    row = await find_row(ctx, noun, change.thing)
    deletion: list[Lost] = []
    if verb.settles:
        return await _settled(ctx, change, row)
    if row is None:
        found = await _bring_back(ctx, change, lost)
        if found is None:
            return Decision()
        row, deletion = found
    row |= aim.row
    wanted = wanted_fields(noun, verb, change.fields, row)
    past = await written_since(ctx, noun, change.thing, row, change.reader)
    if wanted.get(DELETED):
        await note_added_words(ctx, noun, change.thing, change.reader, past)
    if past.others:
        lost[:] = _all_lost(ctx, change, wanted, row, past)
    if aim.bears is not None:
        past = past.only(aim.bears)
    decision = await decide(ctx, noun, change.thing, wanted, row, past, change.reader)
    decision.lost += deletion
    given = await _dated(ctx, change)
    await do_verb(ctx, noun, verb, change.thing, given, decision.write, row)
    return decision


async def _settled(ctx: Context, change: Change, row: Mapping[str, Any] | None) -> Decision:
    takes = change.verb.takes
    if row is None or takes is None:
        raise missing(change.noun.entity)
    given = takes.model_validate(await _dated(ctx, change))
    await change.verb.run(ctx, change.thing, given, row)
    return Decision()


async def _make(ctx: Context, change: Change) -> None:
    takes = change.verb.takes
    if takes is None:
        raise Invalid("This cannot be made.")
    fields = {**await _dated(ctx, change), "id": str(change.thing)}
    await change.verb.run(ctx, change.thing, takes.model_validate(fields), {})


async def _dated(ctx: Context, change: Change) -> dict[str, Any]:
    """Return the fields with when the change was made, where the verb counts for that."""
    fields, name = dict(change.fields), change.verb.dated
    if name is not None and fields.get(name) is None:
        time = await identity.user_time(ctx)
        day = time.local_day(change.reader.stamp.clamped(ctx.now).instant)
        fields[name] = min(day, time.today(ctx.now)).isoformat()
    name = change.verb.timed
    if name is not None and fields.get(name) is None:
        fields[name] = change.reader.stamp.clamped(ctx.now).instant.isoformat()
    return fields


def _all_lost(
    ctx: Context, change: Change, wanted: Mapping[str, Any], row: Mapping[str, Any], past: Past
) -> list[Lost]:
    """Return what is lost if the verb refuses, because the row is not what the device knew."""
    rival = past.others[min(past.others)]
    noun, me = change.noun, ctx.actor.user_id
    return [
        Lost(name, noun.value(name, row), value, rival, me)
        for name, value in wanted.items()
        if noun.tells(name) and noun.value(name, row) != value
    ]


async def _bring_back(
    ctx: Context, change: Change, lost: list[Lost]
) -> tuple[dict[str, Any], list[Lost]] | None:
    """Undo a deletion for good that the device did not know of; None if it deletes it too.

    Returns the thing, and the deletion that does not stand. Only one that deleted nothing else of
    its own is undone: an edit of one task shall not bring back a plan.
    """
    deletion = await deletion_of(ctx, change.noun, change.thing, change.reader)
    if deletion is None:
        raise missing(change.noun.entity)
    if change.verb.sets.get(DELETED):
        return None
    me = ctx.actor.user_id
    wanted = wanted_fields(change.noun, change.verb, change.fields, {})
    told = {name: value for name, value in wanted.items() if change.noun.tells(name)}
    lost += [Lost(name, None, value, deletion.user_id, me) for name, value in told.items()]
    alone = await deleted_with(ctx, deletion.changeset_id, NOUNS) == 1
    if deletion.is_known or not alone:
        raise missing(change.noun.entity)
    await history.undo_changeset(ctx, deletion.changeset_id, partial=True)
    # It is an edit that brings the thing along, and can itself be undone.
    ctx.draft.undo_of, ctx.draft.summary = None, ""
    row = await find_row(ctx, change.noun, change.thing)
    if row is None:
        raise missing(change.noun.entity)
    return row, [Lost(DELETED, False, True, me, deletion.user_id)]
