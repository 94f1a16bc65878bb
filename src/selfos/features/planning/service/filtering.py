"""Finding rows by the filter language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
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
)
from selfos.features.planning.filters.days import Present
from selfos.features.planning.filters.reading import read_filter
from selfos.features.planning.filters.tree import And, Dated, Filter, Node, Word
from selfos.features.planning.filters.words import FilterError
from selfos.features.planning.schemas.filters import FilterProblem
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents, Json, Order, PageQuery, assemble
from selfos.kernel.errors import FieldProblem, Invalid

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
            if still_open is None
            or mentions(section.where, _speaks_of_settled)
            or _asks_for_news(section.where)
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
        if turned and len(turned) == len(columns):
            return Order(tuple(columns), descending=True)
        return Order(tuple(columns), turned=frozenset(turned))


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter all of whose sections are about one kind of row, ready to be looked at.

    `sections` are whole conditions. `shown` turns found rows, each with its keys and its id last,
    into what people see.
    """

    wanted: Wanted
    documents: Documents
    sections: Sequence[ColumnElement[bool]]
    otherwise: Order
    shown: Callable[[Sequence[tuple[Json, tuple[Any, ...]]]], list[Json]]

    def ids(self, ctx: Context) -> Select[UUID]:
        """Select the ids of all that is found."""
        model = self.documents.model
        here = model.workspace_id == ctx.workspace_id
        return select(model.id).where(here, or_(*self.sections))


def as_they_are(rows: Sequence[tuple[Json, tuple[Any, ...]]]) -> list[Json]:
    """Show rows by their documents alone."""
    return [document for document, _ in rows]


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
            "items": as_they_are(found.rows),
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
        raise refusal_of(error, text, pointer) from error
    return Wanted(chosen, fields, asker)


def refusal_of(error: FilterError, text: str, pointer: str) -> Invalid:
    """Return what a door answers to a wrong filter."""
    return Invalid(
        error.detail,
        errors=(FieldProblem(pointer, error.detail),),
        extra={"filter": problem_of(error, text).model_dump()},
    )


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


def _asks_for_news(node: Node) -> bool:
    """Tell whether a section wants what is unread: that somebody settled it is news as well."""
    match node:
        case And(parts=parts):
            return any(_asks_for_news(part) for part in parts)
        case Word(name="is", word="unread"):
            return True
        case _:
            return False


def _speaks_of_archived(node: Node) -> bool:
    return isinstance(node, Word) and (node.name, node.word) == ("is", "archived")
