"""What surrounds every request: a correlation id, safe headers, a log line."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException

from selfos.edge.metrics import METRICS, count_request
from selfos.edge.problems import unexpected
from selfos.kernel.routing import READING
from selfos.kernel.telemetry import get_logger, request_id_bound

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "frame-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html selfos-worker"
)
SAFE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ONE_YEAR = "max-age=31536000; includeSubDomains"
QUIET = ("/livez", "/readyz", METRICS, "/assets/")

log = get_logger(__name__)


class Surroundings:
    """Plain ASGI, so that it costs microseconds and streams pass through."""

    def __init__(self, app: ASGIApp, *, secure: bool, debug: bool) -> None:
        """`secure` adds HSTS: people reach us over TLS. `debug` shows tracebacks."""
        self.debug = debug
        self.app = app
        self.headers = SAFE_HEADERS | ({"Strict-Transport-Security": ONE_YEAR} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside its correlation id."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if REQUEST_ID.fullmatch(offered) else secrets.token_hex(8)
        with request_id_bound(request_id):
            if scope["type"] == "http":
                await self._serve(scope, receive, send, request_id)
            else:
                await self.app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started = time.perf_counter()
        status, begun = 500, False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            if begun:
                raise
            answer = unexpected(error, debug=self.debug)
            await answer(scope, receive, send_with_headers)
        seconds = time.perf_counter() - started
        count_request(scope, status, seconds)
        if not scope["path"].startswith(QUIET):
            log.info(
                "request.served",
                method=scope["method"],
                path=scope["path"],
                status=status,
                seconds=round(seconds, 4),
            )


class BodyLimit:
    """Refuses requests larger than we accept, whether they say so or just keep sending."""

    def __init__(self, app: ASGIApp, *, largest: int) -> None:
        """`largest` is in bytes."""
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is read; who does not read the body is not disturbed."""
        if scope["type"] != "http" or scope["method"] in READING:
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        left = self.largest
        refused = declared.isdecimal() and int(declared[:20]) > self.largest

        async def receive_within_limit() -> Message:
            nonlocal left
            if refused:
                raise HTTPException(413)
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_within_limit, send)
