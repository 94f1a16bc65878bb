"""Looking for something, wherever it is."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Select, select

from selfos.features.planning import service as planning
from selfos.features.search import marking
from selfos.features.search.schemas import About, Kind, SearchHit, SearchQuery, SearchView
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission
from selfos.kernel.searching import SearchDocument, documents_found

LONGEST_TITLE = 120
SHOWN = ("entity", "entity_id", "title", "body", "about", "about_id", "closed", "updated_at")
READERS: dict[Kind, Permission] = {
    Kind.AREA: Permission.AREA_READ,
    Kind.COMMENT: Permission.COMMENT_READ,
    Kind.GOAL: Permission.GOAL_READ,
    Kind.HABIT: Permission.HABIT_READ,
    Kind.NOTE: Permission.NOTE_READ,
    Kind.PROJECT: Permission.PROJECT_READ,
    Kind.STORY: Permission.STORY_READ,
    Kind.TASK: Permission.TASK_READ,
}


async def search(ctx: Context, query: SearchQuery) -> SearchView:
    """Return the best hits among what the caller may read.

    Words are looked for everywhere. A filter with qualifiers finds tasks, the last touched first;
    one that cannot be read is looked for as words, and the answer says what was wrong with it.
    """
    ctx.require(Permission.WORKSPACE_READ)
    kinds = _kinds(ctx, query.kinds)
    asked = await planning.read_search(ctx, query.q)
    if asked.tasks is None:
        statement = _anything(asked, kinds, query.limit)
    else:
        statement = _tasks(ctx, asked.tasks, kinds, query.limit)
    rows = (await ctx.session.execute(statement)).all()
    sought = marking.pattern_of(asked.words, asked.phrases)
    return SearchView(
        items=[_hit(row, sought) for row in rows],
        problem=asked.problem,
    )


def _kinds(ctx: Context, names: str | None) -> list[Kind]:
    """Return the kinds that are wanted and that the caller may read."""
    wanted = set(Kind)
    if names is not None:
        given = {name.strip() for name in names.split(",") if name.strip()}
        if unknown := sorted(given - set(Kind)):
            there = ", ".join(Kind)
            raise invalid("/query/kinds", f"There is no kind {unknown[0]}; there are {there}.")
        wanted = {Kind(name) for name in given}
    return sorted(kind for kind in wanted if READERS[kind] in ctx.permissions)


def _anything(asked: planning.Search, kinds: list[Kind], wanted: int) -> Any:
    found = documents_found(asked.words, asked.phrases, kinds=kinds, wanted=wanted)
    return select(*(found.c[name] for name in SHOWN)).order_by(found.c.place)


def _tasks(ctx: Context, tasks: Select[Any], kinds: list[Kind], wanted: int) -> Any:
    readable = SearchDocument.entity.in_([kind for kind in kinds if kind is Kind.TASK])
    return (
        select(*(getattr(SearchDocument, name) for name in SHOWN))
        .where(
            SearchDocument.workspace_id == ctx.workspace_id,
            readable,
            SearchDocument.entity_id.in_(tasks),
        )
        .order_by(SearchDocument.updated_at.desc(), SearchDocument.entity_id)
        .limit(wanted)
    )


def _hit(row: Any, sought: re.Pattern[str] | None) -> SearchHit:
    # Comments, and some notes, have no title: they are called by how they begin.
    title = row.title or row.body.strip().partition("\n")[0][:LONGEST_TITLE]
    return SearchHit(
        kind=Kind(row.entity),
        id=row.entity_id,
        title=title,
        title_parts=marking.marked(title, sought),
        snippet_parts=marking.snippet(row.body, sought),
        about=About(kind=row.about, id=row.about_id) if row.about else None,
        closed=row.closed,
        updated_at=row.updated_at,
    )
