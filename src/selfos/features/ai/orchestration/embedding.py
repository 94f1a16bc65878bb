"""Turning texts into vectors: the same chain, breakers and books, but no queue and no stream."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from selfos.features.ai.adapters.provider import ModelFailure, Outgoing
from selfos.features.ai.orchestration import measuring
from selfos.features.ai.orchestration.attempts import Record
from selfos.features.ai.orchestration.books import Books
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.schemas.generation import Attempt, Embeddings, Output, Prepared, Usage
from selfos.features.ai.schemas.words import Dial, Outcome
from selfos.kernel.identifiers import new_id

if TYPE_CHECKING:
    from selfos.features.ai.orchestration.orchestrator import Orchestrator

Vectors = tuple[tuple[float, ...], ...]
PASSING = frozenset({Outcome.TRANSIENT, Outcome.TIMEOUT})


async def embed(owner: Orchestrator, prepared: Prepared[Output], books: Books) -> Embeddings | None:
    """Ask model after model; None when none has answered or may be paid."""
    outgoing = Outgoing(
        messages=prepared.request.messages,
        local_only=prepared.dial is not Dial.ANY,
        max_output_tokens=0,
    )
    for number, rung in enumerate(owner.candidates(prepared), start=1):
        if not owner.breaker(rung).allows():
            continue
        reservation = await books.reserve(prepared, rung, outgoing)
        if reservation is None:
            owner.breaker(rung).gave_up()
            continue
        record = Record(outgoing)
        vectors, made = await _call(owner, rung, record, number)
        settling = books.settle(prepared, rung, reservation, made, record)
        made = await owner.book(settling)
        measuring.count_attempt(prepared.request.task, made)
        if vectors is not None:
            return Embeddings(
                vectors=vectors,
                provider=rung.provider,
                model=rung.model,
                engine=rung.engine,
                cost_micros=made.cost_micros,
            )
    return None


async def _call(
    owner: Orchestrator, rung: Rung, record: Record, number: int
) -> tuple[Vectors | None, Attempt]:
    vectors, usage, outcome, detail = None, Usage(), Outcome.OK, ""
    texts = [message.text for message in record.outgoing.messages]
    provider = await owner.provider(rung.provider)
    try:
        async with asyncio.timeout(owner.times.total_seconds):
            vectors, usage = await provider.embed(
                rung.model, texts, local_only=record.outgoing.local_only
            )
        owner.breaker(rung).succeeded()
    except TimeoutError:
        outcome, detail = Outcome.TIMEOUT, "did not answer"
        owner.breaker(rung).failed()
    except ModelFailure as failure:
        outcome, detail = failure.outcome, failure.detail
        _tell_breaker(owner, rung, failure)
    made = Attempt(
        call_id=new_id(),
        number=number,
        provider=rung.provider,
        model=rung.model,
        outcome=outcome,
        usage=usage,
        cost_micros=None,
        latency_ms=record.latency_ms(),
        detail=detail,
    )
    return vectors, made


def _tell_breaker(owner: Orchestrator, rung: Rung, failure: ModelFailure) -> None:
    if failure.outcome in PASSING:
        owner.breaker(rung).failed()
        return
    owner.pause(
        rung,
        failure.retry_after or 0.0,
        of_provider=failure.of_provider,
        misconfigured=failure.outcome is Outcome.MISCONFIGURED,
    )
