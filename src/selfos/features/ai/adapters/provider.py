"""What every model provider can do, wherever it runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from selfos.features.ai.schemas.generation import Message, ToolCall, ToolOffer, Usage
from selfos.features.ai.schemas.words import Outcome


class ModelFailure(Exception):
    """A model did not answer; `outcome` says what to do about it.

    `of_provider` marks what is true of all its models (a wrong key). `retry_after` is what the
    provider asked for, in seconds.
    """

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        *,
        retry_after: float | None = None,
        of_provider: bool = False,
    ) -> None:
        super().__init__(detail)
        self.outcome, self.detail = outcome, detail
        self.retry_after, self.of_provider = retry_after, of_provider


class PrivacyBreach(AssertionError):
    """Words marked local were about to leave: a fault of ours, never handled, only prevented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Exactly what leaves for a model."""

    messages: tuple[Message, ...]
    local_only: bool
    max_output_tokens: int
    temperature: float | None = None
    schema: Mapping[str, Any] | None = None
    tools: tuple[ToolOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Some text of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class CallPiece:
    """A whole tool call."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class UsagePiece:
    """The tokens counted so far, and the model that really answers."""

    usage: Usage
    model: str | None = None


Piece = TextPiece | CallPiece | UsagePiece


class ModelProvider(Protocol):
    """Somewhere models answer. Raises ModelFailure, and nothing else, for what goes wrong there."""

    name: str
    local: bool

    def answer(self, model: str, outgoing: Outgoing) -> AsyncGenerator[Piece]:
        """Yield the answer as it comes; an answer cut short is a failure."""
        ...

    async def embed(
        self, model: str, texts: Sequence[str], *, local_only: bool
    ) -> tuple[tuple[tuple[float, ...], ...], Usage]:
        """Return a vector for each text."""
        ...

    async def probe(self) -> str:
        """Ask for the list of models and say how many there are; raises ModelFailure."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def require_near(provider: ModelProvider, *, local_only: bool) -> None:
    """Stand between private words and the network, whatever went wrong before."""
    if local_only and not provider.local:
        raise PrivacyBreach(f"words marked local on their way to {provider.name}")
