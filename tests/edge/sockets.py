"""A WebSocket client that talks to the application in this process."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Self

from fastapi import FastAPI

from tests.factories import Person

PATIENCE_SECONDS = 30


class Socket:
    """One connection to the live door or another, opened and closed by `async with`."""

    def __init__(
        self, app: FastAPI, headers: dict[str, str], query: str = "", path: str = "/live"
    ) -> None:
        self._app = app
        self._scope: dict[str, Any] = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": f"/api/v1{path}",
            "raw_path": f"/api/v1{path}".encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
            "subprotocols": [],
            "state": {},
        }
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        send: Any = self._from_app.put
        receive: Any = self._to_app.get
        self._running = asyncio.create_task(self._app(self._scope, receive, send))
        await self._to_app.put({"type": "websocket.connect"})
        assert (await self._next())["type"] == "websocket.accept"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Go away, and wait until the application has noticed."""
        await self._to_app.put({"type": "websocket.disconnect", "code": 1001})
        assert self._running is not None
        await asyncio.wait_for(self._running, PATIENCE_SECONDS)

    async def say(self, text: str) -> None:
        """Send a frame of text."""
        await self._to_app.put({"type": "websocket.receive", "text": text})

    async def _next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._from_app.get(), PATIENCE_SECONDS)

    async def hear(self) -> dict[str, Any]:
        """Return the next message."""
        message = await self._next()
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def hear_cursor(self, at_least: int) -> int:
        """Return the first cursor that has come this far."""
        while True:
            message = await self.hear()
            if message["type"] == "cursor" and message["seq"] >= at_least:
                return message["seq"]

    async def closed(self) -> int:
        """Return the code it was closed with, whatever is said before."""
        while True:
            message = await self._next()
            if message["type"] == "websocket.close":
                return message["code"]

    @property
    def silent(self) -> bool:
        """Tell whether nothing waits to be heard."""
        return self._from_app.empty()


def cookie_of(person: Person) -> dict[str, str]:
    """Return what a browser on our own page sends."""
    cookies = "; ".join(f"{name}={value}" for name, value in person.client.cookies.items())
    return {"Cookie": cookies, "Origin": "http://127.0.0.1:8000"}
