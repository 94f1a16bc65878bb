"""Turning texts into vectors: the same chain, breakers, queue and books, but no stream.

Nothing is tried a second time: a job comes again by itself, and a search finds by words meanwhile.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selfos.features.ai.adapters.provider import ModelFailure, Outgoing
from selfos.features.ai.orchestration import measuring
from selfos.features.ai.orchestration.admitting import (
    admission,
    held_back,
    opened,
    tell_breaker,
    tell_failed,
    tell_passed_over,
)
from selfos.features.ai.orchestration.attempts import Record
from selfos.features.ai.orchestration.books import Books, Reservation
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.schemas.generation import Attempt, Embeddings, Output, Prepared, Usage
from selfos.features.ai.schemas.words import Dial, Outcome, Reason
from selfos.kernel.identifiers import new_id

if TYPE_CHECKING:
    from selfos.features.ai.orchestration.orchestrator import Orchestrator


async def embed(owner: Orchestrator, prepared: Prepared[Output], books: Books) -> Embeddings | None:
    """Ask model after model; None when none has answered or may be paid."""
    deadline = asyncio.get_running_loop().time() + owner.times.total_seconds
    asking = _Asking(owner, prepared, books, deadline)
    for number, rung in enumerate(owner.candidates(prepared), start=1):
        reason = held_back(owner, rung, deadline)
        if reason is not None:
            tell_passed_over(prepared, rung, reason)
            continue
        made = await asking.ask(rung, number)
        if isinstance(made, Embeddings):
            return made
        if made is Reason.REFUSED:
            # As with answers: another model might be laxer; that is no reason to ask it.
            return None
    return None


@dataclass(frozen=True, slots=True)
class _Asking:
    """One request for vectors."""

    owner: Orchestrator
    prepared: Prepared[Any]
    books: Books
    deadline: float

    async def ask(self, rung: Rung, number: int) -> Embeddings | Reason | None:
        """One attempt: a place, no longer waited for than for a first word; money; the call."""
        owner, prepared = self.owner, self.prepared
        if not await opened(owner, prepared, rung):
            return None
        outgoing = Outgoing(
            messages=prepared.request.messages,
            local_only=prepared.dial is not Dial.ANY,
            max_output_tokens=0,
        )
        admitted = admission(owner, prepared, self.books, rung, outgoing, deadline=self.deadline)
        async with admitted as reservation:
            if isinstance(reservation, Reason):
                tell_passed_over(prepared, rung, reservation)
                return None
            return await self._call(rung, number, Record(outgoing), reservation)

    async def _call(
        self, rung: Rung, number: int, record: Record, reservation: Reservation
    ) -> Embeddings | Reason | None:
        """One call that goes out, and is booked whatever becomes of it."""
        texts = [message.text for message in record.outgoing.messages]
        vectors, usage = (), Usage()
        ended: ModelFailure | None = ModelFailure(Outcome.CANCELLED, "")
        try:
            provider = await self.owner.provider(rung.provider)
            async with asyncio.timeout_at(self.deadline):
                vectors, usage = await provider.embed(
                    rung.model, texts, local_only=record.outgoing.local_only
                )
            ended = None
        except TimeoutError:
            ended = ModelFailure(Outcome.TIMEOUT, "did not answer")
        except ModelFailure as failure:
            ended = failure
        finally:
            tell_breaker(self.owner, rung, ended)
            made = _attempt(rung, number, record, usage, ended)
            settling = self.books.settle(self.prepared, rung, reservation, made, record)
            made = await self.owner.book(settling)
            measuring.count_attempt(self.prepared.request.task, made)
        if ended is not None:
            tell_failed(self.prepared, rung, ended)
            return Reason.REFUSED if ended.outcome is Outcome.REFUSED else None
        return Embeddings(
            vectors=vectors,
            provider=rung.provider,
            model=rung.model,
            engine=rung.engine,
            cost_micros=made.cost_micros,
        )


def _attempt(
    rung: Rung, number: int, record: Record, usage: Usage, ended: ModelFailure | None
) -> Attempt:
    return Attempt(
        call_id=new_id(),
        number=number,
        provider=rung.provider,
        model=rung.model,
        outcome=ended.outcome if ended else Outcome.OK,
        usage=usage,
        cost_micros=None,
        latency_ms=record.latency_ms(),
        detail=ended.detail if ended else "",
    )
