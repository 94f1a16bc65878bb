"""Joining what a model writes faster than anybody reads, before libraries look at each piece.

A vendor sends each token as an event of its own, and reading an event costs the vendors' libraries
a quarter of a millisecond. The first text is handed on at once; after it, what has come within a
twentieth of a second becomes one event. Whatever is not plainly more of the same text passes as it
came, byte for byte.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, cast

import httpx2

# Twenty times a second looks continuous, and is less often than a fast model writes.
JOINED_SECONDS = 0.05
# A vendor that sends faster than we read is held back.
BYTES_AHEAD = 1 << 20
EVENT_END = b"\n\n"
NAME, DATA = b"event: ", b"data: "


async def join_texts(response: httpx2.Response) -> None:
    """Read a stream of events joined. A hook for an HTTP client, called before the body is read."""
    plain = "content-encoding" not in response.headers
    if plain and response.headers.get("content-type", "").startswith("text/event-stream"):
        response.stream = Joined(cast("httpx2.AsyncByteStream", response.stream))


class Joined(httpx2.AsyncByteStream):
    """A stream of server-sent events with fewer of them."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        """Read nothing yet."""
        self._stream = stream
        self._came = bytearray()
        self._ended = False
        self._error: BaseException | None = None
        self._stirred, self._taken = asyncio.Event(), asyncio.Event()
        self._look_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield whole events, joined where they are more of the same text."""
        self._reading = asyncio.create_task(self._read())
        joiner, loop = Joiner(), asyncio.get_running_loop()
        while not self._ended or self._came:
            await self._stirred.wait()
            self._stirred.clear()
            came = bytes(self._came)
            self._came.clear()
            self._taken.set()
            if said := joiner.feed(came):
                yield said
            if joiner.has_spoken:
                self._look_at = loop.time() + JOINED_SECONDS
        if joiner.rest:
            yield joiner.rest
        if self._error is not None:
            raise self._error

    async def aclose(self) -> None:
        """Stop reading and let go of the connection."""
        if self._timer is not None:
            self._timer.cancel()
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading
        await self._stream.aclose()

    async def _read(self) -> None:
        try:
            async for piece in self._stream:
                self._came += piece
                self._stir()
                if len(self._came) > BYTES_AHEAD:
                    self._taken.clear()
                    await self._taken.wait()
        except Exception as error:  # noqa: BLE001 - raised again by whoever reads us
            self._error = error
        finally:
            self._ended = True
            self._stirred.set()

    def _stir(self) -> None:
        """Wake the reader, now or when it wants to look again."""
        loop = asyncio.get_running_loop()
        if self._look_at <= loop.time():
            self._stirred.set()
        elif self._timer is None:
            self._timer = loop.call_at(self._look_at, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._stirred.set()


class Joiner:
    """Joins events that say more of the same text. Pure."""

    def __init__(self) -> None:
        """Nothing has been said."""
        self.has_spoken = False
        self.rest = b""
        self._foreign = False

    def feed(self, came: bytes) -> bytes:
        """Return the whole events so far, with fewer of them; `rest` is what is not whole yet."""
        # Lines may end otherwise; nobody we know does that, so it is not ours to read.
        self._foreign = self._foreign or b"\r" in came
        whole = self.rest + came
        if self._foreign:
            self.rest = b""
            return whole
        *events, self.rest = whole.split(EVENT_END)
        return b"".join(self._joined(events))

    def _joined(self, events: list[bytes]) -> Iterator[bytes]:
        open_: Saying | None = None
        for event in events:
            said = read_saying(event)
            if open_ is not None and said is not None and open_.goes_on(said):
                open_.texts += said.texts
                continue
            if open_ is not None:
                yield open_.written()
            open_ = said
            if said is None:
                yield event + EVENT_END
            self.has_spoken = self.has_spoken or said is not None
        if open_ is not None:
            yield open_.written()


@dataclass(slots=True)
class Saying:
    """An event that adds text: its bytes, all it says but the text, and where the text goes."""

    event: bytes
    head: bytes
    message: dict[str, Any]
    delta: dict[str, Any]
    key: str
    texts: list[str]

    def goes_on(self, other: Saying) -> bool:
        """Tell whether another event says the same but for its text."""
        return self.head == other.head and self.message == other.message

    def written(self) -> bytes:
        """Return the event with all its text; one alone as it came."""
        if len(self.texts) == 1:
            return self.event + EVENT_END
        self.delta[self.key] = "".join(self.texts)
        return self.head + DATA + json.dumps(self.message).encode() + EVENT_END


def read_saying(event: bytes) -> Saying | None:
    """Return an event taken apart if it plainly adds text and does nothing else."""
    head, ended, data = event.rpartition(b"\n")
    if not data.startswith(DATA) or (ended and not head.startswith(NAME)) or b"\n" in head:
        return None
    try:
        message = json.loads(data[len(DATA) :])
    except ValueError:
        return None
    match message:
        case {"choices": [{"delta": {"content": str() as text, **more} as delta} as choice]}:
            key = "content"
            if more or choice.get("logprobs") or choice.get("finish_reason"):
                return None
        case {
            "type": "content_block_delta",
            "delta": {"type": "text_delta", "text": str() as text},
        }:
            key, delta = "text", message["delta"]
        case _:
            return None
    # What OpenAI adds against counting letters from outside is another one each time.
    message.pop("obfuscation", None)
    delta[key] = None
    return Saying(event, head + ended, message, delta, key, [text])
