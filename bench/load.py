"""A small closed-loop load generator: N keep-alive connections, each sends when answered.

Raw sockets in one asyncio process, because the generator shares the machine with what it
measures. Latencies are in seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

CONTENT_LENGTH = b"\r\ncontent-length: "
HEAD_END = b"\r\n\r\n"


@dataclass
class Window:
    """What happened in one window."""

    seconds: float
    latencies: list[float] = field(default_factory=list[float])
    errors: int = 0

    @property
    def rate(self) -> float:
        """Return the answered requests per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency below which this share of the answers stayed, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1_000 if ordered else 0.0


Request = Callable[[], bytes]


def http_request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return the bytes of one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + HEAD_END + body


async def run_window(port: int, request: Request, connections: int, seconds: float) -> Window:
    """Send requests on so many connections for so long; anything but 2xx is an error."""
    window = Window(seconds)
    deadline = time.perf_counter() + seconds
    await asyncio.gather(*(_one(port, request, window, deadline) for _ in range(connections)))
    return window


async def _one(port: int, request: Request, window: Window, deadline: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (started := time.perf_counter()) < deadline:
            writer.write(request())
            status = await _read_answer(reader)
            if 200 <= status < 300:  # noqa: PLR2004
                window.latencies.append(time.perf_counter() - started)
            else:
                window.errors += 1
    except (ConnectionError, asyncio.IncompleteReadError):
        window.errors += 1
    finally:
        writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(HEAD_END)).lower()
    start = head.find(CONTENT_LENGTH)
    if start >= 0:
        end = head.index(b"\r\n", start + len(CONTENT_LENGTH))
        await reader.readexactly(int(head[start + len(CONTENT_LENGTH) : end]))
    return int(head[9:12])
