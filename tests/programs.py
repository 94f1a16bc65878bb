"""SelfOS as processes of their own: started, heard, and killed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import httpx2
import psycopg

from selfos.kernel.embedded import Embedded, attach, running
from selfos.kernel.identifiers import new_id

SELFOS = Path(sys.executable).with_name("selfos")
# Long enough for any machine; a test that waits longer has failed.
PATIENCE_SECONDS = 120


def untraced(**settings: str) -> dict[str, str]:
    """Return an environment for programs that end by a signal or are not ours.

    Coverage would follow each of their lines, and lose what it saw.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return kept | settings


async def eventually(check: Callable[[], Awaitable[Any]]) -> Any:
    """Return the first truthy answer; the connection may be lost meanwhile."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                if answer := await check():
                    return answer
            except (psycopg.OperationalError, httpx2.HTTPError):
                pass
            await asyncio.sleep(0.1)


def client_at(address: str) -> httpx2.AsyncClient:
    """Return a client of a program on this machine, which may be busy."""
    return httpx2.AsyncClient(base_url=address, trust_env=False, timeout=PATIENCE_SECONDS)


@dataclass
class Program:
    """A `selfos` command as a process of its own, and the file of what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, data: Path, command: str, *arguments: str, **settings: str) -> Program:
        """Start it on this data folder; the server leaves jobs to workers unless told."""
        log = data.with_name(f"{command}-{new_id()}.log")
        with log.open("wb") as said:
            process = subprocess.Popen(
                [SELFOS, command, "--data", data, *arguments],
                env=untraced(**{"SELFOS_WORKER_IN_SERVER": "false", **settings}),
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        return cls(process, log)

    async def heard(self, words: str) -> str:
        """Return what follows these words, once they are said."""

        async def said() -> str | None:
            text = self.log.read_text()
            assert self.process.poll() is None, text
            return text.partition(words)[2]

        return (await eventually(said)).split()[0]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; a process that has ended already is fine."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@dataclass
class Place:
    """A data folder with its database, and the programs started on it."""

    data: Path
    database: Embedded
    programs: list[Program]

    def start(self, command: str, *arguments: str, **settings: str) -> Program:
        """Start a program here; it ends with the place."""
        program = Program.start(self.data, command, *arguments, **settings)
        self.programs.append(program)
        return program

    def holds(self, condition: LiteralString) -> bool:
        """Tell whether a condition in SQL is true."""
        return self.count(f"({condition})::int") == 1

    def count(self, expression: LiteralString) -> int:
        """Return the value of an expression in SQL."""
        with psycopg.connect(self.database.url("postgres"), autocommit=True) as owner:
            row = owner.execute(f"SELECT {expression}").fetchone()
        assert row is not None
        return row[0]


@asynccontextmanager
async def new_place() -> AsyncGenerator[Place]:
    """Make a place of one's own; its programs are stopped and its folder is removed."""
    folder = _new_folder()
    database = attach(folder / "data" / "postgres", settings={"fsync": "off"})
    place = Place(folder / "data", database, [])
    try:
        yield place
    finally:
        for program in place.programs:
            program.stop()
        database.release()
        await eventually(lambda: asyncio.to_thread(lambda: not running(database.data)))
        shutil.rmtree(folder)


def _new_folder() -> Path:
    """Make a folder that the database's own user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="selfos-place-"))
    folder.chmod(0o755)
    return folder
