"""Which things lie in an area, however deep: for those whose words are not to travel."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, union_all

from selfos.features.planning.models import Area, Goal, Project, Task
from selfos.kernel.context import Context


def projects_in(area_ids: Collection[UUID]) -> Select[Any]:
    """Select the ids of the projects of these areas."""
    return select(Project.id).where(Project.area_id.in_(area_ids))


def goals_in(area_ids: Collection[UUID]) -> Select[Any]:
    """Select the ids of the goals of these areas, by themselves or by their projects."""
    by_project = Goal.project_id.in_(projects_in(area_ids))
    return select(Goal.id).where(or_(Goal.area_id.in_(area_ids), by_project))


async def lying_in(
    ctx: Context, area_ids: Collection[UUID], row_ids: Collection[UUID]
) -> set[UUID]:
    """Return those of these rows that are, or lie in, one of these areas; asks for no right."""
    task = or_(
        Task.area_id.in_(area_ids),
        Task.project_id.in_(projects_in(area_ids)),
        Task.goal_id.in_(goals_in(area_ids)),
    )
    found = union_all(
        select(Area.id).where(Area.id.in_(area_ids), Area.id.in_(row_ids)),
        projects_in(area_ids).where(Project.id.in_(row_ids)),
        goals_in(area_ids).where(Goal.id.in_(row_ids)),
        select(Task.id).where(task, Task.id.in_(row_ids)),
    )
    return set(await ctx.session.scalars(found))
