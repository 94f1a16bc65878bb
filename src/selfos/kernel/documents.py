"""Rows as JSON, built by PostgreSQL and passed through: one query per list, one per object.

A slice says once which fields its rows show; sparse fields, keyset pages and ETags follow.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from typing import cast as typing_cast
from uuid import UUID

from pydantic import Field, TypeAdapter
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from selfos.kernel.context import Context
from selfos.kernel.database import Belonging, InWorkspace, Personal, Private, Unshared
from selfos.kernel.errors import invalid
from selfos.kernel.rows import missing
from selfos.kernel.schema import Query
from selfos.kernel.statements import POSTGRESQL, Ready, fetch_rows, make_ready

PAGE_LIMIT, PAGE_DEFAULT = 200, 50
Json = bytes
# What SQLAlchemy calls anything that stands in a column: a mapped attribute or an expression.
Column = SQLColumnExpression[Any]
CURSOR: TypeAdapter[list[Any]] = TypeAdapter(list[Any])


class PageQuery(Query):
    """What every list understands; subclass it with filters."""

    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT, description="Rows per page.")] = PAGE_DEFAULT
    cursor: Annotated[
        str | None, Field(max_length=1_000, description="`next_cursor` of the page before.")
    ] = None
    fields: Annotated[
        str | None, Field(max_length=1_000, description="Comma-separated fields; `id` is implied.")
    ] = None


@dataclass(frozen=True, slots=True)
class Document:
    """One row as JSON bytes, with its version for the ETag."""

    body: Json
    version: int


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: these columns, none of them NULL, then the id.

    All ascending, or all descending, except the columns `turned` the other way (by place).
    """

    columns: tuple[Column, ...] = ()
    descending: bool = False
    turned: frozenset[int] = frozenset()

    def directions(self) -> list[bool]:
        """Return for each column and the id whether it descends."""
        places = range(len(self.columns) + 1)
        return [self.descending ^ (place in self.turned) for place in places]

    def behind(self, keys: Sequence[Column], position: Sequence[Any]) -> ColumnElement[bool]:
        """Tell whether a row comes after this position."""
        if not self.turned:
            left, right = tuple_(*keys), tuple_(*position)
            return left < right if self.descending else left > right
        # Rows compare as wholes only in one direction: first by the first key, and so on.
        later = [
            and_(
                *(key == value for key, value in zip(keys[:place], position, strict=False)),
                keys[place] < position[place] if descends else keys[place] > position[place],
            )
            for place, descends in enumerate(self.directions())
        ]
        return or_(*later)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several lists that are read together: its rows, their whole order, how many."""

    conditions: Sequence[ColumnElement[bool]]
    order_by: Sequence[Column]
    limit: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows in order, each with the values it is ordered by, and where the next ones begin."""

    rows: list[tuple[Json, tuple[Any, ...]]]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The statement of one keyset page. What is asked often can be built once and kept."""

    ready: Ready
    limit: int


class Documents:
    """The JSON form of one table's rows."""

    def __init__(
        self,
        model: Any,
        fields: Mapping[str, Column],
        *,
        version: SQLColumnExpression[int] | None = None,
    ) -> None:
        """`fields` maps each JSON name, in order, to a column or scalar subquery."""
        self.model = model
        self._version = model.version if version is None else version
        self.fields = dict(fields)
        self._whole = self._document(self.fields)
        by_id = select(self._whole, self._version).where(
            model.id == bindparam("id"), *self._confinement()
        )
        self._by_id_sql = str(by_id.compile(dialect=POSTGRESQL)).encode()

    async def one(self, ctx: Context, row_id: UUID) -> Document:
        """Return one row or raise NotFound; changes are flushed first."""
        await ctx.transaction.flush()
        # Straight to the driver: this is the hottest read, and its own text confines it.
        wanted = {"id": row_id, **_owner(ctx)}
        found = await ctx.transaction.driver.execute(self._by_id_sql, wanted)
        row = await found.fetchone()
        if row is None:
            raise missing(self.model.__name__)
        return Document(row[0].encode(), row[1])

    async def many(
        self,
        ctx: Context,
        *conditions: ColumnElement[bool],
        order_by: Sequence[Column] = (),
        limit: int | None = None,
    ) -> list[Json]:
        """Return all matching rows in this order."""
        # The id is selected so that the statement speaks of the model.
        found = await self.keyed(ctx, self.model.id, *conditions, order_by=order_by, limit=limit)
        return [row for _, row in found]

    async def keyed(
        self,
        ctx: Context,
        key: Column,
        *conditions: ColumnElement[bool],
        order_by: Sequence[Column] = (),
        limit: int | None = None,
    ) -> list[tuple[Any, Json]]:
        """Return all matching rows in this order, each behind the value to group it by."""
        statement = select(self._whole, key).where(*conditions, *self._confinement())
        statement = statement.order_by(*order_by).limit(limit)
        return [(row[1], row[0].encode()) for row in await self._fetch(ctx, statement)]

    async def lists(self, ctx: Context, parts: Mapping[str, Part]) -> dict[str, list[Json]]:
        """Return several lists in one query; a row may stand in more than one."""
        branches = [self._branch(serial, part) for serial, part in enumerate(parts.values())]
        rows = union_all(*branches).subquery("parts")
        statement = select(rows.c.serial, rows.c.document).order_by(rows.c.serial, rows.c.place)
        lists: dict[str, list[Json]] = {name: [] for name in parts}
        names = list(parts)
        for serial, document in await self._fetch(ctx, statement):
            lists[names[serial]].append(document.encode())
        return lists

    async def named(self, ctx: Context, row_ids: Collection[UUID]) -> dict[UUID, Json]:
        """Return those of these rows that exist, by id, in one query."""
        if not row_ids:
            return {}
        wanted = self.model.id == any_(literal(list(row_ids), ARRAY(Uuid())))
        statement = select(self.model.id, self._whole).where(wanted, *self._confinement())
        return {row[0]: row[1].encode() for row in await self._fetch(ctx, statement)}

    async def following(
        self, ctx: Context, after: UUID | None, limit: int
    ) -> list[tuple[UUID, Json]]:
        """Return the next rows by id, put away ones too: for walking through all there is."""
        statement = select(self.model.id, self._whole).where(*self._confinement())
        if after is not None:
            statement = statement.where(self.model.id > after)
        statement = statement.order_by(self.model.id).limit(limit)
        return [(row[0], row[1].encode()) for row in await self._fetch(ctx, statement)]

    async def page(
        self,
        ctx: Context,
        query: PageQuery,
        *conditions: ColumnElement[bool],
        order: Order | None = None,
    ) -> Json:
        """Return one keyset page `{"items": [...], "next_cursor": ...}` in one query."""
        return await self.show(ctx, self.listing(query, *conditions, order=order))

    async def show(self, ctx: Context, listing: Listing) -> Json:
        """Return the keyset page `{"items": [...], "next_cursor": ...}` of a listing."""
        stretch = await self.stretch(ctx, listing)
        items = [document for document, _ in stretch.rows]
        return assemble({"items": items, "next_cursor": stretch.next_cursor})

    async def stretch(self, ctx: Context, listing: Listing) -> Stretch:
        """Return the page of a listing as rows, each with its values of the order's columns."""
        rows = await fetch_rows(ctx.transaction, listing.ready, _owner(ctx))
        shown = rows[: listing.limit]
        cursor = _cursor(shown[-1][1:]) if len(rows) > listing.limit else None
        return Stretch([(row[0].encode(), row[1:]) for row in shown], cursor)

    def listing(
        self, query: PageQuery, *conditions: ColumnElement[bool], order: Order | None = None
    ) -> Listing:
        """Build the statement of one keyset page."""
        order = order or Order()
        keys = (*order.columns, self.model.id)
        statement = select(self._sparse(query.fields), *keys)
        statement = statement.where(*conditions, *self._confinement())
        if query.cursor is not None:
            position = _position(query.cursor, keys)
            statement = statement.where(order.behind(keys, position))
        descents = zip(keys, order.directions(), strict=True)
        ordering = [key.desc() if descends else key.asc() for key, descends in descents]
        statement = statement.order_by(*ordering).limit(query.limit + 1)
        return Listing(make_ready(statement), query.limit)

    async def _fetch(
        self, ctx: Context, statement: Select[*tuple[Any, ...]]
    ) -> list[tuple[Any, ...]]:
        return await fetch_rows(ctx.transaction, make_ready(statement), _owner(ctx))

    def _branch(self, serial: int, part: Part) -> Select[*tuple[Any, ...]]:
        """Select one of several lists, each row with its place in it."""
        return (
            select(
                literal_column(str(serial), Integer()).label("serial"),
                func.row_number().over(order_by=part.order_by).label("place"),
                self._whole.label("document"),
            )
            .select_from(self.model)
            .where(*part.conditions, *self._confinement())
            .order_by(*part.order_by)
            .limit(part.limit)
        )

    def _confinement(self) -> list[ColumnElement[bool]]:
        """Return wall one in the statement's own words: this workspace's, or this user's rows."""
        if issubclass(self.model, InWorkspace):
            here = [self.model.workspace_id == bindparam("workspace")]
            if issubclass(self.model, Private):
                here.append(self.model.user_id == bindparam("user"))
            if issubclass(self.model, Unshared):
                seen_by = self.model.seen_by
                here.append(or_(seen_by.is_(None), seen_by == bindparam("user")))
            return here
        mine = self.model.user_id == bindparam("user") if hasattr(self.model, "user_id") else None
        if mine is not None and issubclass(self.model, Personal):
            return [mine]
        if mine is not None and issubclass(self.model, Belonging):
            return [or_(self.model.workspace_id == bindparam("workspace"), mine)]
        return []

    def _sparse(self, names: str | None) -> ColumnElement[str]:
        if names is None:
            return self._whole
        wanted = {name.strip() for name in names.split(",") if name.strip()}
        unknown = sorted(wanted - self.fields.keys())
        if unknown:
            raise invalid(
                "/query/fields",
                f"Unknown field {unknown[0]}; this list has {', '.join(self.fields)}.",
            )
        kept = {k: v for k, v in self.fields.items() if k in wanted or k == "id"}
        return self._document(kept)

    def _document(self, fields: Mapping[str, Column]) -> ColumnElement[str]:
        # json_build_object takes at most 100 arguments; wider rows are merged from parts.
        pairs = list(fields.items())
        if len(pairs) > 50:  # noqa: PLR2004
            raise ValueError("a document has at most 50 fields")
        arguments: list[Any] = []
        for name, column in pairs:
            arguments += [name, column]
        built = cast(func.json_build_object(*arguments), Text)
        return _compiled(built, self.model.__table__)


