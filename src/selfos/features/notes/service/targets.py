"""The one thing that a note or comment hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from selfos.features.habits import service as habits
from selfos.features.notes.documents import HABIT, NOUNS
from selfos.features.notes.models import NOTE_TARGETS, Comment, Note
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.documents import PageQuery
from selfos.kernel.errors import invalid

Targets = Mapping[str, UUID | None]


async def find_target(ctx: Context, given: Targets) -> tuple[str, str] | None:
    """Return the column and the title of the one thing named, or None where none is.

    Raises Invalid for two things, and for one that is missing or in the trash.
    """
    named = {name: value for name, value in given.items() if value is not None}
    if not named:
        return None
    (column, row_id), *others = named.items()
    if others:
        raise invalid(f"/{others[0][0]}", "This can hang on one thing only; name one.")
    if column == HABIT:
        return column, await habits.name_of_kept(ctx, row_id, f"/{column}")
    return column, await planning.name_of_kept(ctx, NOUNS[column], row_id, f"/{column}")


def held(row: Note | Comment) -> dict[str, UUID]:
    """Return the one thing a row hangs on, by its column; empty where it stands free."""
    targets = {name: getattr(row, name, None) for name in NOTE_TARGETS}
    return {name: value for name, value in targets.items() if value is not None}


def in_sight(
    model: type[Any], targets: Iterable[str], query: PageQuery
) -> list[ColumnElement[bool]]:
    """Keep the rows on the things the query names, and leave out those on things in the trash."""
    wanted = {name: getattr(query, name) for name in targets}
    return [
        *(~_lies_in_trash(name, model) for name in wanted),
        *(getattr(model, name) == row_id for name, row_id in wanted.items() if row_id is not None),
    ]


def _lies_in_trash(column: str, model: type[Any]) -> ColumnElement[bool]:
    if column == HABIT:
        return habits.lies_in_trash(model)
    return planning.lies_in_trash(NOUNS[column], model)
