"""Bringing fields of a thing about, by the verbs of its own slice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from selfos.features.sync.merging import Kind, with_edits
from selfos.features.sync.schemas import WordsEdit
from selfos.features.sync.service.nouns import ARCHIVED, DELETED, Noun, Row, Verb
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid


async def find_row(ctx: Context, noun: Noun, thing: UUID) -> dict[str, Any] | None:
    """Return a thing as it is shown, with its parts in full, or None.

    It is held until the transaction ends.
    """
    await ctx.transaction.flush()
    model = noun.documents.model
    query = select(model.id).where(model.id == thing).with_for_update()
    if await ctx.session.scalar(query) is None:
        return None
    row: dict[str, Any] = json.loads((await noun.documents.named(ctx, [thing]))[thing])
    for name, part in noun.parts.items():
        if row[name] is not None:
            whole = json.loads((await part.documents.one(ctx, UUID(row[part.pointer]))).body)
            row[name] = {each: whole[each] for each in part.shown}
    return row


def wanted_fields(noun: Noun, verb: Verb, fields: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """Return the fields a verb is to bring about, checked as its own operation checks them.

    Raises Invalid or pydantic's ValidationError for what that operation would not take.
    """
    if verb.takes is None:
        if fields:
            raise invalid("/fields", "This verb takes no fields.")
        return dict(verb.sets)
    wanted = {name: _whole(noun, name, value, row) for name, value in fields.items()}
    verb.takes.model_validate(wanted)
    if not verb.sets:
        return wanted
    return {**verb.sets, **{name: wanted[name] for name in noun.modifiers & wanted.keys()}}


def _whole(noun: Noun, name: str, value: Any, row: Row) -> Any:
    """Turn an edit of a set of words into the set it makes, and write out what has a full form."""
    if name in noun.forms:
        return noun.forms[name](value)
    if noun.kind_of(name) is not Kind.WORDS or not isinstance(value, dict):
        return value
    edit = WordsEdit.model_validate(value)
    return with_edits(noun.value(name, row), edit.add, edit.remove)


async def write_fields(
    ctx: Context, noun: Noun, verb: Verb, thing: UUID, wanted: Mapping[str, Any], row: Row
) -> None:
    """Bring these fields about: out of the trash first, into it last."""
    rest = dict(wanted)
    if rest.get(DELETED) is False:
        await noun.verbs["restore"].run(ctx, thing, None, row)
    if ARCHIVED in rest:
        name = "archive" if rest.pop(ARCHIVED) else "unarchive"
        await noun.verbs[name].run(ctx, thing, None, row)
    for name in noun.put.keys() & rest.keys():
        await noun.put[name](ctx, thing, rest.pop(name), row)
    is_gone = rest.pop(DELETED, False)
    if rest.keys() - noun.modifiers and verb.takes is not None:
        await verb.run(ctx, thing, verb.takes.model_validate(rest), row)
    if is_gone:
        await noun.verbs["delete"].run(ctx, thing, None, row)


async def do_verb(
    ctx: Context,
    noun: Noun,
    verb: Verb,
    thing: UUID,
    given: Mapping[str, Any],
    wanted: Mapping[str, Any],
    row: Row,
) -> None:
    """Do a verb as far as its fields are still wanted; what comes with them is brought about."""
    means = {name: wanted[name] for name in verb.sets if name in wanted}
    if not means:
        await write_fields(ctx, noun, verb, thing, wanted, row)
        return
    rest = {name: value for name, value in wanted.items() if name not in means}
    await write_fields(ctx, noun, verb, thing, rest, row)
    checked = verb.takes.model_validate(given) if verb.takes is not None else None
    await verb.run(ctx, thing, checked, row)
