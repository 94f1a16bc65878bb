"""The names of things, for texts that mention them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, literal, null, select, union_all

from selfos.features.planning.models import Area, Goal, Label, Phase, Project, Task
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission
from selfos.kernel.statements import fetch_rows, make_ready

Noun = Literal["area", "project", "phase", "goal", "label", "task"]
NAMES_READ = 5_000
TASKS_MENTIONED = 50
READ = (
    Permission.AREA_READ,
    Permission.GOAL_READ,
    Permission.LABEL_READ,
    Permission.PROJECT_READ,
    Permission.TASK_READ,
)


@dataclass(frozen=True, slots=True)
class Named:
    """Something by its name; `inside` is the project of a phase or the area of a project."""

    noun: Noun
    id: UUID
    name: str
    inside: UUID | None


async def list_names(ctx: Context) -> list[Named]:
    """Return the names of all areas, projects, phases, goals and labels in use, in one query."""
    for permission in READ:
        ctx.require(permission)
    query = union_all(
        _named(ctx, Area, "area", Area.name, null()).where(_kept(Area)),
        _named(ctx, Project, "project", Project.name, Project.area_id).where(_kept(Project)),
        _named(ctx, Goal, "goal", Goal.title, null()).where(_kept(Goal)),
        _named(ctx, Phase, "phase", Phase.name, Phase.project_id),
        _named(ctx, Label, "label", Label.name, null()),
    )
    rows = select(query.subquery()).limit(NAMES_READ)
    return [Named(*row) for row in await fetch_rows(ctx.transaction, make_ready(rows), {})]


async def tasks_mentioned(ctx: Context, text: str) -> list[Named]:
    """Return the open tasks whose title stands in a text, the longest titles first."""
    ctx.require(Permission.TASK_READ)
    title = func.lower(Task.title)
    query = (
        _named(ctx, Task, "task", Task.title, null())
        .where(_kept(Task), Task.settled_at.is_(None))
        .where(func.strpos(func.lower(text), title) > 0)
        .order_by(func.length(Task.title).desc(), Task.id)
        .limit(TASKS_MENTIONED)
    )
    return [Named(*row) for row in await ctx.session.execute(query)]


def _named(
    ctx: Context, model: Any, noun: Noun, name: Any, inside: Any
) -> Select[str, UUID, str, UUID | None]:
    columns = select(literal(noun), model.id, name, inside)
    return columns.where(model.workspace_id == ctx.workspace_id)


def _kept(model: Any) -> Any:
    return model.deleted_at.is_(None) & model.archived_at.is_(None)
