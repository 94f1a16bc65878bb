"""One request on its way down the chain: who is asked next, and what a failure means for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic

from selfos.features.ai.adapters.provider import (
    CallPiece,
    ModelFailure,
    Outgoing,
    TextPiece,
)
from selfos.features.ai.orchestration import measuring
from selfos.features.ai.orchestration.admitting import (
    REASONS,
    admission,
    held_back,
    opened,
    tell_breaker,
    tell_failed,
    tell_passed_over,
    tell_shortened,
)
from selfos.features.ai.orchestration.attempts import Record, attempt
from selfos.features.ai.orchestration.books import Books, Reservation
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.orchestration.hiding import Revealer, reveal_all, reveal_json
from selfos.features.ai.orchestration.structured import Misfit, read, repair, schema_of
from selfos.features.ai.orchestration.trimming import estimate_prompt, trim
from selfos.features.ai.schemas.generation import (
    Attempt,
    Generation,
    Message,
    Output,
    Prepared,
    ToolCall,
)
from selfos.features.ai.schemas.streaming import (
    Delta,
    Done,
    Reset,
    Start,
    StreamEvent,
    ToolAsked,
    UsageKnown,
)
from selfos.features.ai.schemas.words import Dial, Outcome, Reason
from selfos.kernel.identifiers import new_id

if TYPE_CHECKING:
    from selfos.features.ai.orchestration.orchestrator import Orchestrator

# Enough to spread out those who failed at the same moment.
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 0.4


@dataclass
class Walk(Generic[Output]):
    """The state of one request."""

    owner: Orchestrator
    prepared: Prepared[Output]
    books: Books
    queue: list[Rung]
    deadline: float
    messages: tuple[Message, ...]
    base: tuple[Message, ...]
    reason: Reason | None
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    shown: bool = False
    made: Generation[Output] | None = None
    failure: ModelFailure | None = None
    raw: str = ""
    retried: set[str] = field(default_factory=set[str])
    repaired: set[str] = field(default_factory=set[str])
    too_small: list[Rung] = field(default_factory=list[Rung])
    trimmed: bool = False

    async def events(self) -> AsyncGenerator[StreamEvent[Output]]:
        """Ask model after model; ends with `made` set, or nobody left to ask."""
        while self.queue:
            rung = self.queue.pop(0)
            if not self._fits(rung):
                self._overflowed(rung, asked=False)
                continue
            if (reason := held_back(self.owner, rung, self.deadline)) is not None:
                self._pass_over(rung, reason)
                continue
            self.failure = None
            async with aclosing(self._try(rung)) as events:
                async for event in events:
                    yield event
            if self.made is not None:
                yield Done(self.made, self.raw)
                return
            if self.shown and self.failure is not None:
                self.shown = False
                yield Reset(self.failure.outcome)
            await self._after(rung)

    def _pass_over(self, rung: Rung, reason: Reason) -> None:
        self.reason = reason
        tell_passed_over(self.prepared, rung, reason)

    async def _try(self, rung: Rung) -> AsyncGenerator[StreamEvent[Output]]:
        """One attempt: a place, money, the call, the books."""
        if not await self._opened(rung):
            return
        outgoing = self._outgoing()
        admitted = admission(
            self.owner, self.prepared, self.books, rung, outgoing, deadline=self.deadline
        )
        async with admitted as reservation:
            if isinstance(reservation, Reason):
                self._turned_away(rung, reservation)
                return
            async with aclosing(self._call(rung, outgoing, reservation)) as events:
                async for event in events:
                    yield event

    async def _opened(self, rung: Rung) -> bool:
        """Open the provider. Loading its libraries takes seconds, once, which are nobody's time."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        done = await opened(self.owner, self.prepared, rung)
        self.deadline += loop.time() - began
        if not done:
            self.reason = Reason.MISCONFIGURED
        return done

    async def _call(
        self, rung: Rung, outgoing: Outgoing, reservation: Reservation
    ) -> AsyncGenerator[StreamEvent[Output]]:
        record = Record(outgoing)
        number = len(self.attempts) + 1
        output, ended = None, ModelFailure(Outcome.CANCELLED, "")
        span = measuring.begin_span(self.prepared.request.task, rung.provider, rung.model)
        try:
            yield Start(number, rung.model)
            async with aclosing(self._pieces(rung, record)) as events:
                async for event in events:
                    yield event
            output = read(self.prepared.request, reveal_json(record.text, self.prepared.hidden))
            ended, self.raw = None, record.text
        except ModelFailure as failure:
            ended, self.failure, self.raw = failure, failure, record.text
            tell_failed(self.prepared, rung, failure)
        finally:
            tell_breaker(self.owner, rung, ended)
            made = self._attempt(rung, number, ended, record)
            settling = self.books.settle(self.prepared, rung, reservation, made, record)
            made = await self.owner.book(settling)
            self.attempts.append(made)
            measuring.count_attempt(self.prepared.request.task, made)
            measuring.end_span(span, made, record.served)
        if ended is None:
            self.made = self._generation(rung, record, output)
        yield UsageKnown(made.usage, made.cost_micros)

    async def _pieces(self, rung: Rung, record: Record) -> AsyncGenerator[StreamEvent[Output]]:
        """Show text as it comes, but for the first quarter of a second, when most failures fall."""
        provider = await self.owner.provider(rung.provider)
        times, loop = self.owner.times, asyncio.get_running_loop()
        revealer = Revealer(self.prepared.hidden)
        held, show_at = "", float("inf")
        pieces = attempt(provider, rung.model, record, times, self.deadline)
        async with aclosing(pieces):
            async for piece in pieces:
                match piece:
                    case TextPiece(text) if self.prepared.request.output is None:
                        held += revealer.feed(text)
                        show_at = min(show_at, loop.time() + times.buffer_seconds)
                    case CallPiece(call):
                        yield ToolAsked(self._revealed(call))
                    case None:
                        show_at = float("-inf")
                    case _:
                        pass
                if held and (self.shown or loop.time() >= show_at):
                    self.shown = True
                    yield Delta(held)
                    held = ""
        held += revealer.rest()
        if held:
            self.shown = True
            yield Delta(held)

    def _outgoing(self) -> Outgoing:
        request = self.prepared.request
        return Outgoing(
            messages=self.messages,
            local_only=self.prepared.dial is not Dial.ANY,
            max_output_tokens=request.max_output_tokens,
            temperature=request.temperature,
            schema=schema_of(request.output) if request.output else None,
            tools=request.tools,
        )

    def _attempt(
        self, rung: Rung, number: int, ended: ModelFailure | None, record: Record
    ) -> Attempt:
        outcome = ended.outcome if ended else Outcome.OK
        return Attempt(
            call_id=new_id(),
            number=number,
            provider=rung.provider,
            model=rung.model,
            outcome=outcome,
            usage=record.usage(outcome),
            cost_micros=None,
            latency_ms=record.latency_ms(),
            first_token_ms=record.first_token_ms(),
            detail=ended.detail if ended else "",
        )

    def _generation(self, rung: Rung, record: Record, output: Output | None) -> Generation[Output]:
        revealer = Revealer(self.prepared.hidden)
        is_best = rung == self.owner.candidates(self.prepared)[0]
        return Generation(
            id=self.prepared.generation_id,
            task=self.prepared.request.task,
            engine=rung.engine,
            text=revealer.feed(record.text) + revealer.rest(),
            output=output,
            tools=tuple(map(self._revealed, record.calls)),
            provider=rung.provider,
            model=record.served or rung.model,
            # Who was asked twice and then answered is no lower rung.
            reason=self.prepared.reason if is_best else self.reason,
            usage=self.attempts[-1].usage,
            cost_micros=total(self.attempts),
            attempts=tuple(self.attempts),
        )

    def _revealed(self, call: ToolCall) -> ToolCall:
        arguments = reveal_all(dict(call.arguments), self.prepared.hidden)
        return ToolCall(call.id, call.name, arguments)

    async def _after(self, rung: Rung) -> None:
        """Decide who is next after a failure."""
        failure = self.failure
        if failure is None:
            return
        self.reason = REASONS.get(failure.outcome, Reason.UNAVAILABLE)
        match failure.outcome:
            case Outcome.TRANSIENT if self.attempts[-1].first_token_ms is None:
                await self._retry(rung)
            case Outcome.INVALID if rung.name not in self.repaired and isinstance(failure, Misfit):
                self.repaired.add(rung.name)
                self.messages = repair(self.base, self.raw, failure)
                self.queue.insert(0, rung)
            case Outcome.INVALID:
                self.messages = self.base
            case Outcome.OVERFLOW:
                self._overflowed(rung, asked=True)
            case Outcome.REFUSED:
                # Another model might be laxer; that is no reason to ask it.
                self.queue.clear()
            case _:
                pass

    async def _retry(self, rung: Rung) -> None:
        """Ask once more after a moment, if there is time and the breaker has not opened."""
        pause = random.uniform(SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)  # noqa: S311
        left = self.deadline - asyncio.get_running_loop().time()
        late = left < pause + self.owner.times.idle_seconds / 2
        if rung.name in self.retried or late or not self.owner.breaker(rung).is_closed:
            return
        self.retried.add(rung.name)
        self.queue.insert(0, rung)
        await asyncio.sleep(pause)

    def _turned_away(self, rung: Rung, reason: Reason) -> None:
        self._pass_over(rung, reason)
        if reason is Reason.BUDGET:
            self._keep([each for each in self.queue if each.unmetered], reason)

    def _keep(self, queue: list[Rung], reason: Reason) -> None:
        """Go on with these only, for this reason."""
        for rung in self.queue:
            if rung not in queue:
                self._pass_over(rung, reason)
        self.queue = queue

    def _fits(self, rung: Rung) -> bool:
        window = rung.config.context_window
        wanted = estimate_prompt(self.messages) + self.prepared.request.max_output_tokens
        return window is None or wanted <= window

    def _overflowed(self, rung: Rung, *, asked: bool) -> None:
        """Go on with larger windows only; when there is none, shorten the prompt, once."""
        self.reason = Reason.TOO_LONG
        self.too_small.append(rung)
        window = rung.config.context_window or 0
        larger = [
            each for each in self.queue if (each.config.context_window or window + 1) > window
        ]
        if larger or self.trimmed:
            if not asked:
                self._pass_over(rung, Reason.TOO_LONG)
            self._keep(larger, Reason.TOO_LONG)
            return
        self._keep([], Reason.TOO_LONG)
        self.trimmed = True
        largest = max(self.too_small, key=lambda each: each.config.context_window or 0)
        before, self.base = self.messages, self._shortened(largest)
        self.messages, self.queue = self.base, [largest]
        tell_shortened(self.prepared, largest, before, self.base)

    def _shortened(self, rung: Rung) -> tuple[Message, ...]:
        now = estimate_prompt(self.messages)
        window = rung.config.context_window
        room = now // 2 if window is None else window - self.prepared.request.max_output_tokens
        return trim(self.messages, min(room, round(now * 0.8)))


def total(attempts: list[Attempt]) -> int | None:
    """Sum the cost of all attempts; unknown as soon as one is."""
    costs = [each.cost_micros for each in attempts]
    return None if None in costs else sum(cost or 0 for cost in costs)
