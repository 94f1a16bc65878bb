"""What a process keeps to ask models: opened providers, breakers, queues."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from functools import partial
from typing import Any

from selfos.features.ai.adapters.provider import ModelFailure, ModelProvider
from selfos.features.ai.orchestration import measuring
from selfos.features.ai.orchestration.books import Books
from selfos.features.ai.orchestration.breaker import Breaker, BreakerState
from selfos.features.ai.orchestration.chains import Rung, make_chains
from selfos.features.ai.orchestration.keys import OneAtATime
from selfos.features.ai.orchestration.likeness import semantic_tasks
from selfos.features.ai.orchestration.queueing import Gate
from selfos.features.ai.orchestration.walking import Walk, total
from selfos.features.ai.schemas.generation import (
    Attempt,
    Generation,
    Output,
    Prepared,
    Rules,
)
from selfos.features.ai.schemas.streaming import Delta, Done, Failed, Start, StreamEvent
from selfos.features.ai.schemas.words import Engine, Outcome, Reason
from selfos.kernel.errors import Unavailable
from selfos.kernel.model_settings import ProviderConfig
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import get_logger

# Anybody may ask how we are; that must not become a stream of questions to others.
PULSE_SECONDS = 30.0
OpenProvider = Callable[[str, ProviderConfig], Awaitable[ModelProvider]]
NOBODY = "No model may answer this now, and there is no built-in answer. Try again later."

log = get_logger(__name__)


class Orchestrator:
    """One for each process; its breakers and queues are this process's own."""

    def __init__(
        self,
        settings: Settings,
        open_provider: OpenProvider,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing yet; a provider is opened when it is first asked."""
        self.settings, self.times, self.clock = settings, settings.ai_times, clock
        self.chains = make_chains(settings)
        self.semantic = semantic_tasks(settings)
        self.gates = {
            name: Gate(config.concurrency) for name, config in settings.ai_providers.items()
        }
        self.turns = OneAtATime()
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._open_provider = open_provider
        self._providers: dict[str, ModelProvider] = {}
        self._opening = asyncio.Lock()
        self._probing: dict[str, asyncio.Lock] = {}
        self._pulses: dict[str, tuple[float, str | ModelFailure]] = {}
        self._booking: set[asyncio.Task[Attempt]] = set()

    def candidates(self, prepared: Prepared[Any]) -> tuple[Rung, ...]:
        """Return the models that may be asked, best first."""
        chain = self.chains[prepared.request.task]
        return tuple(rung for rung in chain if rung.obeys(prepared.dial))

    async def stream(
        self, prepared: Prepared[Output], rules: Rules[Output] | None, books: Books
    ) -> AsyncGenerator[StreamEvent[Output]]:
        """Yield the best answer there is; the last event is `Done` or `Failed`."""
        walk = Walk(
            owner=self,
            prepared=prepared,
            books=books,
            queue=list(self.candidates(prepared)),
            deadline=asyncio.get_running_loop().time() + self.times.total_seconds,
            messages=prepared.request.messages,
            base=prepared.request.messages,
            reason=prepared.reason,
        )
        async with aclosing(walk.events()) as events:
            async for event in events:
                yield event
        if walk.made is None:
            async for event in self._by_rules(walk, rules):
                yield event
        else:
            measuring.count_answer(prepared.request.task, walk.made.engine, walk.made.reason)

    async def _by_rules(
        self, walk: Walk[Output], rules: Rules[Output] | None
    ) -> AsyncGenerator[StreamEvent[Output]]:
        request, reason = walk.prepared.request, walk.reason or Reason.UNAVAILABLE
        if rules is None:
            yield Failed(
                {"title": Unavailable.title, "status": Unavailable.status, "detail": NOBODY}
            )
            return
        yield Start(len(walk.attempts) + 1, Engine.RULES)
        answer = await rules()
        text = answer if isinstance(answer, str) else ""
        if text:
            yield Delta(text)
        measuring.count_answer(request.task, Engine.RULES, reason)
        yield Done(
            Generation(
                id=walk.prepared.generation_id,
                task=request.task,
                engine=Engine.RULES,
                text=text,
                output=None if isinstance(answer, str) else answer,
                reason=reason,
                cost_micros=total(walk.attempts),
                attempts=tuple(walk.attempts),
            )
        )

    def breaker(self, rung: Rung) -> Breaker:
        """Return the breaker of a model."""
        key = (rung.provider, rung.model)
        if key not in self._breakers:
            self._breakers[key] = Breaker(self.clock, partial(self._moved, *key))
        return self._breakers[key]

    def pause(self, rung: Rung, seconds: float, *, of_provider: bool, misconfigured: bool) -> None:
        """Ask a model no more for a while, or none of its provider's."""
        chain = {each for rungs in self.chains.values() for each in rungs}
        for each in sorted(chain | {rung}, key=lambda each: each.name):
            if each == rung or (of_provider and each.provider == rung.provider):
                self.breaker(each).pause(seconds, misconfigured=misconfigured)

    def _moved(self, provider: str, model: str, state: BreakerState) -> None:
        measuring.show_breaker(provider, model, state)
        log.warning("ai.breaker", provider=provider, model=model, state=state)

    def count_resting(self, provider: str) -> int:
        """Return how many of a provider's models would not be asked now."""
        asked = self._breakers.items()
        return sum(name == provider and not each.would_allow for (name, _), each in asked)

    def observe(self) -> None:
        """Show the state of every queue and of every model that some task may ask."""
        for name, gate in self.gates.items():
            measuring.show_queue(name, inside=gate.inside, waiting=gate.waiting)
        for rung in {each for rungs in self.chains.values() for each in rungs}:
            measuring.show_breaker(rung.provider, rung.model, self.breaker(rung).state)

    async def provider(self, name: str) -> ModelProvider:
        """Return a provider, opened; raises ModelFailure."""
        if (opened := self._providers.get(name)) is not None:
            return opened
        async with self._opening:
            if name not in self._providers:
                self._providers[name] = await self._opened(name)
            return self._providers[name]

    async def _opened(self, name: str) -> ModelProvider:
        try:
            return await self._open_provider(name, self.settings.ai_providers[name])
        except Exception as error:
            # What the vendors' libraries make of a proxy, a certificate or their own absence.
            detail = f"could not be opened: {type(error).__name__}"
            raise ModelFailure(Outcome.MISCONFIGURED, detail, of_provider=True) from error

    async def probe(self, name: str) -> str:
        """Ask a provider how it is, at most twice a minute; raises ModelFailure."""
        async with self._probing.setdefault(name, asyncio.Lock()):
            at, found = self._pulses.get(name, (float("-inf"), ""))
            if self.clock() - at > PULSE_SECONDS:
                try:
                    found = await (await self.provider(name)).probe()
                except ModelFailure as failure:
                    found = failure
                self._pulses[name] = (self.clock(), found)
        if isinstance(found, ModelFailure):
            raise ModelFailure(found.outcome, found.detail)
        return found

    async def book(self, settling: Coroutine[Any, Any, Attempt]) -> Attempt:
        """Settle to the end, even when whoever waits for it is cancelled."""
        task = asyncio.create_task(settling)
        self._booking.add(task)
        task.add_done_callback(self._booking.discard)
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Finish the books and close all providers."""
        if self._booking:
            await asyncio.gather(*self._booking, return_exceptions=True)
        for provider in self._providers.values():
            await provider.close()
        self._providers.clear()
