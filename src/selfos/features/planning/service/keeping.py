"""Archiving, deleting and bringing back: each takes everything inside along.

One instant marks what was put away together, so bringing back a container brings back exactly
what went with it, and nothing that had been put away before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement

from selfos.features.planning.models import Area, Goal, Project, Task
from selfos.features.planning.service.loading import Noun, Root, changeable, known, name_of
from selfos.features.planning.service.tree import change_rows, descendants
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict

Mark = Literal["archived_at", "deleted_at"]
CONTAINERS: dict[str, type[Root]] = {
    "parent_id": Task,
    "project_id": Project,
    "goal_id": Goal,
    "area_id": Area,
}


async def archive(ctx: Context, model: type[Noun], row_id: UUID) -> Noun:
    """Put a row away with everything inside; archiving twice is a conflict."""
    row = await changeable(ctx, model, row_id)
    if row.archived_at is not None:
        raise Conflict(f"This {name_of(row)} is archived already.")
    await _mark(ctx, row, "archived_at", ctx.now, None)
    ctx.describe(f"Archived “{row.title}”")
    return row


async def unarchive(ctx: Context, model: type[Noun], row_id: UUID) -> Noun:
    """Bring back an archived row and what was archived with it."""
    row = await changeable(ctx, model, row_id)
    if row.archived_at is None:
        raise Conflict(f"This {name_of(row)} is not archived.")
    await refuse_hidden_container(ctx, row, "archived_at")
    await _mark(ctx, row, "archived_at", None, row.archived_at)
    ctx.describe(f"Brought “{row.title}” back from the archive")
    return row


async def throw_away(ctx: Context, row: Root) -> None:
    """Put a row and everything inside into the trash."""
    await _mark(ctx, row, "deleted_at", ctx.now, None)
    ctx.describe(f"Deleted “{row.title}”")


async def restore(ctx: Context, model: type[Noun], row_id: UUID) -> Noun:
    """Take a row out of the trash with what was deleted with it."""
    row = await rows.get(ctx, model, row_id)
    ctx.expect(row)
    if row.deleted_at is None:
        raise Conflict(f"This {name_of(row)} is not in the trash.")
    await refuse_hidden_container(ctx, row, "deleted_at")
    await _mark(ctx, row, "deleted_at", None, row.deleted_at)
    ctx.describe(f"Restored “{row.title}”")
    return row


async def refuse_hidden_container(ctx: Context, row: Root, mark: Mark) -> None:
    """Raise Conflict while something around this row is itself put away."""
    place = "trash" if mark == "deleted_at" else "archive"
    for column, model in CONTAINERS.items():
        holder_id = getattr(row, column, None)
        if holder_id is None:
            continue
        holder = await known(ctx, model, holder_id)
        if holder is not None and getattr(holder, mark) is not None:
            raise Conflict(
                f"Its {name_of(holder)} “{holder.title}” is in the {place}; bring that back first."
            )


async def _mark(
    ctx: Context, row: Root, mark: Mark, instant: datetime | None, before: datetime | None
) -> None:
    """Stamp a row and what inside still bears the mark from `before`."""
    setattr(row, mark, instant)
    for model, inside in contents(row):
        column = getattr(model, mark)
        same = column.is_(None) if before is None else column == before
        await change_rows(ctx, model, (inside, same), **{mark: instant})


def contents(row: Root) -> list[tuple[type[Any], ColumnElement[bool]]]:
    """Return where everything inside a row is found, table by table."""
    match row:
        case Area():
            return [(model, model.area_id == row.id) for model in (Project, Goal, Task)]
        case Project():
            return [(model, model.project_id == row.id) for model in (Goal, Task)]
        case Goal():
            return [(Task, Task.goal_id == row.id)]
        case Task():
            return [(Task, Task.id.in_(descendants([row.id])))]
