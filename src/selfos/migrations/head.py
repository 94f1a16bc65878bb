"""Is the schema up to date: told without the migration library, which would stay in memory."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
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
    """Apply what is missing as the owner, in a process of its own.

    It ends with its work, also where this process has been killed meanwhile.
    """
    if is_current(url):
        return
    spawn = get_context("spawn")
    heard, said = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_migrate, args=(url, said))
    process.start()
    said.close()
    try:
        error: Exception | None = heard.recv()
    except EOFError:
        error = RuntimeError("the process that migrates the database has died")
    process.join()
    heard.close()
    if error is not None:
        raise error


def _migrate(url: str, answer: Connection) -> None:
    from selfos.migrations.run import migrate  # noqa: PLC0415 - this process alone loads it

    error: Exception | None = None
    try:
        migrate(url)
    except Exception as failure:  # noqa: BLE001 - raised again where somebody waits
        error = failure
    # Who waited may be gone.
    with suppress(BrokenPipeError):
        answer.send(error)
