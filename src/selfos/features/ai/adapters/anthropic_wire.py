"""Anthropic."""

from __future__ import annotations

from typing import Any

from anthropic import AsyncAnthropic
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

from selfos.features.ai.adapters.vendors import VendorProvider
from selfos.kernel.model_settings import ProviderConfig


class AnthropicWire(VendorProvider):
    """One provider that speaks messages."""

    def __init__(self, name: str, config: ProviderConfig) -> None:
        """Open no connection yet, but load what the library loads when first used."""
        super().__init__(name, config)
        self._client = AsyncAnthropic(
            api_key=self.key, base_url=config.base_url, http_client=self.http, max_retries=0
        )
        _ = self._client.beta.messages, self._client.models

    def open_model(self, name: str) -> Model[Any]:
        """Return one of the provider's models."""
        return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=self._client))

    async def count_models(self) -> int:
        """Ask how many models there are."""
        return len((await self._client.models.list()).data)


PROVIDER = AnthropicWire
