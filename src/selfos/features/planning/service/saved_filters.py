"""Saved filters, and the tasks of a filter in its sections and groups."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement

from selfos.features.planning.documents import TASKS
from selfos.features.planning.filters.tasks import TASK_FIELDS
from selfos.features.planning.filters.writing import write, write_filter
from selfos.features.planning.models import Task
from selfos.features.planning.saved_filters import SavedFilter
from selfos.features.planning.schemas.filters import (
    FilterCreate,
    FilterPreview,
    FilterUpdate,
    SectionQuery,
)
from selfos.features.planning.schemas.inputs import Reorder
from selfos.features.planning.service.filtering import Wanted, read_for
from selfos.features.planning.service.listing import kept_conditions
from selfos.features.planning.service.ordering import next_rank, rank_after
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, Order, PageQuery, Stretch, assemble
from selfos.kernel.errors import invalid
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
        position=next_rank(ctx),
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
        saved.position = await rank_after(ctx, SavedFilter, move.after_id)
    ctx.describe(f"Moved the filter “{saved.name}”")
    return saved


async def delete_filter(ctx: Context, filter_id: UUID) -> None:
    """Forget a filter; the tasks it finds stay as they are."""
    ctx.require(Permission.TASK_WRITE)
    saved = await _changeable(ctx, filter_id)
    ctx.describe(f"Deleted the filter “{saved.name}”")
    await ctx.session.delete(saved)


async def show_filter(ctx: Context, filter_id: UUID, query: SectionQuery) -> Json:
    """Return the tasks of a saved filter, section by section, in its groups."""
    ctx.require(Permission.TASK_READ)
    saved = await rows.get(ctx, SavedFilter, filter_id)
    return await _sections(ctx, saved.query, query)


async def preview_filter(ctx: Context, query: FilterPreview) -> Json:
    """Return the tasks of a filter that nobody has saved, as if it were."""
    ctx.require(Permission.TASK_READ)
    return await _sections(ctx, query.q, query)


async def _changeable(ctx: Context, filter_id: UUID) -> SavedFilter:
    saved = await rows.get(ctx, SavedFilter, filter_id)
    ctx.expect(saved)
    return saved


async def _canonical(ctx: Context, text: str) -> str:
    wanted = await read_for(ctx, text, TASK_FIELDS, pointer="/query")
    return write_filter(wanted.chosen)


async def _sections(ctx: Context, text: str, query: SectionQuery) -> Json:
    """Return every section's first page, or the page of one section behind a cursor."""
    wanted = await read_for(ctx, text, TASK_FIELDS, pointer="/query/q")
    if query.cursor is not None and query.section is None:
        raise invalid("/query/section", "Say which section this cursor belongs to.")
    sections = list(zip(wanted.chosen.sections, wanted.open_sections(), strict=True))
    if query.section is not None and query.section >= len(sections):
        raise invalid("/query/section", f"This filter has {len(sections)} sections, from 0.")
    first = query.section or 0
    chosen = sections if query.section is None else sections[first : first + 1]
    shown = [
        assemble({"text": write(section.where), **await _section(ctx, wanted, condition, query)})
        for section, condition in chosen
    ]
    return assemble({"text": write_filter(wanted.chosen), "sections": shown})


async def _section(
    ctx: Context, wanted: Wanted, condition: ColumnElement[bool], query: SectionQuery
) -> dict[str, object]:
    says = wanted.overruled(None)
    page = query.model_copy(update={"limit": says.get("limit", query.limit)})
    kept = kept_conditions(Task, says.get("include"))
    order = wanted.order(otherwise=Order((Task.rank,)))
    listing = TASKS.listing(page, condition, *kept, order=order)
    found = await TASKS.stretch(ctx, listing)
    return {
        "groups": _groups(wanted, found),
        "next_cursor": None if wanted.chosen.limit else found.next_cursor,
    }


def _groups(wanted: Wanted, found: Stretch) -> list[Json]:
    """Gather rows that stand side by side; without a grouping they are one group."""
    grouping = wanted.grouping()
    if grouping is None:
        return [_group(None, None, [document for document, _ in found.rows])]
    key = len(grouping.order)
    gathered = groupby(found.rows, key=lambda row: (row[1][key], row[1][key + 1]))
    return [
        _group(name or None, title or None, [document for document, _ in rows_of_group])
        for (name, title), rows_of_group in gathered
    ]


def _group(key: str | None, title: str | None, items: list[Json]) -> Json:
    return assemble({"key": key, "title": title, "items": items})
