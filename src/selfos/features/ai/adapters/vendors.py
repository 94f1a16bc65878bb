"""Models of vendors and of one's own machines, over pydantic-ai's direct interface.

What all wire formats share; `openai_wire` and `anthropic_wire` add theirs. Importing them loads
the vendors' libraries, which takes seconds: `opening` does it in a thread, once a provider is asked
for the first time, and only for the wire it speaks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx2
from pydantic_ai import exceptions as wrong
from pydantic_ai import messages as said
from pydantic_ai.direct import model_request_stream
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.usage import RequestUsage

from selfos.features.ai.adapters.joining import join_texts
from selfos.features.ai.adapters.prompts import as_vendor_messages
from selfos.features.ai.adapters.provider import (
    CallPiece,
    ModelFailure,
    Outgoing,
    Piece,
    TextPiece,
    UsagePiece,
    require_near,
)
from selfos.features.ai.schemas.generation import ToolCall, Usage
from selfos.features.ai.schemas.words import Outcome
from selfos.kernel.context import utc_now
from selfos.kernel.model_settings import Capability, ProviderConfig, ProviderKind
from selfos.kernel.waiting import retry_after

CONNECT_SECONDS = 5.0
# Until the orchestrator's own deadlines; only a client nobody waits for lives so long.
READ_SECONDS = 600.0
# An account without credit will not have any in a minute.
NO_CREDIT_SECONDS = 600.0
OUTPUT_TOOL = "answer"
# What a profile says of models that refuse a temperature, or warn that they will not hear of it.
UNTEMPERED = ("openai_supports_reasoning", "anthropic_disallows_sampling_settings")
# A server that wants no key still gets the header its library insists on.
NO_KEY = "none"
# What a rejected request is really about, by the vendors' own codes.
CODES = {
    "content_filter": Outcome.REFUSED,
    "content_policy_violation": Outcome.REFUSED,
    "moderation_blocked": Outcome.REFUSED,
    "ResponsibleAIPolicyViolation": Outcome.REFUSED,
    "context_length_exceeded": Outcome.OVERFLOW,
}

# The first that fits counts; what stands nowhere may pass by itself.
MEANINGS: tuple[tuple[type[Exception], Outcome], ...] = (
    (wrong.ContentFilterError, Outcome.REFUSED),
    (wrong.ModelQuotaExceededError, Outcome.RATE_LIMITED),
    (wrong.ModelRateLimitError, Outcome.RATE_LIMITED),
    (wrong.ModelContextWindowExceededError, Outcome.OVERFLOW),
    (wrong.ModelAuthenticationError, Outcome.MISCONFIGURED),
    (wrong.ModelNotFoundError, Outcome.MISCONFIGURED),
    (wrong.ModelRequestRejectedError, Outcome.REJECTED),
    (wrong.UserError, Outcome.REJECTED),
)
# What the SDKs say by themselves, where no other library stands between: by the status alone.
STATUSES = {
    400: Outcome.REJECTED,
    401: Outcome.MISCONFIGURED,
    403: Outcome.MISCONFIGURED,
    404: Outcome.MISCONFIGURED,
    413: Outcome.OVERFLOW,
    422: Outcome.REJECTED,
    429: Outcome.RATE_LIMITED,
}
KEY_REFUSED = frozenset({401, 403})
OF_PROVIDER = (wrong.ModelAuthenticationError, wrong.ModelQuotaExceededError)


class VendorProvider(ABC):
    """One configured provider."""

    def __init__(self, name: str, config: ProviderConfig) -> None:
        """Open no connection yet."""
        self.name, self.local = name, config.local
        self.config = config
        # Redirects could lead private words elsewhere; no provider needs one.
        self.http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=32),
            follow_redirects=False,
            event_hooks={"response": [join_texts]},
        )
        self._models: dict[str, Model[Any]] = {}

    @property
    def key(self) -> str:
        """Return the key to show."""
        return self.config.api_key.get_secret_value() if self.config.api_key else NO_KEY

    @abstractmethod
    def open_model(self, name: str) -> Model[Any]:
        """Return one of the provider's models."""

    @abstractmethod
    async def count_models(self) -> int:
        """Ask how many models there are."""

    def _model(self, name: str) -> Model[Any]:
        if name not in self._models:
            self._models[name] = self.open_model(name)
        return self._models[name]

    async def answer(self, model: str, outgoing: Outgoing) -> AsyncGenerator[Piece]:
        """Yield the answer as it comes."""
        require_near(self, local_only=outgoing.local_only)
        opened = self._model(model)
        parameters = self._parameters(opened, outgoing)
        by_tool = parameters.output_mode == "tool"
        with failures():
            async with model_request_stream(
                opened,
                as_vendor_messages(outgoing.messages),
                model_settings=self._settings(opened, outgoing),
                model_request_parameters=parameters,
            ) as stream:
                async for event in stream:
                    text = _text(event, by_tool=by_tool)
                    if text:
                        yield TextPiece(text)
                    elif isinstance(event, said.PartStartEvent) and stream.usage.has_values():
                        yield UsagePiece(counted(stream.usage))
                response = stream.get()
        yield UsagePiece(counted(response.usage), response.model_name)
        _require_whole(response)
        for part in response.parts:
            if isinstance(part, said.ToolCallPart) and not (
                by_tool and part.tool_name == OUTPUT_TOOL
            ):
                yield CallPiece(ToolCall(part.tool_call_id, part.tool_name, _arguments(part)))

    def _settings(self, model: Model[Any], outgoing: Outgoing) -> ModelSettings:
        # The client's own retries are off already; saying so here would copy it for each call.
        settings = ModelSettings(max_tokens=outgoing.max_output_tokens)
        if outgoing.temperature is not None and not any(map(model.profile.get, UNTEMPERED)):
            settings["temperature"] = outgoing.temperature
        if self.config.kind is ProviderKind.ANTHROPIC:
            settings["cache"] = True
        return settings

    def _parameters(self, model: Model[Any], outgoing: Outgoing) -> ModelRequestParameters:
        tools = [
            ToolDefinition(
                name=tool.name,
                description=tool.description,
                parameters_json_schema=dict(tool.parameters),
            )
            for tool in outgoing.tools
        ]
        if outgoing.schema is None:
            return ModelRequestParameters(function_tools=tools)
        schema = dict(outgoing.schema)
        wanted = OutputObjectDefinition(json_schema=schema, name=OUTPUT_TOOL)
        if self._can_schema(model):
            return ModelRequestParameters(
                function_tools=tools, output_mode="native", output_object=wanted
            )
        if self._can(Capability.TOOLS):
            wanted_tool = ToolDefinition(
                name=OUTPUT_TOOL,
                description="Give the answer.",
                parameters_json_schema=schema,
                kind="output",
            )
            return ModelRequestParameters(
                function_tools=tools,
                output_mode="tool",
                output_tools=[wanted_tool],
                allow_text_output=False,
            )
        return ModelRequestParameters(
            function_tools=tools, output_mode="prompted", output_object=wanted
        )

    def _can_schema(self, model: Model[Any]) -> bool:
        if self.config.capabilities is not None:
            return Capability.JSON_SCHEMA in self.config.capabilities
        # Ollama, llama.cpp and vLLM all take a schema; what vendors take is known by name.
        compatible = self.config.kind is ProviderKind.OPENAI_COMPATIBLE
        return compatible or bool(model.profile.get("supports_json_schema_output"))

    def _can(self, capability: Capability) -> bool:
        known = self.config.capabilities
        return known is None or capability in known

    async def embed(
        self, model: str, texts: Sequence[str], *, local_only: bool
    ) -> tuple[tuple[tuple[float, ...], ...], Usage]:
        """Return a vector for each text; a wire that knows none refuses."""
        require_near(self, local_only=local_only)
        cannot = f"{self.name} cannot embed {len(texts)} by {model}"
        raise ModelFailure(Outcome.MISCONFIGURED, cannot)

    async def probe(self) -> str:
        """Ask for the list of models."""
        with failures():
            count = await self.count_models()
        return f"{count} model{'' if count == 1 else 's'}"

    async def close(self) -> None:
        """Let go of connections."""
        await self.http.aclose()


