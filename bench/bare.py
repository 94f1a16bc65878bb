"""The denominator: the statements of one request, by psycopg alone, behind the same server.

Started by `bench.http` with a file of recorded statements; `/replay/NAME` runs those of one
operation in a transaction, with fresh ids in place of the recorded ones, and answers with bytes of
the same length. The same server and framework as ours, but no rights, no validation, no ORM: what
HTTP, the driver and the database cost.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg_pool
import uvicorn
from fastapi import FastAPI, Response

from selfos.kernel.identifiers import new_id

Statement = tuple[str, Any]
POOL_SIZE = 16


class Replay:
    """One recorded operation: statements, ids to renew, ids to take from a list of rows."""

    def __init__(self, recorded: dict[str, Any]) -> None:
        """`recorded` has statements, fresh (ids), target (an id) and targets (ids to use up)."""
        self.statements: list[Statement] = recorded["statements"]
        self.fresh: list[str] = recorded["fresh"]
        self.target: str | None = recorded["target"]
        self.targets: list[str] = recorded["targets"]
        self.answer = b"x" * recorded["length"]

    def renewed(self) -> dict[str, str]:
        """Return what to write in place of each recorded id, this time."""
        names = {old: str(new_id()) for old in self.fresh}
        if self.target is not None:
            names[self.target] = self.targets.pop()
        return names


def renew(value: Any, names: dict[str, str]) -> Any:
    """Replace recorded ids in a parameter: an id, or text with ids in it."""
    if isinstance(value, UUID):
        return UUID(names.get(str(value), str(value)))
    if isinstance(value, str) and len(value) >= 36:  # noqa: PLR2004 - the length of an id
        for old, new in names.items():
            value = value.replace(old, new)
    return value


def application(url: str, replays: dict[str, Replay]) -> FastAPI:
    """Return a FastAPI application with one route per operation and nothing else."""
    pool = psycopg_pool.AsyncConnectionPool(url, min_size=POOL_SIZE, open=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await pool.open(wait=True)
        yield
        await pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/replay/{operation}")
    async def _replay(operation: str) -> Response:
        replay = replays[operation]
        names = replay.renewed()
        async with pool.connection() as connection:
            for sql, parameters in replay.statements:
                cursor = await connection.execute(sql.encode(), _given(parameters, names) or None)
                if cursor.description is not None:
                    await cursor.fetchall()
        return Response(replay.answer, media_type="application/json")

    return app


def _given(parameters: Any, names: dict[str, str]) -> Any:
    if hasattr(parameters, "items"):
        return {key: renew(value, names) for key, value in parameters.items()}
    return [renew(value, names) for value in parameters or ()]


def main() -> None:
    """Serve the recording named on the command line, on the port named there."""
    recording = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - our own file
    replays = {name: Replay(recorded) for name, recorded in recording["operations"].items()}
    uvicorn.run(
        application(recording["url"], replays),
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        log_level="error",
        access_log=False,
    )


if __name__ == "__main__":
    main()
