"""SQLAlchemy statements run straight on the driver, compiled once per shape.

A list is asked so often that the ORM's own bookkeeping around a query would cost more than the
query. What is kept: expressions, types and parameters. What is left out: entities and sessions, so
the statement must carry its own workspace condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql import psycopg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.sql.compiler import SQLCompiler

    from selfos.kernel.database import Transaction

POSTGRESQL = psycopg.dialect()
# A list has as many shapes as it has combinations of filters; these are the popular ones.
SHAPES_KEPT = 500

_compiled: dict[Any, SQLCompiler] = {}


async def fetch_rows(
    transaction: Transaction, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of a confined statement; `parameters` fill its named binds."""
    # The cache key is SQLAlchemy's own: the shape of a statement, apart from its values.
    key = statement._generate_cache_key()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    compiled = _compiled.get(key.key) if key is not None else None
    if compiled is None or key is None:
        compiled = statement.compile(dialect=POSTGRESQL, cache_key=key)
        if key is not None and not compiled.post_compile_params:
            if len(_compiled) >= SHAPES_KEPT:
                _compiled.clear()
            _compiled[key.key] = compiled
    if compiled.post_compile_params or key is None:
        # A list of values (IN) makes a statement of its own each time.
        found = await transaction.session.execute(statement, dict(parameters))
        return [tuple(row) for row in found]
    await transaction.flush()
    values = compiled.construct_params(dict(parameters), extracted_parameters=key.bindparams)
    cursor = await transaction.driver.execute(str(compiled).encode(), _plain(compiled, values))
    return await cursor.fetchall()


def _plain(compiled: SQLCompiler, values: Mapping[str, Any]) -> dict[str, Any]:
    """Apply what each column type does to its values before the driver sees them."""
    processors: Any = compiled._bind_processors  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return {
        name: processors[name](value) if name in processors else value
        for name, value in values.items()
    }
