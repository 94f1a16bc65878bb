"""SQLAlchemy statements run straight on the driver, compiled once per shape.

A list is asked so often that the ORM's own bookkeeping around a query would cost more than the
query. What is kept: expressions, types and parameters. What is left out: entities and sessions, so
the statement must carry its own workspace condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal
from sqlalchemy.dialects.postgresql import psycopg

from selfos.kernel.database import SYSTEM_ROLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import BindParameter, Select
    from sqlalchemy.sql.compiler import SQLCompiler

    from selfos.kernel.database import Database, Transaction

POSTGRESQL = psycopg.dialect()
# A list has as many shapes as it has combinations of filters; these are the popular ones.
SHAPES_KEPT = 500
# Holds for the statement it stands in, from the next column on.
AS_SYSTEM = func.set_config("role", SYSTEM_ROLE, literal(value=True))

_compiled: dict[Any, SQLCompiler] = {}


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement as the driver takes it, with the values written into it; may be kept."""

    statement: Select[*tuple[Any, ...]]
    compiled: SQLCompiler | None
    text: bytes
    extracted: Sequence[BindParameter[Any]]


def make_ready(statement: Select[*tuple[Any, ...]]) -> Ready:
    """Compile a confined statement, or find one of its shape compiled."""
    # The cache key is SQLAlchemy's own: the shape of a statement, apart from its values.
    key = statement._generate_cache_key()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    if key is None:
        return Ready(statement, None, b"", ())
    compiled = _compiled.get(key.key)
    if compiled is None:
        compiled = statement.compile(dialect=POSTGRESQL, cache_key=key)
        if compiled.post_compile_params:
            # A list of values (IN) makes a statement of its own each time.
            return Ready(statement, None, b"", ())
        if len(_compiled) >= SHAPES_KEPT:
            _compiled.clear()
        _compiled[key.key] = compiled
    return Ready(statement, compiled, str(compiled).encode(), key.bindparams)


async def fetch_rows(
    transaction: Transaction, ready: Ready, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of a statement made ready; `parameters` fill its named binds."""
    if ready.compiled is None:
        found = await transaction.session.execute(ready.statement, dict(parameters))
        return [tuple(row) for row in found]
    await transaction.flush()
    values = ready.compiled.construct_params(dict(parameters), extracted_parameters=ready.extracted)
    cursor = await transaction.driver.execute(ready.text, _plain(ready.compiled, values))
    return await cursor.fetchall()


async def fetch_alone(
    database: Database, ready: Ready, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that is a whole transaction, in one round trip.

    It has to say itself as whom it runs: `AS_SYSTEM` is its first column.
    """
    if ready.compiled is None:
        raise ValueError("only a statement of one shape runs alone")
    values = ready.compiled.construct_params(dict(parameters), extracted_parameters=ready.extracted)
    return await database.alone(ready.text, _plain(ready.compiled, values))


def _plain(compiled: SQLCompiler, values: Mapping[str, Any]) -> dict[str, Any]:
    """Apply what each column type does to its values before the driver sees them."""
    processors: Any = compiled._bind_processors  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return {
        name: processors[name](value) if name in processors else value
        for name, value in values.items()
    }
