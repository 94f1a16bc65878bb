"""Google's and Apple's push services on loopback, at the shapes they document."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import h2.config
import h2.connection
import h2.events

from tests.fakes.loopback import serving

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


def fcm_error(status: int, name: str, code: str = "", field_name: str = "") -> tuple[int, Any]:
    """Return an answer of FCM HTTP v1 for one class of error."""
    details: list[dict[str, Any]] = []
    if code:
        details.append({"@type": FCM_ERROR, "errorCode": code})
    if field_name:
        violation = {"field": field_name, "description": "Invalid"}
        details.append({"@type": BAD_REQUEST, "fieldViolations": [violation]})
    error = {"code": status, "message": "No.", "status": name, "details": details}
    return status, {"error": error}


@dataclass
class Seen:
    """One request: its path, headers and body."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Vendor:
    """What has come, and what is answered."""

    port: int = 0
    answer: tuple[int, Any] = (200, {"name": "projects/p/messages/1"})
    headers: dict[str, str] = field(default_factory=dict[str, str])
    token_status: int = 200
    grants: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    seen: list[Seen] = field(default_factory=list[Seen])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def google(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak HTTP/1.1: the token endpoint and `messages:send`."""
        while head := await reader.readuntil(b"\r\n\r\n"):
            line, *rest = head.decode().strip().split("\r\n")
            headers = {k.lower(): v for k, v in (each.split(": ", 1) for each in rest)}
            body = (await reader.readexactly(int(headers["content-length"]))).decode()
            path = line.split()[1]
            if path == "/token":
                self.grants.append(dict(parse_qsl(body)))
                granted = {"access_token": f"ya29.{len(self.grants)}", "expires_in": 3_599}
                status, said = self.token_status, json.dumps(granted)
            else:
                self.seen.append(Seen(path, headers, json.loads(body)))
                status, said = self.answer[0], json.dumps(self.answer[1])
            more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
            writer.write(
                f"HTTP/1.1 {status} x\r\n{more}Content-Length: {len(said)}\r\n\r\n{said}".encode()
            )
            await writer.drain()

    async def apple(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak HTTP/2: `/3/device/{token}`."""
        wire = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        wire.initiate_connection()
        writer.write(wire.data_to_send())
        streams: dict[int, tuple[dict[str, str], bytes]] = {}
        while raw := await reader.read(65_536):
            for event in wire.receive_data(raw):
                if isinstance(event, h2.events.RequestReceived):
                    pairs = [(name.decode(), value.decode()) for name, value in event.headers]
                    streams[event.stream_id] = dict(pairs), b""
                elif isinstance(event, h2.events.DataReceived):
                    headers, body = streams[event.stream_id]
                    streams[event.stream_id] = headers, body + event.data
                elif isinstance(event, h2.events.StreamEnded):
                    self._answer(wire, event.stream_id, *streams.pop(event.stream_id))
            writer.write(wire.data_to_send())
            await writer.drain()

    def _answer(self, wire: Any, stream: int, headers: dict[str, str], body: bytes) -> None:
        self.seen.append(Seen(headers[":path"], headers, json.loads(body)))
        status, said = self.answer
        lines = [(":status", str(status)), ("apns-id", headers["apns-id"]), *self.headers.items()]
        wire.send_headers(stream, lines, end_stream=said is None)
        if said is not None:
            wire.send_data(stream, json.dumps(said).encode(), end_stream=True)


@asynccontextmanager
async def vendor(name: str) -> AsyncGenerator[Vendor]:
    """Run `google` or `apple` for the length of a block."""
    here = Vendor()

    async with serving(getattr(here, name)) as here.port:
        yield here