@contextmanager
def failures() -> Generator[None]:
    """Turn whatever a vendor's library raises into a ModelFailure."""
    try:
        yield
    except (ModelFailure, AssertionError):
        raise
    except Exception as error:
        raise failure_of(error) from error


def failure_of(error: Exception) -> ModelFailure:
    """Say what an error of a vendor's library means."""
    status = getattr(error, "status_code", None)
    by_status = STATUSES.get(status or 0, Outcome.TRANSIENT)
    outcome = next((what for kind, what in MEANINGS if isinstance(error, kind)), by_status)
    if outcome in (Outcome.REJECTED, Outcome.MISCONFIGURED):
        outcome = CODES.get(_code(error), outcome)
    wait = getattr(error, "retry_after", None) or _retry_after(error)
    if isinstance(error, wrong.ModelQuotaExceededError):
        wait = NO_CREDIT_SECONDS
    return ModelFailure(
        outcome,
        _short(error),
        retry_after=wait,
        of_provider=isinstance(error, OF_PROVIDER) or status in KEY_REFUSED,
    )


def _retry_after(error: Exception) -> float | None:
    """Return for how many seconds an error of an SDK asks us to wait."""
    answer = getattr(error, "response", None)
    wait = None if answer is None else retry_after(answer, utc_now())
    return None if wait is None else wait.total_seconds()


def counted(usage: RequestUsage) -> Usage:
    """Return what a provider says it counted."""
    if not usage.has_values():
        return Usage()
    return Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_tokens=usage.output_tokens,
        reasoning_tokens=usage.details.get("reasoning_tokens"),
    )


def _text(event: Any, *, by_tool: bool) -> str:
    """Return the text an event adds; the arguments of the output tool are the answer's text."""
    match event:
        case said.PartStartEvent(part=said.TextPart(content=text)) if not by_tool:
            return text
        case said.PartDeltaEvent(delta=said.TextPartDelta(content_delta=text)) if not by_tool:
            return text
        case said.PartEndEvent(part=said.ToolCallPart() as part) if by_tool:
            return part.args_as_json_str() if part.tool_name == OUTPUT_TOOL else ""
        case _:
            return ""


def _require_whole(response: said.ModelResponse) -> None:
    if response.finish_reason == "content_filter":
        details = response.provider_details or {}
        raise ModelFailure(Outcome.REFUSED, str(details.get("refusal", "the model refused")))
    if response.finish_reason is None:
        raise ModelFailure(Outcome.TRANSIENT, "the answer was cut short")


def _arguments(part: said.ToolCallPart) -> dict[str, Any]:
    try:
        return part.args_as_dict()
    except ValueError as error:
        raise ModelFailure(Outcome.INVALID, f"{part.tool_name} was called with no JSON") from error


def _code(error: Exception) -> str:
    """Return a vendor's own word for an error, from pydantic-ai's errors or the SDK's."""
    return getattr(error, "provider_error_code", None) or getattr(error, "code", None) or ""


def _short(error: Exception) -> str:
    # The body of a vendor's error may repeat the prompt; its code does not.
    status = getattr(error, "status_code", None)
    code = _code(error) or getattr(error, "provider_error_type", None)
    known = " ".join(str(part) for part in (status, code) if part)
    return f"{type(error).__name__} {known}".strip()
