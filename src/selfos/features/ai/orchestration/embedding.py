"""Turning texts into vectors: the same chain, breakers, queue and books, but no stream."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selfos.features.ai.adapters.provider import ModelFailure, Outgoing
from selfos.features.ai.orchestration import measuring
from selfos.features.ai.orchestration.attempts import Record
from selfos.features.ai.orchestration.books import Books, Reservation
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.orchestration.queueing import Gate
from selfos.features.ai.schemas.generation import Attempt, Embeddings, Output, Prepared, Usage
from selfos.features.ai.schemas.words import Dial, Outcome
from selfos.kernel.identifiers import new_id

if TYPE_CHECKING:
    from selfos.features.ai.orchestration.orchestrator import Orchestrator

PASSING = frozenset({Outcome.TRANSIENT, Outcome.TIMEOUT})


async def embed(owner: Orchestrator, prepared: Prepared[Output], books: Books) -> Embeddings | None:
    """Ask model after model; None when none has answered or may be paid."""
    for number, rung in enumerate(owner.candidates(prepared), start=1):
        if owner.breaker(rung).allows():
            made = await _admitted(owner, prepared, books, rung, number)
            if made is not None:
                return made
    return None


async def _admitted(
    owner: Orchestrator, prepared: Prepared[Output], books: Books, rung: Rung, number: int
) -> Embeddings | None:
    """One attempt: a place, no longer waited for than a first word; money; the call."""
    gate, background = owner.gates[rung.provider], prepared.request.background
    placed, reservation = False, None
    outgoing = Outgoing(
        messages=prepared.request.messages,
        local_only=prepared.dial is not Dial.ANY,
        max_output_tokens=0,
    )
    try:
        placed = await _placed(owner, prepared, gate)
        if not placed:
            return None
        reservation = await books.reserve(prepared, rung, outgoing)
        if reservation is None:
            return None
        call = _Call(owner, prepared, rung, number, Record(outgoing))
        return await call.made(books, reservation)
    finally:
        if reservation is None:
            # A probe that never went out has proved nothing.
            owner.breaker(rung).gave_up()
        if placed:
            gate.leave(background=background)


async def _placed(owner: Orchestrator, prepared: Prepared[Any], gate: Gate) -> bool:
    try:
        async with asyncio.timeout(owner.times.first_token_seconds):
            await gate.enter(prepared.user_id, background=prepared.request.background)
    except TimeoutError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Call:
    """One call that goes out, and is booked whatever becomes of it."""

    owner: Orchestrator
    prepared: Prepared[Any]
    rung: Rung
    number: int
    record: Record

    async def made(self, books: Books, reservation: Reservation) -> Embeddings | None:
        """Return the vectors, or None where the model gave none."""
        owner, rung = self.owner, self.rung
        texts = [message.text for message in self.record.outgoing.messages]
        vectors, usage = None, Usage()
        failure = ModelFailure(Outcome.CANCELLED, "")
        try:
            provider = await owner.provider(rung.provider)
            async with asyncio.timeout(owner.times.total_seconds):
                vectors, usage = await provider.embed(
                    rung.model, texts, local_only=self.record.outgoing.local_only
                )
        except TimeoutError:
            failure = ModelFailure(Outcome.TIMEOUT, "did not answer")
        except ModelFailure as failed:
            failure = failed
        finally:
            made = self._attempt(usage, failure if vectors is None else None)
            self._tell_breaker(failure if vectors is None else None)
            settling = books.settle(self.prepared, rung, reservation, made, self.record)
            made = await owner.book(settling)
            measuring.count_attempt(self.prepared.request.task, made)
        if vectors is None:
            return None
        return Embeddings(
            vectors=vectors,
            provider=rung.provider,
            model=rung.model,
            engine=rung.engine,
            cost_micros=made.cost_micros,
        )

    def _attempt(self, usage: Usage, failure: ModelFailure | None) -> Attempt:
        return Attempt(
            call_id=new_id(),
            number=self.number,
            provider=self.rung.provider,
            model=self.rung.model,
            outcome=failure.outcome if failure else Outcome.OK,
            usage=usage,
            cost_micros=None,
            latency_ms=self.record.latency_ms(),
            detail=failure.detail if failure else "",
        )

    def _tell_breaker(self, failure: ModelFailure | None) -> None:
        breaker = self.owner.breaker(self.rung)
        if failure is None:
            breaker.succeeded()
        elif failure.outcome is Outcome.CANCELLED:
            breaker.gave_up()
        elif failure.outcome in PASSING:
            breaker.failed()
        else:
            self.owner.pause(
                self.rung,
                failure.retry_after or 0.0,
                of_provider=failure.of_provider,
                misconfigured=failure.outcome is Outcome.MISCONFIGURED,
            )
