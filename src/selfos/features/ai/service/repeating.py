"""Answering from what was answered before: the same question, or nearly the same words."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from selfos.features.ai.adapters.provider import Outgoing
from selfos.features.ai.models import AiAnswer
from selfos.features.ai.orchestration.attempts import Record
from selfos.features.ai.orchestration.books import Reservation
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.orchestration.embedding import embed
from selfos.features.ai.orchestration.hiding import reveal, reveal_json
from selfos.features.ai.orchestration.keys import near_key
from selfos.features.ai.orchestration.likeness import wording_of
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.orchestration.structured import Misfit, read
from selfos.features.ai.schemas.generation import (
    Attempt,
    Generation,
    GenerationRequest,
    Message,
    Output,
    Prepared,
    Usage,
)
from selfos.features.ai.schemas.streaming import Delta, Done, Start, StreamEvent
from selfos.features.ai.schemas.words import AiTask, Cached, Outcome, Speaker
from selfos.features.ai.service.books import SqlBooks
from selfos.features.ai.service.caching import Nearness, Place, recall, recall_alike
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id

Stream = AsyncGenerator[StreamEvent[Output]]
WORDED_OTHERWISE = "the answer to almost the same words"


async def look_up(
    kernel: Kernel,
    orchestrator: Orchestrator,
    prepared: Prepared[Output],
    key: bytes,
    rungs: Sequence[Rung],
) -> tuple[Stream[Output] | None, Place]:
    """Return the stream of a kept answer, if one will do, and where a new one is to be kept."""
    fresh = prepared.request.fresh
    if not fresh and (kept := await recall(kernel, prepared, key)):
        said = _again(kernel, prepared, rungs[0], kept, Cached.EXACT)
        if said is not None:
            return said, Place(key)
    place = Place(key, await _nearness(kernel, orchestrator, prepared, rungs))
    if not fresh and place.near and (kept := await recall_alike(kernel, prepared, place.near)):
        return _again(kernel, prepared, rungs[0], kept, Cached.SEMANTIC), place
    return None, place


async def _nearness(
    kernel: Kernel, orchestrator: Orchestrator, prepared: Prepared[Output], rungs: Sequence[Rung]
) -> Nearness | None:
    """Return what an answer to other words is found by, where the operator wants that.

    The words go to a model that makes vectors, under the same dial and on the same money.
    """
    request = prepared.request
    words = wording_of(request) if request.task in orchestrator.semantic else None
    if words is None:
        return None
    asked: GenerationRequest[Output] = GenerationRequest(
        task=AiTask.EMBED,
        messages=(Message(Speaker.USER, words),),
        area_ids=request.area_ids,
        background=request.background,
    )
    about = replace(prepared, request=asked, generation_id=new_id())
    made = await embed(orchestrator, about, SqlBooks(kernel))
    if made is None:
        return None
    near = near_key(request, words, prepared.user_id, prepared.workspace_id, rungs)
    return Nearness(near, f"{made.provider}/{made.model}", made.vectors[0])


def _again(
    kernel: Kernel, prepared: Prepared[Output], first: Rung, kept: AiAnswer, how: Cached
) -> Stream[Output] | None:
    """Return the stream of a kept answer, or None if it no longer passes for one."""
    try:
        output = read(prepared.request, reveal_json(kept.text, prepared.hidden))
    except Misfit:
        return None
    attempt = Attempt(
        call_id=new_id(),
        number=1,
        provider=kept.provider,
        model=kept.model,
        outcome=Outcome.CACHED,
        usage=Usage(),
        cost_micros=0,
        latency_ms=0,
        detail=WORDED_OTHERWISE if how is Cached.SEMANTIC else "",
    )
    made = Generation(
        id=prepared.generation_id,
        task=prepared.request.task,
        engine=kept.engine,
        text=reveal(kept.text, prepared.hidden),
        output=output,
        provider=kept.provider,
        model=kept.model,
        cached=how,
        attempts=(attempt,),
    )
    rung = Rung(kept.provider, kept.model, first.config)
    return _tell(kernel, prepared, rung, made)


async def _tell(
    kernel: Kernel, prepared: Prepared[Output], rung: Rung, made: Generation[Output]
) -> Stream[Output]:
    outgoing = Outgoing(
        messages=prepared.request.messages,
        local_only=True,
        max_output_tokens=prepared.request.max_output_tokens,
    )
    record = Record(outgoing, text=made.text)
    books = SqlBooks(kernel)
    await books.settle(prepared, rung, Reservation(None), made.attempts[0], record)
    yield Start(1, rung.model)
    if prepared.request.output is None:
        yield Delta(made.text)
    yield Done(made)
