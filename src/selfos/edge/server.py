"""One process: the server, and unless told otherwise the worker beside it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from selfos.edge.http import make_app
from selfos.edge.registry import TOOLS, make_jobs
from selfos.kernel.core import Kernel, Urls, open_kernel
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import get_logger

# Answers already begun get this long after a stop signal.
DRAIN_SECONDS = 25
# The longest message one may say is far shorter.
LARGEST_FRAME = 64 * 1024
Announce = Callable[[str], None]

log = get_logger(__name__)


class Server(uvicorn.Server):
    """Uvicorn that first turns readiness off, then sends live clients elsewhere."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, started: Announce) -> None:
        """`started` is told the address once requests are served."""
        super().__init__(config)
        self._app = app
        self._announce = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            # What the start has made stays: the collector need not walk it again and again.
            gc.collect()
            gc.freeze()
            port = self.servers[0].sockets[0].getsockname()[1]
            self._announce(f"http://{self.config.host}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain: not ready, sockets closed with 1012, running answers finished."""
        self._app.state.draining = True
        self._app.state.hub.drain()
        await super().shutdown(sockets)


def serve(settings: Settings, urls: Urls, started: Announce) -> None:
    """Serve until SIGINT or SIGTERM."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Kernel]:
        async with open_kernel(settings, urls.app, make_jobs(), tools=TOOLS, listen=True) as kernel:
            if not settings.worker_in_server:
                yield kernel
                return
            async with working(kernel):
                yield kernel

    app = make_app(settings, opened)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        h11_max_incomplete_event_size=64 * 1024,
    )
    Server(config, app, started).run()


@asynccontextmanager
async def working(kernel: Kernel) -> AsyncGenerator[None]:
    """Work jobs off beside whatever the block does."""
    worker = asyncio.create_task(kernel.jobs.work(kernel.settings.worker_concurrency))
    try:
        yield
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


def work(settings: Settings, urls: Urls) -> None:
    """Run a worker alone until SIGINT or SIGTERM."""

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        async with open_kernel(settings, urls.app, make_jobs()) as kernel, working(kernel):
            log.info("worker.started", concurrency=settings.worker_concurrency)
            await stop.wait()

    asyncio.run(main())
