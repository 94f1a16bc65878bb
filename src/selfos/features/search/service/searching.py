"""Looking for something, wherever it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, false, or_, select

from selfos.features.planning.schemas.filters import FilterProblem
from selfos.features.planning.service import asking
from selfos.features.planning.service.asking import (
    And,
    Everything,
    Filter,
    Section,
    Text,
    mentions,
)
from selfos.features.search import marking
from selfos.features.search.schemas.searching import About, Kind, SearchHit, SearchQuery, SearchView
from selfos.features.search.service.questions import Question, read_question
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission
from selfos.kernel.searching import SearchDocument, documents_found

LONGEST_TITLE = 120
SHOWN = ("entity", "entity_id", "title", "body", "about", "about_id", "closed", "updated_at")
READERS: dict[Kind, Permission] = {
    Kind.AREA: Permission.AREA_READ,
    Kind.CALENDAR_EVENT: Permission.CALENDAR_READ,
    Kind.COMMENT: Permission.COMMENT_READ,
    Kind.GOAL: Permission.GOAL_READ,
    Kind.HABIT: Permission.HABIT_READ,
    Kind.JOURNAL_ENTRY: Permission.JOURNAL_READ,
    Kind.NOTE: Permission.NOTE_READ,
    Kind.PROJECT: Permission.PROJECT_READ,
    Kind.STORY: Permission.STORY_READ,
    Kind.TASK: Permission.TASK_READ,
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody typed: words and phrases, and what it asks for if it asks for more."""

    words: Sequence[str] = ()
    phrases: Sequence[str] = ()
    question: Question | None = None
    problem: FilterProblem | None = None


async def search(ctx: Context, query: SearchQuery) -> SearchView:
    """Return the best hits among what the caller may read.

    Words are looked for everywhere. A filter with qualifiers finds tasks or habits, the last
    touched first; one that cannot be read is looked for as words, and the answer says what was
    wrong with it.
    """
    ctx.require(Permission.WORKSPACE_READ)
    kinds = _kinds(ctx, query.kinds)
    sought = await _read(ctx, query.q)
    if sought.question is None:
        statement = _anything(sought, kinds, query.limit)
    else:
        statement = _asked(ctx, await sought.question.ask(ctx, kinds), query.limit)
    rows = (await ctx.session.execute(statement)).all()
    pattern = marking.pattern_of(sought.words, sought.phrases)
    return SearchView(
        items=[_hit(row, pattern) for row in rows],
        problem=sought.problem,
    )


async def _read(ctx: Context, text: str) -> Sought:
    """Return what a text looks for; one that is no filter is words, with the reason why."""
    try:
        said = _words_alone(asking.read_filter(text))
        if said is not None:
            return _sought(said)
        question = await read_question(ctx, text)
    except asking.FilterError as error:
        # The database stores no NUL, so nothing there can hold one.
        words = text.replace("\x00", " ")
        return Sought(words=(words,), problem=asking.problem_of(error, text))
    sections = question.chosen.sections
    said = [words for section in sections for words in asking.texts_of(section.where)]
    return replace(_sought(said), question=question)


def _words_alone(chosen: Filter) -> list[Text] | None:
    """Return the words of a filter that says nothing else, or None."""
    match chosen:
        case Filter(sections=(Section(where=where),), sort=(), group=None, limit=None):
            pass
        case _:
            return None
    match where:
        case Everything():
            return []
        case Text() | And() if not mentions(where, lambda node: not isinstance(node, Text)):
            return asking.texts_of(where)
        case _:
            return None


def _sought(said: list[Text]) -> Sought:
    return Sought(
        words=[words.text for words in said if not words.exact],
        phrases=[words.text for words in said if words.exact],
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


def _anything(sought: Sought, kinds: list[Kind], wanted: int) -> Any:
    found = documents_found(sought.words, sought.phrases, kinds=kinds, wanted=wanted)
    return select(*(found.c[name] for name in SHOWN)).order_by(found.c.place)


def _asked(ctx: Context, asked: Mapping[Kind, asking.Asked], wanted: int) -> Any:
    found = [
        and_(SearchDocument.entity == kind, SearchDocument.entity_id.in_(each.ids(ctx)))
        for kind, each in asked.items()
    ]
    return (
        select(*(getattr(SearchDocument, name) for name in SHOWN))
        .where(SearchDocument.workspace_id == ctx.workspace_id, or_(false(), *found))
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
