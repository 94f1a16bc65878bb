"""Asking a model, in three steps, so that no transaction ever waits for one.

```python
async with open_context(kernel, ...) as ctx:
    prepared = await ai.prepare(ctx, GenerationRequest(task=AiTask.COACH, ...))
answer = await ai.generate(kernel, prepared, rules=the_built_in_answer)
async with open_context(kernel, ...) as ctx:
    await keep(ctx, answer)
```
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from selfos.features.ai.adapters.opening import open_provider
from selfos.features.ai.orchestration.embedding import embed as embed_by
from selfos.features.ai.orchestration.keys import cache_key
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.schemas.generation import (
    Embeddings,
    Generation,
    Output,
    Prepared,
    Rules,
)
from selfos.features.ai.schemas.streaming import Done, Failed, StreamEvent
from selfos.features.ai.schemas.words import Engine, Reason
from selfos.features.ai.service import caching
from selfos.features.ai.service.books import SqlBooks
from selfos.features.ai.service.caching import Place
from selfos.features.ai.service.preparing import within
from selfos.features.ai.service.repeating import look_up
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Unavailable


def orchestrator_of(kernel: Kernel) -> Orchestrator:
    """Return the process's orchestrator."""
    return kernel.residents.one(Orchestrator, lambda: Orchestrator(kernel.settings, open_provider))


def has_models(kernel: Kernel) -> bool:
    """Tell whether anybody but the rules could answer at all."""
    return bool(kernel.settings.ai_providers)


async def no_answer() -> str:
    """Be the rules of a question that rules answer elsewhere: what has been made has no output."""
    return ""


def writer_of(made: Generation[Output]) -> str:
    """Say which model made this and where it runs, for a note below it."""
    where = "on your own machine" if made.engine is Engine.LOCAL_MODEL else f"of {made.provider}"
    return f"{made.model} {where}"


async def generate(
    kernel: Kernel, prepared: Prepared[Output], *, rules: Rules[Output] | None
) -> Generation[Output]:
    """Return the best rung's answer; raises Unavailable when there is none and `rules` is None.

    Call it with no Context open.
    """
    async with aclosing(stream(kernel, prepared, rules=rules)) as events:
        async for event in events:
            match event:
                case Done(generation):
                    return generation
                case Failed(problem):
                    raise Unavailable(problem["detail"])
                case _:
                    pass
    raise AssertionError("a stream ends with done or error")


async def stream(
    kernel: Kernel, prepared: Prepared[Output], *, rules: Rules[Output] | None
) -> AsyncGenerator[StreamEvent[Output]]:
    """Yield the answer as it comes; the last event is `Done` or `Failed`.

    Closing the generator early cancels the model and still books what it has cost.
    """
    orchestrator = orchestrator_of(kernel)
    prepared = _bounded(kernel, orchestrator, prepared)
    rungs = orchestrator.candidates(prepared)
    key = None
    if rungs:
        key = cache_key(prepared.request, prepared.user_id, prepared.workspace_id, rungs)
    if key is None:
        async with aclosing(_ask(kernel, orchestrator, prepared, rules, None)) as events:
            async for event in events:
                yield event
        return
    async with orchestrator.turns.turn(key):
        said, place = await look_up(kernel, orchestrator, prepared, key, rungs)
        if said is None:
            said = _ask(kernel, orchestrator, prepared, rules, place)
        async with aclosing(said) as events:
            async for event in events:
                yield event


async def embed(kernel: Kernel, prepared: Prepared[Output]) -> Embeddings | None:
    """Return a vector for each message's text; None where no model may make them."""
    orchestrator = orchestrator_of(kernel)
    prepared = _bounded(kernel, orchestrator, prepared)
    if not orchestrator.candidates(prepared):
        return None
    return await embed_by(orchestrator, prepared, SqlBooks(kernel))


def _bounded(
    kernel: Kernel, orchestrator: Orchestrator, prepared: Prepared[Output]
) -> Prepared[Output]:
    """Add what the operator says: the limits, and who there is to ask."""
    chain = orchestrator.chains[prepared.request.task]
    allowed = orchestrator.candidates(prepared)
    reason = prepared.reason
    if not chain:
        reason = reason or Reason.NO_MODEL
    elif len(allowed) < len(chain):
        reason = reason or Reason.PRIVACY
    meters = within(kernel.settings.ai_budgets, prepared.meters)
    return replace(prepared, reason=reason, meters=meters)


async def _ask(
    kernel: Kernel,
    orchestrator: Orchestrator,
    prepared: Prepared[Output],
    rules: Rules[Output] | None,
    place: Place | None,
) -> AsyncGenerator[StreamEvent[Output]]:
    async with aclosing(orchestrator.stream(prepared, rules, SqlBooks(kernel))) as events:
        async for event in events:
            if place and isinstance(event, Done) and event.raw is not None:
                await caching.keep(kernel, prepared, place, event.generation, event.raw)
            yield event
