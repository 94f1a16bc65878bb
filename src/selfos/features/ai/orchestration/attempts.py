"""One try at one model, under its deadlines: nothing a provider does can make us wait longer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from enum import Enum

from selfos.features.ai.adapters.provider import (
    CallPiece,
    ModelFailure,
    ModelProvider,
    Outgoing,
    Piece,
    TextPiece,
    UsagePiece,
)
from selfos.features.ai.orchestration.trimming import estimate_prompt, estimate_tokens
from selfos.features.ai.schemas.generation import ToolCall, Usage
from selfos.features.ai.schemas.words import Outcome
from selfos.kernel.model_settings import AiTimes

# A model that writes faster than its reader reads is held back.
PIECES_AHEAD = 256
# How often is looked whether the loop is late, from when on it is, and how much that excuses.
LOOK_SECONDS, LATE_SECONDS, LONGEST_EXCUSE_SECONDS = 1.0, 0.5, 60.0


class Nothing(Enum):
    """Nothing has come, and the time is over."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING
# A piece, what went wrong, or None at the end.
Arrival = Piece | Exception | None
Arrivals = asyncio.Queue[Arrival]


@dataclass(slots=True)
class Record:
    """What is known of an attempt while it runs, for the ledger whatever becomes of it."""

    outgoing: Outgoing
    started: float = field(default_factory=time.perf_counter)
    first: float | None = None
    text: str = ""
    calls: list[ToolCall] = field(default_factory=list[ToolCall])
    counted: Usage = field(default_factory=Usage)
    served: str | None = None

    def take(self, piece: Piece) -> None:
        """Note what came."""
        if self.first is None:
            self.first = time.perf_counter()
        match piece:
            case TextPiece(text):
                self.text += text
            case CallPiece(call):
                self.calls.append(call)
            case UsagePiece(usage, model):
                self.counted = usage
                self.served = model or self.served

    def usage(self, outcome: Outcome) -> Usage:
        """Return the tokens to book: the provider's count, else our estimate of what it did.

        A provider that never began is taken to have done nothing.
        """
        whole = outcome in {Outcome.OK, Outcome.INVALID, Outcome.REFUSED}
        if whole and self.counted.output_tokens is not None:
            return self.counted
        if self.first is None:
            return Usage()
        read = self.counted.input_tokens or estimate_prompt(self.outgoing.messages)
        written = max(self.counted.output_tokens or 0, estimate_tokens(self.text))
        return replace(self.counted, input_tokens=read, output_tokens=written, estimated=True)

    def latency_ms(self) -> int:
        """Return the milliseconds so far."""
        return round((time.perf_counter() - self.started) * 1_000)

    def first_token_ms(self) -> int | None:
        """Return the milliseconds until something came."""
        return None if self.first is None else round((self.first - self.started) * 1_000)


@dataclass(slots=True)
class Patience:
    """How long a model may be silent, on the loop's clock: so many `seconds` since it was `heard`.

    While the loop stands still nobody listens, and what has come lies unread: that is no silence
    of the model's.
    """

    deadline: float
    seconds: float
    heard: float
    excuse: float = LONGEST_EXCUSE_SECONDS

    @property
    def until(self) -> float:
        """Return when it is over."""
        return min(self.deadline, self.heard + self.seconds)

    def forgive(self, seconds: float) -> None:
        """Leave out a time in which nobody could listen, as far as that goes."""
        seconds = min(seconds, self.excuse)
        self.excuse -= seconds
        self.heard += seconds
        self.deadline += seconds

    async def wait(self, came: Arrivals, nudge: float) -> Arrival | Nothing:
        """Return what comes next; NOTHING at `nudge`, and when this is over."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            look = max(began, min(self.until, nudge, began + LOOK_SECONDS))
            piece = await _next(came, look)
            now = loop.time()
            if piece is not NOTHING:
                return piece
            if now - look > LATE_SECONDS and self.excuse:
                self.forgive(now - began)
            elif now >= min(self.until, nudge):
                return NOTHING


async def attempt(
    provider: ModelProvider, model: str, record: Record, times: AiTimes, deadline: float
) -> AsyncGenerator[Piece | None]:
    """Yield what comes; raises ModelFailure for silence too.

    `deadline` is the moment, on the loop's clock, by which everything is over. None is yielded
    once, when nothing more has come for a moment: from then on no text is to be held back.
    """
    loop = asyncio.get_running_loop()
    came: Arrivals = asyncio.Queue(PIECES_AHEAD)
    pump = asyncio.create_task(_pump(provider.answer(model, record.outgoing), came))
    patience = Patience(deadline, times.first_token_seconds, loop.time())
    nudge = float("inf")
    spare: Arrival | Nothing = NOTHING
    try:
        while True:
            piece, spare = spare, NOTHING
            if piece is NOTHING:
                piece = await patience.wait(came, nudge)
            if piece is NOTHING:
                if loop.time() >= patience.until:
                    raise ModelFailure(Outcome.TIMEOUT, _silence(record))
                nudge = float("inf")
                yield None
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            patience.heard, patience.seconds = loop.time(), times.idle_seconds
            if record.first is None:
                nudge = patience.heard + times.buffer_seconds
            if isinstance(piece, TextPiece):
                piece, spare = _joined(piece, came)
            record.take(piece)
            yield piece
    finally:
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump


async def _pump(pieces: AsyncGenerator[Piece], came: Arrivals) -> None:
    """Read a provider to its end in a task of its own, which can be cancelled at any moment."""
    try:
        async for piece in pieces:
            await came.put(piece)
        await came.put(None)
    except Exception as error:  # noqa: BLE001 - raised again by whoever reads the queue
        await came.put(error)
    finally:
        await pieces.aclose()


async def _next(came: Arrivals, until: float) -> Arrival | Nothing:
    if came.empty():
        try:
            async with asyncio.timeout_at(until):
                return await came.get()
        except TimeoutError:
            return NOTHING
    return came.get_nowait()


def _joined(piece: TextPiece, came: Arrivals) -> tuple[TextPiece, Arrival | Nothing]:
    """Join text with what has come right behind it; also returns what comes after that."""
    texts = [piece.text]
    while not came.empty():
        following = came.get_nowait()
        if not isinstance(following, TextPiece):
            return TextPiece("".join(texts)), following
        texts.append(following.text)
    return TextPiece("".join(texts)), NOTHING


def _silence(record: Record) -> str:
    return "fell silent" if record.first else "did not begin"
