"""Records what one request says to the database, so that `bench.bare` can say the same."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
Statement = tuple[str, Any]


@contextmanager
def recorded(statements: list[Statement]) -> Generator[None]:
    """Note every statement that any psycopg cursor executes in the block."""
    original = psycopg.AsyncCursor.execute

    async def execute(cursor: Any, query: Any, params: Any = None, **options: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        if "pg_notify" not in text:  # live signals run beside requests, not in them
            statements.append((text, params))
        return await original(cursor, query, params, **options)

    psycopg.AsyncCursor.execute = execute  # type: ignore[method-assign]
    try:
        yield
    finally:
        psycopg.AsyncCursor.execute = original


def ids_in(statements: list[Statement]) -> set[str]:
    """Return every UUIDv7 among the parameters, alone or inside text."""
    found: set[str] = set()
    for _, parameters in statements:
        given: Any = parameters or ()
        for value in given.values() if isinstance(parameters, dict) else given:
            text = str(value) if isinstance(value, UUID | str) else ""
            found.update(ID.findall(text))
    return found
