"""Walking the tree of tasks in the database: whole subtrees and ancestors in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, update
from sqlalchemy.orm import aliased

from selfos.features.planning.models import Task
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.turns import take_turn

DEEPEST = 6
# Trees are at most six deep; the bound only keeps a walk finite whatever the rows say.
WALK = 2 * DEEPEST


def descendants(task_ids: Collection[UUID]) -> Select[tuple[UUID]]:
    """Select the ids of everything below these tasks, themselves excluded."""
    below = (
        select(Task.id, literal(1).label("depth"))
        .where(Task.parent_id.in_(task_ids))
        .cte("below", recursive=True)
    )
    child = aliased(Task)
    deeper = select(child.id, below.c.depth + 1).join(
        below, and_(child.parent_id == below.c.id, below.c.depth < WALK)
    )
    whole = below.union_all(deeper)
    return select(whole.c.id)


async def ancestors(ctx: Context, task_id: UUID) -> list[Task]:
    """Return the tasks above this one."""
    above = (
        select(Task.parent_id.label("id"), literal(1).label("depth"))
        .where(Task.id == task_id, Task.parent_id.is_not(None))
        .cte("above", recursive=True)
    )
    parent = aliased(Task)
    higher = (
        select(parent.parent_id, above.c.depth + 1)
        .join(above, and_(parent.id == above.c.id, above.c.depth < WALK))
        .where(parent.parent_id.is_not(None))
    )
    whole = above.union_all(higher)
    return list(await ctx.session.scalars(select(Task).where(Task.id.in_(select(whole.c.id)))))


async def refuse_bad_parent(ctx: Context, parent: Task, moved: UUID | None) -> None:
    """Raise Invalid if a task under this parent would close a circle or lie too deep."""
    above = [parent.id, *(task.id for task in await ancestors(ctx, parent.id))]
    if moved in above:
        raise invalid("/parent_id", "A task cannot lie under itself.")
    height = await height_of(ctx, moved) if moved is not None else 0
    if len(above) + 1 + height > DEEPEST:
        raise invalid("/parent_id", f"Subtasks go at most {DEEPEST} levels deep.")
    if not parent.is_open:
        raise Conflict("The parent is settled; reopen it first.")


async def height_of(ctx: Context, task_id: UUID) -> int:
    """Return how many levels lie below this task."""
    below = (
        select(Task.id, literal(1).label("depth"))
        .where(Task.parent_id == task_id)
        .cte("below", recursive=True)
    )
    child = aliased(Task)
    deeper = select(child.id, below.c.depth + 1).join(
        below, and_(child.parent_id == below.c.id, below.c.depth < WALK)
    )
    whole = below.union_all(deeper)
    deepest = await ctx.session.scalar(select(func.coalesce(func.max(whole.c.depth), 0)))
    return deepest or 0


async def change_rows(
    ctx: Context, model: type[Any], conditions: Iterable[ColumnElement[bool]], **values: Any
) -> list[Any]:
    """Change all matching rows in one statement and return them, refreshed."""
    statement = update(model).where(*conditions).values(**values).returning(model)
    options = {"synchronize_session": False, "populate_existing": True}
    await ctx.session.flush()
    return list((await ctx.session.scalars(statement, execution_options=options)).all())


async def lock(ctx: Context, subject: str) -> None:
    """Take turns in this workspace until the transaction ends."""
    await take_turn(ctx, f"{ctx.workspace_id}:{subject}")
