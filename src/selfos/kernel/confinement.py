"""A process that runs other people's code: it reaches the public internet and nothing else.

Python asks the hook below before each connection, file, program and so on; a hook cannot be taken
back, so whoever confines a process means it until it ends. It guards against code that is led
astray, by addresses above all, and not against code that was written to break out.
"""

from __future__ import annotations

import mimetypes
import os
import sys
import sysconfig
from collections.abc import Callable
from typing import Any

from selfos.kernel.addresses import PORTS, is_public

# What a sender of messages has no business with.
REFUSED_EVENTS = (
    *("subprocess.", "pty.", "shutil.", "ctypes.dlopen", "webbrowser.", "os.system", "os.exec"),
    *("os.fork", "os.posix_spawn", "os.spawn", "os.kill", "os.remove", "os.rename", "os.rmdir"),
    *("os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"),
    *("socket.bind", "socket.sendto", "socket.sendmsg", "smtplib.", "ftplib."),
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MEMORY_BYTES, CPU_SECONDS, OPEN_FILES = 1 << 30, 20, 64


def confine(*, private_too: bool = False) -> None:
    """Confine this process for good. `private_too` lets it reach private networks as well."""
    _limit()
    # Read now what would be refused later.
    mimetypes.init()
    readable = tuple(
        os.path.realpath(path) + os.sep
        for name, path in sysconfig.get_paths().items()
        if name in {"stdlib", "platstdlib", "purelib", "platlib"}
    )
    sys.addaudithook(guard_of(readable, private_too=private_too))


def guard_of(readable: tuple[str, ...], *, private_too: bool) -> Callable[[str, Any], None]:
    """Return the hook: it raises OSError for what a confined process may not do."""

    def guard(event: str, details: Any) -> None:
        if event == "socket.connect":
            _check_address(details[1], private_too=private_too)
        elif event == "open":
            _check_file(details[0], details[2], readable)
        elif event.startswith(REFUSED_EVENTS):
            raise PermissionError(f"{event} is not for this process")

    return guard


def _check_address(address: Any, *, private_too: bool) -> None:
    """Refuse sockets of this machine, odd ports, and what is not public."""
    if not isinstance(address, tuple):
        raise ConnectionRefusedError("not an address of the internet")
    host, port = str(address[0]), address[1]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if not private_too and (port not in PORTS or not is_public(host)):
        raise ConnectionRefusedError("not a public address")


def _check_file(path: Any, flags: Any, readable: tuple[str, ...]) -> None:
    """Refuse to write, and to read anything but Python and what is installed."""
    if isinstance(path, int):
        return
    if isinstance(flags, int) and flags & WRITING:
        raise PermissionError("nothing is written here")
    if not os.path.realpath(os.fsdecode(path)).startswith(readable):
        raise PermissionError("this file is not for this process")


def _limit() -> None:
    """Set limits where the system has them; the parent's clock is the last one."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, soft))
