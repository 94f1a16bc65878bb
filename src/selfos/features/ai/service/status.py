"""Who can answer, and how they are."""

from __future__ import annotations

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
from selfos.features.ai.service.generation import orchestrator_of
from selfos.features.identity import service as identity
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import Unavailable
from selfos.kernel.permissions import Permission


async def show_status(ctx: Context, kernel: Kernel) -> AiStatusView:
    """Return providers without their keys, and whom each task asks in which order."""
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
            )
            for name, config in kernel.settings.ai_providers.items()
        ],
        chains=[
            ChainView(task=task, rungs=[_shown(orchestrator, rung) for rung in rungs])
            for task, rungs in orchestrator.chains.items()
        ],
        enabled=await identity.wants_ai(ctx),
    )


def _shown(orchestrator: Orchestrator, rung: Rung) -> RungView:
    breaker = orchestrator.breaker(rung)
    state = ModelState.READY if breaker.is_closed else ModelState.RESTING
    if breaker.misconfigured:
        state = ModelState.MISCONFIGURED
    return RungView(provider=rung.provider, model=rung.model, local=rung.config.local, state=state)


async def probe_provider(kernel: Kernel, name: str) -> str:
    """Say in a few words how a provider is; raises Unavailable when it is not well."""
    try:
        return await orchestrator_of(kernel).probe(name)
    except ModelFailure as failure:
        raise Unavailable(f"{failure.outcome}: {failure.detail}") from failure
