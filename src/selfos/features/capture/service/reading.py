"""Reading a line with the names, the clock and the language of who typed it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, time
from typing import Any, cast

from selfos.features.capture.grammar import Name, Names, Options, Parsed, Plan, is_unclear, parse
from selfos.features.capture.schemas import QuickText
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.errors import NotFound
from selfos.kernel.permissions import Permission

# What begins a name, in either set of signs.
PLACE_SIGNS, MEMBER_SIGNS, PARENT_SIGN = frozenset("#@^~+*"), frozenset("+@"), ">"


async def show(ctx: Context, asked: QuickText) -> Json:
    """Return what a line means, as JSON; nothing is changed."""
    return json.dumps(shown(await read(ctx, asked)), ensure_ascii=False).encode()


def shown(parsed: Parsed) -> dict[str, Any]:
    """Return what a line means as plain values, and whether it left something unclear."""
    return {**as_json(parsed), "unclear": is_unclear(parsed)}


async def read(ctx: Context, asked: QuickText) -> Parsed:
    """Return what a line means to the acting user, here and now."""
    return (await reader(ctx, asked))(asked)


async def reader(
    ctx: Context, asked: QuickText, *, every: bool = False
) -> Callable[[QuickText], Parsed]:
    """Return how a line is read here and now: this one, or with `every` name any other, too."""
    ctx.require(Permission.TASK_READ)
    clock, typing = await identity.user_time(ctx), await identity.typing_of(ctx)
    names = await _names(ctx, asked, every=every or bool(asked.picks))
    picked = frozenset(map(str, asked.picks))
    if picked - {name.id for name in names}:
        raise NotFound("One of the things picked does not exist; look at the choices again.")
    options = Options(
        prefixes=asked.prefixes or typing.signs.value,
        week_start=clock.first_weekday,
        day_start_minutes=clock.day_start_minutes,
    )

    def read_line(line: QuickText) -> Parsed:
        return parse(
            line.text,
            ctx.now,
            clock.zone,
            typing.locale,
            Names(names, picked),
            options=options,
            ignored=[(each.start, each.end) for each in line.ignored],
        )

    return read_line


async def _names(ctx: Context, asked: QuickText, *, every: bool) -> list[Name]:
    """Return what a line can mention; what no sign in it calls for is not asked for."""
    called = set(asked.text)
    names: list[Name] = []
    if every or called & PLACE_SIGNS:
        names += [_name(each) for each in await planning.list_names(ctx)]
    if every or PARENT_SIGN in called:
        names += [_name(each) for each in await planning.tasks_mentioned(ctx, asked.text)]
    if every or called & MEMBER_SIGNS:
        members = await workspaces.member_names(ctx)
        names += [
            Name("member", str(user_id), name, aliases=_short(name, is_me=user_id == ctx.user_id))
            for user_id, name in members.items()
        ]
    return names


def _short(name: str, *, is_me: bool) -> tuple[str, ...]:
    """Return what else a member is called: by the first name, and oneself by `me`."""
    return (name.split(maxsplit=1)[0], *(("me",) if is_me else ()))


def _name(thing: planning.Named) -> Name:
    inside = frozenset([str(thing.inside)] if thing.inside else [])
    return Name(thing.noun, str(thing.id), thing.name, inside)


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
