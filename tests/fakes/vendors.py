"""Model vendors as a real HTTP server: the wire formats of OpenAI and Anthropic, with failures.

Each request takes the next reply of the script, or the usual one. What came in is kept in `seen`,
so that a test can look at the very bytes that left. What a worker asks by itself, whenever it comes
to it, takes no reply meant for somebody who waits: it has one of its own in `behind`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tests.fakes.loopback import serving

HEAD_END = b"\r\n\r\n"
# What only a question from behind the scenes says, and its usual reply.
NAMING = "Name the conversation"
BEHIND = {NAMING: '{"title": "What we spoke of"}'}
PHRASES = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}


class End(StrEnum):
    """How a reply ends."""

    WELL = "well"
    HANG = "hang"
    CUT = "cut"
    SILENT_CUT = "silent_cut"
    GARBAGE = "garbage"
    ERROR = "error"


@dataclass(frozen=True)
class Reply:
    """What the vendor does with one request."""

    chunks: tuple[str, ...] = ("Hello", " there", "!")
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    error: Mapping[str, Any] = field(default_factory=dict[str, Any])
    end: End = End.WELL
    refusal: str | None = None
    tool: tuple[str, Mapping[str, Any]] | None = None
    tools: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    usage: tuple[int, int] | None = (20, 5)
    flagged: tuple[str, ...] = ()
    echoes: bool = False
    cached_tokens: int = 0
    before: float = 0.0
    between: float = 0.0


def says(*chunks: str, **more: Any) -> Reply:
    """Answer well with this text."""
    return Reply(chunks=chunks, **more)


def fails(status: int, retry_after: float | str | None = None, **error: Any) -> Reply:
    """Answer with an error."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Reply(status=status, headers=headers, error=error or {"message": "no"})


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def is_behind(self) -> bool:
        """Tell whether a worker asks this by itself."""
        return any(asks in self.text for asks in BEHIND)


