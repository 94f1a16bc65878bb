"""Keeps one embedded PostgreSQL alive exactly as long as somebody uses it.

Run as `python guardian.py DATA_DIR BIN_DIR UID GID SOCKET_DIR`: returns at once and leaves the
guardian behind.
Users hold a shared lock on `users.lock`; the guardian starts the server and waits for the
exclusive one, which it gets when the last user has gone, however that user ended. A server that
dies while it is in use is started again. Standard library only: it must start in milliseconds.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

POLL_SECONDS = 0.2
STOP_SECONDS = 30
RESTART_LIMIT = 20
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to stop the server if its guardian is killed; elsewhere it would be orphaned."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def start_postgres(
    data: Path, binaries: Path, uid: int, gid: int, sockets: Path
) -> "subprocess.Popen[bytes]":
    """Start the server as `uid:gid`, listening on a Unix socket in `sockets` only."""
    with (data / "postgres.log").open("ab") as log:
        return subprocess.Popen(
            [
                str(binaries / "postgres"),
                *("-D", str(data / "cluster")),
                *("-k", str(sockets)),
                *("-c", "listen_addresses="),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=uid if os.geteuid() == 0 else None,
            group=gid if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            cwd="/",
            preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
        )


def stop_postgres(server: "subprocess.Popen[bytes]") -> None:
    """Ask for a fast shutdown; insist when it does not come."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def unused(users: int) -> bool:
    """Take the exclusive lock if nobody holds a shared one."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main() -> None:
    """Guard one cluster until its last user is gone."""
    data, binaries, sockets = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[5])
    uid, gid = int(sys.argv[3]), int(sys.argv[4])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    guarding = os.open(data / "guardian.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(guarding, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another guardian is at work
    if os.fork():
        return  # the lock stays with the child, so the caller sees at once that one is at work
    os.setsid()
    users = os.open(data / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    server = start_postgres(data, binaries, uid, gid, sockets)
    restarts = 0
    while not unused(users):
        if server.poll() is not None:
            restarts += 1
            if restarts > RESTART_LIMIT:
                return
            server = start_postgres(data, binaries, uid, gid, sockets)
        time.sleep(POLL_SECONDS)
    stop_postgres(server)


if __name__ == "__main__":
    main()
