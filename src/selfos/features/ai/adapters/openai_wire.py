"""OpenAI, and whatever speaks its language: Ollama, llama.cpp, vLLM, a proxy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from selfos.features.ai.adapters.provider import ModelFailure, require_near
from selfos.features.ai.adapters.vendors import VendorProvider, failures
from selfos.features.ai.schemas.generation import Usage
from selfos.features.ai.schemas.words import Outcome
from selfos.kernel.model_settings import ProviderConfig, ProviderKind


class OpenAIWire(VendorProvider):
    """One provider that speaks chat completions."""

    def __init__(self, name: str, config: ProviderConfig) -> None:
        """Open no connection yet, but load what the library loads when first used."""
        super().__init__(name, config)
        self._client = AsyncOpenAI(
            api_key=self.key, base_url=config.base_url, http_client=self.http, max_retries=0
        )
        _ = self._client.chat.completions, self._client.embeddings, self._client.models

    def open_model(self, name: str) -> Model[Any]:
        """Return one of the provider's models."""
        # A stream that just ends has been cut; its text must not pass for an answer.
        complete = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
        if self.config.kind is ProviderKind.OPENAI:
            opened = OpenAIProvider(openai_client=self._client)
        else:
            opened = OpenAICompatibleProvider(self.name, openai_client=self._client)
        return OpenAIChatModel(name, provider=opened, profile=complete)

    async def embed(
        self, model: str, texts: Sequence[str], *, local_only: bool
    ) -> tuple[tuple[tuple[float, ...], ...], Usage]:
        """Return a vector for each text."""
        require_near(self, local_only=local_only)
        with failures():
            made = await self._client.embeddings.create(
                model=model, input=list(texts), encoding_format="float"
            )
        if len(made.data) != len(texts):
            raise ModelFailure(Outcome.TRANSIENT, "as many vectors as texts did not come back")
        vectors = tuple(tuple(each.embedding) for each in made.data)
        return vectors, Usage(input_tokens=made.usage.prompt_tokens, output_tokens=0)

    async def count_models(self) -> int:
        """Ask how many models there are."""
        return len((await self._client.models.list()).data)


PROVIDER = OpenAIWire