def _owner(ctx: Context) -> dict[str, UUID | None]:
    return {"workspace": ctx.workspace_id, "user": ctx.actor.user_id}


def _compiled(expression: ColumnElement[str], table: Table) -> ColumnElement[str]:
    """Turn an expression over a table into one piece of SQL.

    Walking some hundred expressions per request would cost more than the query. Nothing in them
    comes from a request; subqueries keep to the workspace by the keys they join on.
    """
    statement = select(expression.label("document")).select_from(table)
    compiled = statement.compile(dialect=POSTGRESQL, compile_kwargs={"literal_binds": True})
    prefix, suffix = "SELECT ", f" AS document \nFROM {table.name}"
    text = str(compiled)
    if not (text.startswith(prefix) and text.endswith(suffix)):
        raise ValueError(f"a document of {table} reads from more than its own row")
    return literal_column(text.removeprefix(prefix).removesuffix(suffix).replace("%%", "%"), Text())


def assemble(parts: Mapping[str, Any]) -> Json:
    """Join ready JSON (bytes, or lists of bytes) and plain values into one object."""
    encoded = [json.dumps(name).encode() + b":" + _encoded(part) for name, part in parts.items()]
    return b"{" + b",".join(encoded) + b"}"


def _encoded(part: Any) -> Json:
    if isinstance(part, bytes):
        return part
    if isinstance(part, list) and part and isinstance(part[0], bytes):
        return b"[" + b",".join(typing_cast("list[bytes]", part)) + b"]"
    return json.dumps(part, default=str).encode()


def _cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values), default=str).encode()).decode()


def _position(cursor: str, keys: Sequence[Column]) -> list[ColumnElement[Any]]:
    try:
        values = CURSOR.validate_json(base64.urlsafe_b64decode(cursor))
    except ValueError:
        values = []
    if len(values) != len(keys):
        raise invalid("/query/cursor", "This cursor is not one of ours; start from the first page.")
    # The database reads each value as its column's type; nonsense becomes a 422 at the edge.
    texts = (literal(str(value), Text()) for value in values)
    types = (typing_cast("ColumnElement[Any]", key).type for key in keys)
    return [cast(text, kind) for text, kind in zip(texts, types, strict=True)]
