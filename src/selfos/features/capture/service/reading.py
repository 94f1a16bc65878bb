"""Reading a line with the names, the clock and the language of who typed it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, time
from typing import Any, cast

from selfos.features.capture.grammar import Name, Names, Options, Parsed, Plan, parse
from selfos.features.capture.schemas import QuickText
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.errors import NotFound
from selfos.kernel.permissions import Permission

PARENT_SIGN = ">"


async def show(ctx: Context, asked: QuickText) -> Json:
    """Return what a line means, as JSON; nothing is changed."""
    return json.dumps(as_json(await read(ctx, asked)), ensure_ascii=False).encode()


async def read(ctx: Context, asked: QuickText) -> Parsed:
    """Return what a line means to the acting user, here and now."""
    ctx.require(Permission.TASK_READ)
    clock = await identity.user_time(ctx)
    names = await _names(ctx, asked.text)
    picked = frozenset(map(str, asked.picks))
    if picked - {name.id for name in names}:
        raise NotFound("One of the things picked does not exist; look at the choices again.")
    return parse(
        asked.text,
        ctx.now,
        clock.zone,
        await identity.user_locale(ctx),
        Names(names, picked),
        options=Options(
            prefixes=asked.prefixes,
            week_start=clock.first_weekday,
            day_start_minutes=clock.day_start_minutes,
        ),
        ignored=[(each.start, each.end) for each in asked.ignored],
    )


async def _names(ctx: Context, text: str) -> list[Name]:
    """Return everything a line can mention; tasks only where it may mention one."""
    named = await planning.list_names(ctx)
    if PARENT_SIGN in text:
        named += await planning.tasks_mentioned(ctx, text)
    things = [
        Name(each.noun, str(each.id), each.name, frozenset({str(each.inside)} - {"None"}))
        for each in named
    ]
    members = [
        Name("member", str(user_id), name, aliases=(name.split()[0],))
        for user_id, name in (await workspaces.member_names(ctx)).items()
    ]
    return things + members


def as_json(value: Any) -> Any:
    """Return the grammar's results as plain values."""
    match value:
        case Plan():
            return value.as_json()
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case list():
            return [as_json(each) for each in cast("list[Any]", value)]
        case _ if is_dataclass(value):
            return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
        case _:
            return value
