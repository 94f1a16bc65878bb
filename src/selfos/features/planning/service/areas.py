"""Life areas."""

from __future__ import annotations

from uuid import UUID

from selfos.features.planning.documents import AREAS, SUMMARIES
from selfos.features.planning.events import AreaCreated, AreaDeleted, AreaRestored
from selfos.features.planning.models import Area
from selfos.features.planning.schemas.inputs import AreaCreate, AreaQuery, AreaUpdate, Reorder
from selfos.features.planning.service import keeping
from selfos.features.planning.service.listing import kept_conditions
from selfos.features.planning.service.loading import changeable
from selfos.features.planning.service.ordering import next_rank, rank_after
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission


async def get_area(ctx: Context, area_id: UUID) -> Document:
    """Return one area as shown, also from the trash."""
    ctx.require(Permission.AREA_READ)
    return await AREAS.one(ctx, area_id)


async def list_areas(ctx: Context, query: AreaQuery) -> Json:
    """Return one page of areas in manual order."""
    ctx.require(Permission.AREA_READ)
    conditions = kept_conditions(Area, query.include)
    return await AREAS.page(ctx, query, *conditions, order=Order((Area.position,)))


async def summarize_area(ctx: Context, area_id: UUID) -> Document:
    """Return an area with the numbers of everything inside."""
    ctx.require(Permission.AREA_READ)
    return await SUMMARIES.one(ctx, area_id)


async def create_area(ctx: Context, new: AreaCreate) -> Area:
    """Add a life area, last in order."""
    ctx.require(Permission.AREA_WRITE)
    fields = new.model_dump(exclude={"id"})
    area = Area(
        workspace_id=ctx.workspace_id, id=new.id or new_id(), position=next_rank(ctx), **fields
    )
    ctx.session.add(area)
    ctx.emit(AreaCreated(area_id=area.id))
    ctx.describe(f"Added the area “{area.name}”")
    return area


async def update_area(ctx: Context, area_id: UUID, change: AreaUpdate) -> Area:
    """Change the given fields."""
    ctx.require(Permission.AREA_WRITE)
    area = await changeable(ctx, Area, area_id)
    for name, value in change.given().items():
        setattr(area, name, value)
    ctx.describe(f"Changed the area “{area.name}”")
    return area


async def move_area(ctx: Context, area_id: UUID, move: Reorder) -> Area:
    """Put an area behind another one, or first."""
    ctx.require(Permission.AREA_WRITE)
    area = await changeable(ctx, Area, area_id)
    if move.after_id != area.id:
        area.position = await rank_after(ctx, Area, move.after_id)
    ctx.describe(f"Moved the area “{area.name}”")
    return area


async def archive_area(ctx: Context, area_id: UUID) -> Area:
    """Put an area away with everything inside."""
    ctx.require(Permission.AREA_WRITE)
    return await keeping.archive(ctx, Area, area_id)


async def unarchive_area(ctx: Context, area_id: UUID) -> Area:
    """Bring an archived area back with everything inside."""
    ctx.require(Permission.AREA_WRITE)
    return await keeping.unarchive(ctx, Area, area_id)


async def delete_area(ctx: Context, area_id: UUID) -> None:
    """Put an area and everything inside into the trash for 30 days."""
    ctx.require(Permission.AREA_WRITE)
    area = await changeable(ctx, Area, area_id)
    await keeping.throw_away(ctx, area)
    ctx.emit(AreaDeleted(area_id=area.id))


async def restore_area(ctx: Context, area_id: UUID) -> Area:
    """Take an area out of the trash with everything deleted with it."""
    ctx.require(Permission.AREA_WRITE)
    area = await keeping.restore(ctx, Area, area_id)
    ctx.emit(AreaRestored(area_id=area.id))
    return area
