"""Who can answer, and how they are."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from selfos.features.ai.adapters.provider import ModelFailure
from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.orchestration.orchestrator import Orchestrator
from selfos.features.ai.schemas.accounts import (
    AiStatusView,
    ChainView,
    ModelState,
    ProviderView,
    RungView,
)
from selfos.features.ai.schemas.words import AiTask
from selfos.features.ai.service.generation import orchestrator_of
from selfos.features.identity import service as identity
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Unavailable
from selfos.kernel.permissions import Permission
from selfos.kernel.telemetry import get_logger

log = get_logger(__name__)


async def show_status(ctx: Context, kernel: Kernel) -> AiStatusView:
    """Return providers without their keys, and whom each task asks, in order."""
    ctx.require(Permission.AI_READ)
    orchestrator = orchestrator_of(kernel)
    return AiStatusView(
        providers=[
            ProviderView(
                name=name,
                kind=config.kind,
                local=config.local,
                models=config.models,
                embedding_models=config.embedding_models,
                moderation_models=config.moderation_models,
            )
            for name, config in kernel.settings.ai_providers.items()
        ],
        chains=[
            ChainView(task=task, rungs=[_shown(orchestrator, rung) for rung in rungs])
            for task, rungs in orchestrator.chains.items()
        ],
        by_meaning=_by_meaning(orchestrator),
        enabled=await identity.wants_ai(ctx),
        operator=await identity.is_operator(ctx),
    )


def _by_meaning(orchestrator: Orchestrator) -> list[AiTask]:
    """Return the tasks the operator named, while somebody answers them and makes vectors."""
    chains = orchestrator.chains
    if not chains[AiTask.EMBED]:
        return []
    return sorted(task for task in orchestrator.semantic if chains[task])


def _shown(orchestrator: Orchestrator, rung: Rung) -> RungView:
    breaker = orchestrator.breaker(rung)
    state = ModelState.RESTING
    if breaker.would_allow:
        state = ModelState.READY
    elif breaker.misconfigured:
        state = ModelState.MISCONFIGURED
    return RungView(
        provider=rung.provider,
        model=rung.model,
        local=rung.config.local,
        state=state,
        rests_seconds=math.ceil(breaker.rests_seconds),
    )


def observe(kernel: Kernel) -> None:
    """Bring what is measured up to date, just before it is read."""
    orchestrator_of(kernel).observe()


@asynccontextmanager
async def ready(kernel: Kernel) -> AsyncGenerator[None]:
    """Have models at hand for the block; raises ValueError for a chain that names nobody.

    Providers are opened behind everything else, so that nobody's first question waits for their
    libraries to load.
    """
    orchestrator = orchestrator_of(kernel)

    async def open_all() -> None:
        for name in kernel.settings.ai_providers:
            try:
                await orchestrator.provider(name)
            except ModelFailure:
                # Tried again with the first question, which says so where its asker sees it.
                log.exception("ai.not_opened", provider=name)

    opening = asyncio.create_task(open_all())
    try:
        yield
    finally:
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)


async def probe_provider(kernel: Kernel, name: str) -> str:
    """Say in a few words how a provider is; raises Unavailable when it, or a model, is not well."""
    orchestrator = orchestrator_of(kernel)
    try:
        said = await orchestrator.probe(name)
    except ModelFailure as failure:
        raise Unavailable(f"{failure.outcome}: {failure.detail}") from failure
    if resting := orchestrator.count_resting(name):
        raise Unavailable(f"{said}, {resting} not asked for a while after failures")
    return said
