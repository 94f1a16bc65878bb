"""The `selfos` command, as a person runs it: real processes, real signals, nothing left behind."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from selfos import __version__
from selfos.kernel.embedded import running
from tests.factories import PASSWORD
from tests.programs import client_at, untraced

SELFOS = Path(sys.executable).with_name("selfos")
PATIENCE_SECONDS = 90


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the database's own user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="selfos-cli-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def selfos(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
    """Run to the end; returns the exit status and what was said on both streams."""
    process = await asyncio.create_subprocess_exec(
        SELFOS,
        *arguments,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    said, told = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    return process.returncode or 0, said.decode(), told.decode()


@asynccontextmanager
async def started(
    *arguments: str | Path, traced: bool = True, **environment: str
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run a program for the length of a block; what still runs at its end is killed."""
    surroundings = {**os.environ, **environment} if traced else untraced(**environment)
    process = await asyncio.create_subprocess_exec(
        SELFOS, *arguments, env=surroundings, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def line_with(process: asyncio.subprocess.Process, words: str) -> str:
    """Return the next line on stderr with these words in it."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for line in process.stderr:
            if words in line.decode():
                return line.decode()
    raise AssertionError(f"never said: {words}")


async def gone(folder: Path) -> bool:
    """Tell whether no process works on this folder any more."""
    if running(folder / "postgres"):
        return False
    for process in psutil.process_iter(["cmdline"]):
        words: list[str] = process.info["cmdline"] or []
        if any(str(folder) in word for word in words):
            return False
    return True


async def test_the_version_is_told_at_once() -> None:
    assert await selfos("version") == (0, f"{__version__}\n", "")


async def test_help_names_every_command() -> None:
    status, said, _ = await selfos("--help")
    assert status == 0
    for command in ("serve", "worker", "migrate", "doctor", "version"):
        assert command in said


@pytest.mark.parametrize(
    ("arguments", "environment", "reason"),
    [
        (["serve"], {"SELFOS_PROT": "8000"}, "SELFOS_PROT"),
        (["serve", "--host", "0.0.0.0"], {}, "unencrypted"),  # noqa: S104
    ],
)
async def test_a_wrong_setting_ends_with_2_and_the_reason(
    arguments: list[str], environment: dict[str, str], reason: str
) -> None:
    status, said, told = await selfos(*arguments, **environment)
    assert (status, said) == (2, "")
    assert told.startswith("error: ")
    assert reason in told
    assert "Traceback" not in told


async def test_an_unusable_data_folder_is_one_sentence(data: Path) -> None:
    (data / "postgres").write_text("a file where a folder should be")
    status, _, told = await selfos("migrate", "--data", data)
    assert status == 1
    assert "Traceback" not in told
    assert "error: " in told


async def test_a_database_that_is_not_there_is_one_sentence(data: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2"
    for command in ("migrate", "doctor"):
        status, _, told = await selfos(command, "--data", data, SELFOS_DATABASE_URL=url)
        assert status == 1, told
        assert "Traceback" not in told
        assert "error: " in told


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_serving_until_told_to_stop_leaves_nothing_running(
    data: Path, how: signal.Signals
) -> None:
    options = ("serve", "--port", "0", "--data", data)
    # What either signal does is the same lines.
    traced = how == signal.SIGTERM
    async with started(*options, traced=traced, SELFOS_LOG_FORMAT="json") as server:
        ready = await line_with(server, "SelfOS is ready: ")
        address = ready.split("SelfOS is ready: ")[1].split()[0]
        async with client_at(address) as client:
            assert (await client.get("/readyz")).json() == {"status": "ok"}
            person = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}
            headers = {"X-Request-ID": "cli-test-4711"}
            made = await client.post("/api/v1/auth/register", json=person, headers=headers)
            assert made.status_code == 201
            logged = json.loads(await line_with(server, "cli-test-4711"))
            assert logged["request_id"] == "cli-test-4711"
            assert PASSWORD not in json.dumps(logged)
            status, _, told = await selfos("doctor", "--data", data)
            assert (status, "ok    database" in told) == (0, True)
            assert "in use" in told
        server.send_signal(how)
        await asyncio.wait_for(server.wait(), PATIENCE_SECONDS)
        assert server.returncode == 0
        assert server.stderr is not None
        assert b"Traceback" not in await server.stderr.read()
    await eventually(lambda: gone(data))


async def test_a_worker_alone_does_the_jobs_and_stops_cleanly(data: Path) -> None:
    serve = ("serve", "--port", "0", "--data", data)
    # The lines of a server are followed where one is told to stop.
    async with started(*serve, traced=False, SELFOS_WORKER_IN_SERVER="false") as server:
        ready = await line_with(server, "SelfOS is ready: ")
        address = ready.split("SelfOS is ready: ")[1].split()[0]
        async with client_at(f"{address}/api/v1") as client:
            person = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}
            await client.post("/auth/register", json=person)
            async with started("worker", "--data", data) as worker:
                await line_with(worker, "worker.started")
                # The confirmation mail of the registration is the worker's to write.
                outbox = data / "outbox"

                async def mailed() -> bool:
                    return any(outbox.glob("*.eml"))

                await eventually(mailed)
                worker.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(worker.wait(), PATIENCE_SECONDS) == 0
        server.send_signal(signal.SIGTERM)
        await asyncio.wait_for(server.wait(), PATIENCE_SECONDS)
    await eventually(lambda: gone(data))