class FakeVendor:
    """One vendor on one port."""

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.seen: list[Seen] = []
        self.open_streams = 0
        self.port = 0
        self.forget()

    @property
    def url(self) -> str:
        """The address for an OpenAI-compatible provider."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def root(self) -> str:
        """The address for Anthropic, whose library adds the version."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> int:
        """How many answers were asked for, apart from probes and what a worker asks by itself."""
        return sum(seen.path != "/v1/models" and not seen.is_behind for seen in self.seen)

    @property
    def asked_behind(self) -> int:
        """How many answers a worker asked for by itself."""
        return sum(seen.is_behind for seen in self.seen)

    def will(self, *replies: Reply) -> None:
        """Do this next, in order."""
        self.script.extend(replies)

    def forget(self) -> None:
        """Be as new."""
        self.usual = Reply()
        self.behind = {asks: says(text) for asks, text in BEHIND.items()}
        self.script.clear()
        self.seen.clear()
        self.most_open = 0
        self.down = False

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncGenerator[FakeVendor]:
        """Serve for the length of the block."""
        async with serving(self._serve, port) as self.port:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            seen = await _read(reader)
            self.seen.append(seen)
            self.open_streams += 1
            self.most_open = max(self.most_open, self.open_streams)
            try:
                if not await self._reply(seen, reader, writer):
                    return
            finally:
                self.open_streams -= 1

    async def _reply(
        self, seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; returns whether the connection goes on."""
        if self.down:
            _whole(writer, 503, {}, {"error": {"message": "down"}})
            return True
        if seen.path == "/v1/models":
            _whole(writer, 200, {}, {"object": "list", "data": [{"id": "m", "object": "model"}]})
            return True
        reply = self._next(seen)
        if reply.before and not await _outwaits(reader, reply.before):
            return False
        if reply.status != 200:
            _whole(
                writer, reply.status, reply.headers, {"type": "error", "error": dict(reply.error)}
            )
            return True
        if seen.path in ("/v1/embeddings", "/v1/moderations"):
            embeds = seen.path == "/v1/embeddings"
            body = _embeddings(seen.body) if embeds else _moderation(reply, seen.body["model"])
            _whole(writer, 200, {}, body)
            return True
        if reply.echoes:
            reply = replace(reply, chunks=_echo(seen.body))
        lines = anthropic_lines if seen.path == "/v1/messages" else openai_lines
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        for line in lines(reply, seen.body.get("model", "m")):
            if reply.between:
                await asyncio.sleep(reply.between)
            _chunk(writer, line)
            await writer.drain()
        return await self._end(reply.end, reader, writer)

    def _next(self, seen: Seen) -> Reply:
        for asks, reply in self.behind.items():
            if asks in seen.text:
                return reply
        return self.script.popleft() if self.script else self.usual

    async def _end(
        self, end: End, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        match end:
            case End.HANG:
                await reader.read()  # until the other side gives up
                return False
            case End.CUT:
                return False
            case _:
                writer.write(b"0\r\n\r\n")
                return True


async def _outwaits(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Wait, and tell whether the other side still does; it says nothing before it is answered."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await reader.read(1)
            return False
    return True


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(HEAD_END)).decode().split("\r\n")
    path = head[0].split()[1].partition("?")[0]
    pairs = (line.partition(": ") for line in head[1:] if line)
    headers = {name.lower(): value for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(path, headers, body.decode())


def _whole(
    writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str], body: object
) -> None:
    text = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} {PHRASES.get(status, 'Status')}", "content-type: application/json"]
    lines += [f"content-length: {len(text)}", *(f"{n}: {v}" for n, v in headers.items())]
    writer.write("\r\n".join(lines).encode() + HEAD_END + text)


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def _data(value: object, event: str | None = None) -> bytes:
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {json.dumps(value)}\n\n".encode()


def _embeddings(body: Any) -> dict[str, Any]:
    data = [
        {"object": "embedding", "index": at, "embedding": [float(len(text)), float(at), 1.0]}
        for at, text in enumerate(body["input"])
    ]
    usage = {"prompt_tokens": 7, "total_tokens": 7}
    return {"object": "list", "data": data, "model": body["model"], "usage": usage}


def _echo(body: Any) -> tuple[str, ...]:
    """Return the last message, word by word."""
    said = body["messages"][-1]["content"]
    text = said if isinstance(said, str) else "".join(part["text"] for part in said)
    return tuple(f"{word} " for word in text.split())


MODERATED = (
    "harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm"
    " self-harm/intent self-harm/instructions sexual sexual/minors violence violence/graphic"
).split()


def _moderation(reply: Reply, model: str) -> dict[str, Any]:
    names = (*MODERATED, *(name for name in reply.flagged if name not in MODERATED))
    found = {
        "flagged": bool(reply.flagged),
        "categories": {name: name in reply.flagged for name in names},
        "category_scores": {name: 0.97 * (name in reply.flagged) for name in names},
        "category_applied_input_types": {name: ["text"] for name in names},
    }
    return {"id": "modr-1", "model": model, "results": [found]}


def openai_lines(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield a chat completion as OpenAI streams it."""

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        frame = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": model}
        return _data({**frame, "choices": choices, **more})

    yield chunk({"role": "assistant", "content": ""})
    if reply.refusal is not None:
        yield chunk({"refusal": reply.refusal})
        yield chunk({}, "stop")
        yield b"data: [DONE]\n\n"
        return
    for text in reply.chunks:
        yield chunk({"content": text})
    if reply.end is End.GARBAGE:
        yield b'data: {"id": "c1", "choices": [{"del\xff\xfe\n\n'
        return
    if reply.end is End.ERROR:
        overloaded = {"message": "overloaded", "type": "server_error", "code": "503"}
        yield _data({"error": dict(reply.error) or overloaded})
        return
    if reply.end is not End.WELL:
        return
    asked = (*reply.tools, *([reply.tool] if reply.tool else []))
    for at, (name, arguments) in enumerate(asked):
        function = {"name": name, "arguments": json.dumps(arguments)}
        call = {"index": at, "id": f"t{at + 1}", "type": "function", "function": function}
        yield chunk({"tool_calls": [call]})
    yield chunk({}, "tool_calls" if asked else "stop")
    if reply.usage is not None:
        read, written = reply.usage
        usage = {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
            "prompt_tokens_details": {"cached_tokens": reply.cached_tokens},
        }
        yield _data(
            {
                "id": "c1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": model,
                "choices": [],
                "usage": usage,
            }
        )
    yield b"data: [DONE]\n\n"


def anthropic_lines(reply: Reply, model: str) -> Iterator[bytes]:
    """Yield a message as Anthropic streams it."""
    read, written = reply.usage or (0, 0)
    usage = {
        "input_tokens": read - reply.cached_tokens,
        "cache_read_input_tokens": reply.cached_tokens,
        "cache_creation_input_tokens": 0,
        "output_tokens": 1,
    }
    start: dict[str, Any] = {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    yield _data({"type": "message_start", "message": start}, "message_start")
    texts = () if reply.refusal is not None else reply.chunks
    block = {"type": "text", "text": ""}
    yield _data(
        {"type": "content_block_start", "index": 0, "content_block": block}, "content_block_start"
    )
    for text in texts:
        delta = {"type": "text_delta", "text": text}
        yield _data(
            {"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta"
        )
    if reply.end is End.GARBAGE:
        yield b'event: content_block_delta\ndata: {"type": "content\xff\n\n'
        return
    if reply.end is End.ERROR:
        error = dict(reply.error) or {"type": "overloaded_error", "message": "Overloaded"}
        yield _data({"type": "error", "error": error}, "error")
        return
    if reply.end is not End.WELL:
        return
    yield _data({"type": "content_block_stop", "index": 0}, "content_block_stop")
    yield from _anthropic_tool(reply)
    stop = "refusal" if reply.refusal is not None else "tool_use" if reply.tool else "end_turn"
    ending = {
        "type": "message_delta",
        "delta": {"stop_reason": stop, "stop_sequence": None},
        "usage": {"output_tokens": written},
    }
    yield _data(ending, "message_delta")
    yield _data({"type": "message_stop"}, "message_stop")


def _anthropic_tool(reply: Reply) -> Iterator[bytes]:
    if reply.tool is None:
        return
    name, arguments = reply.tool
    block: dict[str, Any] = {"type": "tool_use", "id": "t1", "name": name, "input": {}}
    yield _data(
        {"type": "content_block_start", "index": 1, "content_block": block}, "content_block_start"
    )
    delta = {"type": "input_json_delta", "partial_json": json.dumps(arguments)}
    yield _data({"type": "content_block_delta", "index": 1, "delta": delta}, "content_block_delta")
    yield _data({"type": "content_block_stop", "index": 1}, "content_block_stop")
