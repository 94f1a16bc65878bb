"""Streamable HTTP at `/mcp`: one POST, one answer, no session to steal or to keep."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from selfos.edge.doorkeeper import Doorkeeper, unauthenticated
from selfos.edge.mcp.calls import Calls
from selfos.kernel.errors import Forbidden

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send

PATH = "/mcp"
# Under this name a request knows who was let in with it.
CALLER = "selfos.caller"


class Door:
    """Admits requests of assistants; opens what answers them when the first one comes."""

    def __init__(self, doorkeeper: Doorkeeper) -> None:
        """Nothing is loaded yet."""
        self._doorkeeper = doorkeeper
        self._calls = Calls(doorkeeper)
        self._opening = asyncio.Lock()
        self._closing = asyncio.Event()
        self._manager: StreamableHTTPSessionManager | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of somebody with a token."""
        request = Request(scope)
        self._refuse_other_sites(request)
        if request.method != "POST":
            # There is no stream to listen to and no session to end.
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
            return
        scope[CALLER] = await self._calls.check(bearer_of(request))
        manager = self._manager or await self._open()
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """Let what answers end in order."""
        self._closing.set()
        if self._keeper is not None:
            await self._keeper

    async def _open(self) -> StreamableHTTPSessionManager:
        async with self._opening:
            if self._manager is not None:
                return self._manager
            await asyncio.to_thread(import_module, "selfos.edge.mcp.server")
            opened: asyncio.Future[StreamableHTTPSessionManager] = asyncio.Future()
            self._keeper = asyncio.create_task(self._keep_open(opened))
            self._manager = await opened
            return self._manager

    async def _keep_open(self, opened: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        """Hold the library's task group: it wants to be closed by the task that opened it."""
        from mcp.server.streamable_http_manager import (  # noqa: PLC0415 - loaded when needed
            StreamableHTTPSessionManager,
        )

        from selfos.edge.mcp.server import make_server  # noqa: PLC0415 - as above

        server = make_server(self._calls, lambda ctx: ctx.request.scope[CALLER])
        manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        async with manager.run():
            opened.set_result(manager)
            await self._closing.wait()

    def _refuse_other_sites(self, request: Request) -> None:
        """Refuse a page of a site nobody has allowed, even one that holds a token."""
        origin = request.headers.get("origin")
        allowed = self._doorkeeper.kernel.settings.cors_origins
        if origin is not None and origin not in allowed and not self._doorkeeper.ours(request):
            raise Forbidden("This request came from another site.")


def bearer_of(request: Request) -> str:
    """Return the token of a request; a cookie opens nothing here."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated()
    return token.strip()


@asynccontextmanager
async def open_door(doorkeeper: Doorkeeper) -> AsyncGenerator[Door]:
    """Keep a door for as long as the application runs."""
    door = Door(doorkeeper)
    try:
        yield door
    finally:
        await door.close()


class _Knock:
    """The door of the running application, as an ASGI application of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["app"].state.mcp.serve(scope, receive, send)


def route() -> Route:
    """Return the route of the door."""
    return Route(PATH, _Knock())
