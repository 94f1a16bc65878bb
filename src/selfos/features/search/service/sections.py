"""What a filter finds, section by section and in its groups."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from selfos.features.planning.service import asking
from selfos.features.planning.service.asking import Asked, FilterError
from selfos.features.search.models import SavedFilter
from selfos.features.search.schemas.filters import (
    FilterCheck,
    FilterCheckView,
    FilterPreview,
    SectionQuery,
)
from selfos.features.search.schemas.searching import Kind
from selfos.features.search.service.questions import ask_for, read_question
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, Stretch, assemble
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission


async def check_filter(ctx: Context, check: FilterCheck) -> FilterCheckView:
    """Return what a filter means, or what is wrong with it and where."""
    ctx.require(Permission.TASK_READ)
    try:
        question = await read_question(ctx, check.query)
    except FilterError as error:
        return FilterCheckView(ok=False, problem=asking.problem_of(error, check.query))
    return FilterCheckView(
        ok=True,
        text=asking.write_filter(question.chosen),
        sections=[asking.write(section.where) for section in question.chosen.sections],
    )


async def show_filter(ctx: Context, filter_id: UUID, query: SectionQuery) -> Json:
    """Return what a saved filter finds, section by section, in its groups."""
    ctx.require(Permission.TASK_READ)
    saved = await rows.get(ctx, SavedFilter, filter_id)
    return await _sections(ctx, saved.query, query)


async def preview_filter(ctx: Context, query: FilterPreview) -> Json:
    """Return what a filter finds that nobody has saved, as if it were."""
    ctx.require(Permission.TASK_READ)
    return await _sections(ctx, query.q, query, Kind(query.about))


async def _sections(ctx: Context, text: str, query: SectionQuery, about: Kind = Kind.TASK) -> Json:
    """Return every section's first page, or the page of one section behind a cursor."""
    question = await ask_for(ctx, text, pointer="/query/q", about=about)
    if query.cursor is not None and query.section is None:
        raise invalid("/query/section", "Say which section this cursor belongs to.")
    count = len(question.kinds)
    if query.section is not None and query.section >= count:
        raise invalid("/query/section", f"This filter has {count} sections, from 0.")
    places = range(count) if query.section is None else [query.section]
    asked = await question.ask(ctx, {question.kinds[place] for place in places})
    shown: list[Json] = []
    for place in places:
        kind = question.kinds[place]
        text = asking.write(question.chosen.sections[place].where)
        before = question.kinds[:place].count(kind)
        found = await _section(ctx, asked[kind], before, query)
        shown.append(assemble({"kind": kind, "text": text, **found}))
    return assemble({"text": asking.write_filter(question.chosen), "sections": shown})


async def _section(
    ctx: Context, asked: Asked, place: int, query: SectionQuery
) -> dict[str, object]:
    wanted = asked.wanted
    page = query.model_copy(update={"limit": wanted.chosen.limit or query.limit})
    order = wanted.order(otherwise=asked.otherwise)
    listing = asked.documents.listing(page, asked.sections[place], order=order)
    found = await asked.documents.stretch(ctx, listing)
    return {
        "groups": _groups(asked, found),
        "next_cursor": None if wanted.chosen.limit else found.next_cursor,
    }


def _groups(asked: Asked, found: Stretch) -> list[Json]:
    """Gather rows that stand side by side; without a grouping they are one group."""
    grouping = asked.wanted.grouping()
    if grouping is None:
        return [_group(None, None, asked.shown(found.rows))]
    key = len(grouping.order)
    gathered = groupby(found.rows, key=lambda row: (row[1][key], row[1][key + 1]))
    return [
        _group(name or None, title or None, asked.shown(list(rows_of_group)))
        for (name, title), rows_of_group in gathered
    ]


def _group(key: str | None, title: str | None, items: list[Json]) -> Json:
    return assemble({"key": key, "title": title, "items": items})
