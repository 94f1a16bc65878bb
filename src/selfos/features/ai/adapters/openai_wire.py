"""OpenAI, and whatever speaks its language: Ollama, llama.cpp, vLLM, a proxy."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from selfos.features.ai.adapters.provider import (
    ModelFailure,
    Outgoing,
    Piece,
    TextPiece,
    UsagePiece,
    require_near,
)
from selfos.features.ai.adapters.vendors import VendorProvider, failures
from selfos.features.ai.schemas.generation import Usage
from selfos.features.ai.schemas.words import Outcome, Speaker
from selfos.kernel.model_settings import ProviderConfig, ProviderKind

# What its endpoint for moderation tells apart.
CATEGORIES = frozenset(
    {
        "harassment",
        "harassment/threatening",
        "hate",
        "hate/threatening",
        "illicit",
        "illicit/violent",
        "self-harm",
        "self-harm/instructions",
        "self-harm/intent",
        "sexual",
        "sexual/minors",
        "violence",
        "violence/graphic",
    }
)


class OpenAIWire(VendorProvider):
    """One provider that speaks chat completions."""

    def __init__(self, name: str, config: ProviderConfig) -> None:
        """Open no connection yet, but load what the library loads when first used."""
        super().__init__(name, config)
        self._client = AsyncOpenAI(
            api_key=self.key, base_url=config.base_url, http_client=self.http, max_retries=0
        )
        _ = self._client.chat.completions, self._client.embeddings, self._client.models
        _ = self._client.moderations

    def open_model(self, name: str) -> Model[Any]:
        """Return one of the provider's models."""
        # A stream that just ends has been cut; its text must not pass for an answer.
        complete = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
        if self.config.kind is ProviderKind.OPENAI:
            opened = OpenAIProvider(openai_client=self._client)
        else:
            opened = OpenAICompatibleProvider(self.name, openai_client=self._client)
        return OpenAIChatModel(name, provider=opened, profile=complete)

    async def answer(self, model: str, outgoing: Outgoing) -> AsyncGenerator[Piece]:
        """Yield the answer as it comes; what only moderates has an endpoint of its own."""
        if model in self.config.moderation_models:
            require_near(self, local_only=outgoing.local_only)
            for piece in await self._moderated(model, outgoing):
                yield piece
            return
        async with aclosing(super().answer(model, outgoing)) as pieces:
            async for piece in pieces:
                yield piece

    async def _moderated(self, model: str, outgoing: Outgoing) -> tuple[Piece, ...]:
        """Return the flagged categories of the user's text, as JSON in the endpoint's own words."""
        text = next(each.text for each in outgoing.messages if each.speaker is Speaker.USER)
        with failures():
            made = await self._client.moderations.create(model=model, input=text)
            (found,) = made.results
            said = found.categories.model_dump(by_alias=True)
        flagged = [name for name, is_so in said.items() if is_so is True and name in CATEGORIES]
        if found.flagged and not flagged:
            raise ModelFailure(Outcome.INVALID, "flagged for a category we do not know")
        answer = TextPiece(json.dumps({"categories": flagged}))
        # It counts no tokens, and they would cost nothing.
        return answer, UsagePiece(Usage(output_tokens=0), made.model)

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
