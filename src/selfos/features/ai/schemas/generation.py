"""What other slices ask a model for, and what comes back.

Three steps, so that no transaction waits for a model: `prepare` inside a Context, `generate` or
`stream` outside of any, and the caller's own verb in a second Context with what came back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

from pydantic import BaseModel
from typing_extensions import TypeVar

from selfos.features.ai.schemas.words import AiTask, Cached, Dial, Engine, Outcome, Reason, Speaker

Output = TypeVar("Output", bound=BaseModel, default=BaseModel)
# The last rung, given by the caller: an object of the wanted schema, or text.
RulesAnswer = Output | str
Rules = Callable[[], Awaitable[RulesAnswer[Output]]]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model asks for a tool. Nothing has been done; the caller decides."""

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolOffer:
    """A tool a model may ask for; `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt. A tool's result names the call it answers."""

    speaker: Speaker
    text: str
    calls: tuple[ToolCall, ...] = ()
    answers: ToolCall | None = None


@dataclass(frozen=True, kw_only=True)
class GenerationRequest(Generic[Output]):
    """What to ask a model for.

    `area_ids` are the life areas the words come from: the strictest dial among them and the
    workspace's counts. `faults` names what is wrong with a well-formed output, in sentences the
    model may read; it gets one chance to repair. `cacheable` is for answers that depend
    on nothing but this request; `wording` is the part of the last message that could be put
    otherwise and mean the same; `fresh` wants a new answer, whatever is kept.
    """

    task: AiTask
    messages: tuple[Message, ...]
    area_ids: frozenset[UUID]
    output: type[Output] | None = None
    faults: Callable[[Output], Sequence[str]] | None = None
    tools: tuple[ToolOffer, ...] = ()
    cacheable: bool = False
    wording: str | None = None
    fresh: bool = False
    prompt_version: str = "1"
    max_output_tokens: int = 1_500
    temperature: float | None = None
    background: bool = False


@dataclass(frozen=True, slots=True)
class Meter:
    """One counter of spent money and what it may reach, in micro-units; None is no limit."""

    key: str
    limit_micros: int | None


@dataclass(frozen=True, kw_only=True)
class Prepared(Generic[Output]):
    """A request with all that had to be looked up for it; good for one call, soon."""

    request: GenerationRequest[Output]
    generation_id: UUID
    workspace_id: UUID
    user_id: UUID
    dial: Dial
    reason: Reason | None
    meters: tuple[Meter, ...]
    hidden: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one attempt; None where nobody counted. `estimated` marks our own guess."""

    input_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at one model. `cost_micros` is None where the price is unknown."""

    call_id: UUID
    number: int
    provider: str
    model: str
    outcome: Outcome
    usage: Usage
    cost_micros: int | None
    latency_ms: int
    first_token_ms: int | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Generation(Generic[Output]):
    """An answer, and which rung gave it.

    `output` is set exactly when a schema was asked for. `reason` says why it was not a better
    rung. `cost_micros` sums the attempts and is None when one of them has no known price.
    """

    id: UUID
    task: AiTask
    engine: Engine
    text: str
    output: Output | None = None
    tools: tuple[ToolCall, ...] = ()
    provider: str | None = None
    model: str | None = None
    reason: Reason | None = None
    cached: Cached | None = None
    usage: Usage = Usage()
    cost_micros: int | None = 0
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddings:
    """One vector for each text, in order, all of one model."""

    vectors: tuple[tuple[float, ...], ...]
    provider: str
    model: str
    engine: Engine
    cost_micros: int | None
