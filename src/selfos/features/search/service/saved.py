"""Saved filters: kept under a name, in canonical text, in an order of one's own."""

from __future__ import annotations

from uuid import UUID

from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import Reorder
from selfos.features.planning.service import asking
from selfos.features.search.models import SavedFilter
from selfos.features.search.schemas.filters import FilterCreate, FilterUpdate
from selfos.features.search.service.questions import ask_for
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, Order, PageQuery
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

FILTERS = Documents(
    SavedFilter,
    {
        name: getattr(SavedFilter, name)
        for name in "id name query icon color favourite position".split()
        + "created_at updated_at version".split()
    },
)


async def list_filters(ctx: Context, query: PageQuery) -> Json:
    """Return one page of saved filters in manual order."""
    ctx.require(Permission.TASK_READ)
    return await FILTERS.page(ctx, query, order=Order((SavedFilter.position,)))


async def get_filter(ctx: Context, filter_id: UUID) -> Document:
    """Return one saved filter."""
    ctx.require(Permission.TASK_READ)
    return await FILTERS.one(ctx, filter_id)


async def create_filter(ctx: Context, new: FilterCreate) -> SavedFilter:
    """Keep a filter under a name; one that does not read is refused where it goes wrong."""
    ctx.require(Permission.TASK_WRITE)
    saved = SavedFilter(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        query=await _canonical(ctx, new.query),
        position=planning.next_rank(ctx),
        **new.model_dump(exclude={"id", "query"}),
    )
    ctx.session.add(saved)
    ctx.describe(f"Saved the filter “{saved.name}”")
    return saved


async def update_filter(ctx: Context, filter_id: UUID, change: FilterUpdate) -> SavedFilter:
    """Change the given fields."""
    ctx.require(Permission.TASK_WRITE)
    saved = await _changeable(ctx, filter_id)
    given = change.given()
    if "query" in given:
        given["query"] = await _canonical(ctx, change.query)
    for name, value in given.items():
        setattr(saved, name, value)
    ctx.describe(f"Changed the filter “{saved.name}”")
    return saved


async def move_filter(ctx: Context, filter_id: UUID, move: Reorder) -> SavedFilter:
    """Put a filter behind another one, or first."""
    ctx.require(Permission.TASK_WRITE)
    saved = await _changeable(ctx, filter_id)
    if move.after_id != saved.id:
        saved.position = await planning.rank_after(ctx, SavedFilter, move.after_id)
    ctx.describe(f"Moved the filter “{saved.name}”")
    return saved


async def delete_filter(ctx: Context, filter_id: UUID) -> None:
    """Forget a filter; what it finds stays as it is."""
    ctx.require(Permission.TASK_WRITE)
    saved = await _changeable(ctx, filter_id)
    ctx.describe(f"Deleted the filter “{saved.name}”")
    await ctx.session.delete(saved)


async def _changeable(ctx: Context, filter_id: UUID) -> SavedFilter:
    saved = await rows.get(ctx, SavedFilter, filter_id)
    ctx.expect(saved)
    return saved


async def _canonical(ctx: Context, text: str) -> str:
    question = await ask_for(ctx, text, pointer="/query")
    return asking.write_filter(question.chosen)
