"""Which life areas some things belong to, whatever kind of things they are."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select, union

from selfos.features.planning.models import Area, Goal, Project, Task
from selfos.kernel.context import Context


async def areas_around(ctx: Context, ids: Collection[UUID]) -> set[UUID]:
    """Return the areas that these are or lie in; ids of other things say nothing."""
    if not ids:
        return set()
    wanted = any_(literal(list(ids), ARRAY(Uuid())))
    lying = [
        select(model.area_id).where(
            model.workspace_id == ctx.workspace_id, model.id == wanted, model.area_id.is_not(None)
        )
        for model in (Task, Goal, Project)
    ]
    areas = select(Area.id).where(Area.workspace_id == ctx.workspace_id, Area.id == wanted)
    found = await ctx.session.scalars(union(areas, *lying))
    return {area_id for area_id in found if area_id is not None}
