"""The embedded server: private, shared, and gone when nobody needs it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from selfos.kernel.embedded import Embedded, EmbeddedUnavailable, attach, running

PATIENCE_SECONDS = 30
FAST = {"fsync": "off"}


@pytest.fixture
def data() -> Iterator[Path]:
    """A short path: a socket's address has about a hundred characters."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o755)
    yield folder
    eventually(lambda: not running(folder))
    shutil.rmtree(folder)


@pytest.fixture
def server(data: Path) -> Iterator[Embedded]:
    embedded = attach(data, settings=FAST)
    yield embedded
    embedded.release()


def eventually(condition: object) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():  # pyright: ignore[reportCallIssue, reportUnknownVariableType]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(server: Embedded) -> bool:
    try:
        with psycopg.connect(server.url("selfos_app")) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "cluster" / "postmaster.pid").read_text().split()[0]))


def test_a_second_process_joins_the_running_server(server: Embedded, data: Path) -> None:
    program = (
        "import sys, psycopg; from pathlib import Path; from selfos.kernel.embedded import attach;"
        "server = attach(Path(sys.argv[1]));"
        "print(psycopg.connect(server.url('selfos_app')).info.backend_pid)"
    )
    before = postmaster(data).pid
    done = subprocess.run([sys.executable, "-c", program, data], check=True, capture_output=True)
    assert int(done.stdout) > 0
    assert postmaster(data).pid == before
    assert answers(server)


def test_the_server_stops_when_the_last_user_lets_go(data: Path) -> None:
    first, second = attach(data, settings=FAST), attach(data)
    first.release()
    assert answers(second)
    second.release()
    eventually(lambda: not running(data))
    assert not answers(second)


def test_the_server_stops_when_its_user_is_killed(data: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from selfos.kernel.embedded import attach;"
        "server = attach(Path(sys.argv[1])); print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program, data], stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"up\n"
        database = postmaster(data)
        user.kill()
    eventually(lambda: not database.is_running())


def test_a_killed_server_comes_back_with_its_data(server: Embedded, data: Path) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS value")
    killed = postmaster(data)
    killed.send_signal(signal.SIGKILL)
    killed.wait(PATIENCE_SECONDS)
    eventually(lambda: answers(server))
    with psycopg.connect(server.url("postgres")) as owner:
        assert owner.execute("SELECT value FROM kept").fetchone() == (42,)


def test_a_password_is_needed_even_locally(server: Embedded) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host={server.sockets} dbname=selfos user=postgres password=guess")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_another_local_user_cannot_reach_the_socket(server: Embedded) -> None:
    nobody = pwd.getpwnam("nobody")
    attempt = subprocess.run(
        ["ls", str(server.sockets)],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    assert attempt.returncode != 0
    readable = subprocess.run(
        ["cat", str(server.data / "database.password")],
        user=nobody.pw_uid,
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    assert readable.returncode != 0


def test_a_deep_data_folder_still_gets_a_socket(data: Path) -> None:
    deep = data / ("very-long-folder-name-" * 5)
    server = attach(deep, settings=FAST)
    try:
        assert answers(server)
        assert not str(server.sockets).startswith(str(deep))
    finally:
        server.release()
        eventually(lambda: not running(deep))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_a_data_folder_the_server_cannot_enter_is_refused_with_the_reason(data: Path) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedUnavailable, match=str(closed)):
        attach(closed / "inside")
