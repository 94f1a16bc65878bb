"""Finding tasks by the filter language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from selfos.features.identity import service as identity
from selfos.features.planning.filters.compiling import (
    Asker,
    Fields,
    Grouping,
    check_fields,
    compile_filter,
    mentions,
    texts_of,
)
from selfos.features.planning.filters.days import Present
from selfos.features.planning.filters.reading import read_filter
from selfos.features.planning.filters.tasks import TASK_FIELDS
from selfos.features.planning.filters.tree import (
    And,
    Dated,
    Everything,
    Filter,
    Node,
    Section,
    Text,
    Word,
)
from selfos.features.planning.filters.words import FilterError
from selfos.features.planning.filters.writing import write, write_filter
from selfos.features.planning.models import Task
from selfos.features.planning.schemas.filters import FilterCheck, FilterCheckView, FilterProblem
from selfos.features.planning.service.listing import kept_conditions
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents, Json, Order, PageQuery, assemble
from selfos.kernel.errors import FieldProblem, Invalid
from selfos.kernel.permissions import Permission

# Conditions that speak of what is settled; a section without any finds open tasks only.
SETTLED_WORDS = frozenset({"done", "completed", "cancelled", "dropped", "open"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter that fits some rows, and who asks."""

    chosen: Filter
    fields: Fields
    asker: Asker

    def sections(self) -> list[ColumnElement[bool]]:
        """Return the condition of each section."""
        return compile_filter(self.chosen, self.fields, self.asker)

    def open_sections(self) -> list[ColumnElement[bool]]:
        """Return the sections of a filter: open rows, unless it speaks of settled ones."""
        still_open = self.fields.still_open
        return [
            condition
            if still_open is None or mentions(section.where, _speaks_of_settled)
            else and_(condition, still_open)
            for section, condition in zip(self.chosen.sections, self.sections(), strict=True)
        ]

    def overruled(self, include: str | None) -> dict[str, Any]:
        """Return what the filter says itself about the page it is shown on."""
        says: dict[str, Any] = {}
        if self.chosen.limit is not None:
            says["limit"] = self.chosen.limit
        if include is None and any(
            mentions(section.where, _speaks_of_archived) for section in self.chosen.sections
        ):
            says["include"] = "archived"
        return says

    def grouping(self) -> Grouping | None:
        """Return how rows are gathered, if they are."""
        group = self.chosen.group
        return self.fields.groups[group.name](self.asker) if group else None

    def order(self, *, otherwise: Order) -> Order:
        """Return the order of the rows: by group, then by what the filter sorts by."""
        grouping = self.grouping()
        columns = [*grouping.order, grouping.key, grouping.title] if grouping else []
        sort = [(key.descending, self.fields.sorts[key.name]) for key in self.chosen.sort]
        turned: set[int] = set()
        for descending, columns_of in sort or [(otherwise.descending, lambda _: otherwise.columns)]:
            found = columns_of(descending)
            if descending:
                turned.update(range(len(columns), len(columns) + len(found)))
            columns += found
        if len(turned) == len(columns):
            return Order(tuple(columns), descending=True)
        return Order(tuple(columns), turned=frozenset(turned))


async def check_filter(ctx: Context, check: FilterCheck) -> FilterCheckView:
    """Return what a filter for tasks means, or what is wrong with it and where."""
    ctx.require(Permission.TASK_READ)
    try:
        chosen = read_filter(check.query)
        check_fields(chosen, TASK_FIELDS, await asker_of(ctx))
    except FilterError as error:
        return FilterCheckView(ok=False, problem=problem_of(error, check.query))
    return FilterCheckView(
        ok=True,
        text=write_filter(chosen),
        sections=[write(section.where) for section in chosen.sections],
    )


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody typed into a search box: words and phrases, and tasks if it asks for more."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    tasks: Select[UUID] | None = None
    problem: FilterProblem | None = None


async def read_search(ctx: Context, text: str) -> Search:
    """Return what a text looks for; one that is no filter is words, with the reason why."""
    try:
        chosen = read_filter(text)
        if (said := _words_alone(chosen)) is not None:
            return _search(said)
        asker = await asker_of(ctx)
        check_fields(chosen, TASK_FIELDS, asker)
    except FilterError as error:
        # The database stores no NUL, so nothing there can hold one.
        words = text.replace("\x00", " ")
        return Search(words=(words,), problem=problem_of(error, text))
    wanted = Wanted(chosen, TASK_FIELDS, asker)
    include: Any = wanted.overruled(None).get("include")
    tasks = select(Task.id).where(
        Task.workspace_id == ctx.workspace_id,
        *kept_conditions(Task, include),
        or_(*wanted.open_sections()),
    )
    said = [words for section in chosen.sections for words in texts_of(section.where)]
    return replace(_search(said), tasks=tasks)


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
            return texts_of(where)
        case _:
            return None


def _search(said: list[Text]) -> Search:
    return Search(
        words=tuple(words.text for words in said if not words.exact),
        phrases=tuple(words.text for words in said if words.exact),
    )


async def show_page(
    ctx: Context,
    documents: Documents,
    query: PageQuery,
    wanted: Wanted,
    *conditions: ColumnElement[bool],
    otherwise: Order,
) -> Json:
    """Return one page of a filter's rows, all its sections in one list."""
    order = wanted.order(otherwise=otherwise)
    found = await documents.stretch(ctx, documents.listing(query, *conditions, order=order))
    return assemble(
        {
            "items": [document for document, _ in found.rows],
            "next_cursor": None if wanted.chosen.limit else found.next_cursor,
        }
    )


async def read_for(
    ctx: Context,
    text: str,
    known: Fields | Callable[[Filter], Awaitable[Fields]],
    *,
    pointer: str,
) -> Wanted:
    """Return what a text asks of these rows; what is wrong with it is Invalid at the pointer.

    Where some fields must be reckoned first, `known` does so once it sees which are asked for.
    """
    asker = await asker_of(ctx)
    try:
        chosen = read_filter(text)
        fields = known if isinstance(known, Fields) else await known(chosen)
        check_fields(chosen, fields, asker)
    except FilterError as error:
        raise Invalid(
            error.detail,
            errors=(FieldProblem(pointer, error.detail),),
            extra={"filter": problem_of(error, text).model_dump()},
        ) from error
    return Wanted(chosen, fields, asker)


def problem_of(error: FilterError, text: str) -> FilterProblem:
    """Return what is wrong with a text, as clients show it."""
    fixed = None
    if error.suggestion is not None:
        fixed = text[: error.start] + error.suggestion + text[error.end :]
    return FilterProblem(
        detail=error.detail,
        start=error.start,
        end=error.end,
        suggestion=error.suggestion,
        fixed=fixed,
    )


async def asker_of(ctx: Context) -> Asker:
    """Return the acting user as filters know them."""
    clock = await identity.user_time(ctx)
    turn = timedelta(minutes=clock.day_start_minutes)

    def begins(day: date) -> datetime:
        wall = datetime.combine(day, time()) + turn
        return wall.replace(tzinfo=clock.zone).astimezone(UTC)

    today = clock.today(ctx.now)
    present = Present(today, clock.week_of(today).weekday())
    return Asker(ctx.workspace_id, ctx.actor.user_id, present, clock.zone.key, begins)


def _speaks_of_settled(node: Node) -> bool:
    match node:
        case Word(name="is", word=word):
            return word in SETTLED_WORDS
        case Dated(name="done"):
            return True
        case _:
            return False


def _speaks_of_archived(node: Node) -> bool:
    return isinstance(node, Word) and (node.name, node.word) == ("is", "archived")
