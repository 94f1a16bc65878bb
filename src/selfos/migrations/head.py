"""Is the schema up to date: told without the migration library, which would stay in memory."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import psycopg

VERSIONS = Path(__file__).parent / "versions"


@cache
def newest_revision() -> str:
    """Return the revision this code expects."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def is_current(url: str) -> bool:
    """Tell whether a database has the newest schema already."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return False
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row == (newest_revision(),)


def bring_up_to_date(url: str) -> None:
    """Apply what is missing as the owner, in a process of its own."""
    if not is_current(url):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(_migrate, url).result()


def _migrate(url: str) -> None:
    from selfos.migrations.run import migrate  # noqa: PLC0415 - this process alone loads it

    migrate(url)
