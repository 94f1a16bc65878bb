"""Opening a provider; the libraries behind it are loaded when the first one is."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

from selfos.features.ai.adapters.provider import ModelProvider
from selfos.kernel.model_settings import ProviderConfig, ProviderKind

WIRES = {
    ProviderKind.OPENAI: "selfos.features.ai.adapters.openai_wire",
    ProviderKind.OPENAI_COMPATIBLE: "selfos.features.ai.adapters.openai_wire",
    ProviderKind.ANTHROPIC: "selfos.features.ai.adapters.anthropic_wire",
}


async def open_provider(name: str, config: ProviderConfig) -> ModelProvider:
    """Return a provider, opened. The first call takes seconds, in a thread of its own."""
    return await asyncio.to_thread(_open, name, config)


def _open(name: str, config: ProviderConfig) -> ModelProvider:
    wire: Any = importlib.import_module(WIRES[config.kind])
    return wire.PROVIDER(name, config)
