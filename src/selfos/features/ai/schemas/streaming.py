"""What a client sees of an answer while it comes: the same JSON over SSE and WebSocket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Generic

from selfos.features.ai.schemas.generation import Generation, Output, ToolCall, Usage


@dataclass(frozen=True, slots=True)
class Start:
    """A model begins; a later attempt follows a reset."""

    attempt: int
    model: str

    def as_json(self) -> dict[str, Any]:
        """Return the event as clients read it."""
        return {"type": "start", "attempt": self.attempt, "model": self.model}


@dataclass(frozen=True, slots=True)
class Delta:
    """More text."""

    text: str

    def as_json(self) -> dict[str, Any]:
        """Return the event as clients read it."""
        return {"type": "delta", "text": self.text}


@dataclass(frozen=True, slots=True)
class Reset:
    """Drop the text so far: another attempt begins."""

    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the event as clients read it."""
        return {"type": "reset", "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ToolAsked:
    """The model asks for a tool."""

    call: ToolCall

    def as_json(self) -> dict[str, Any]:
        """Return the event as clients read it."""
        call = self.call
        return {
            "type": "tool",
            "id": call.id,
            "name": call.name,
            "arguments": dict(call.arguments),
        }


@dataclass(frozen=True, slots=True)
class UsageKnown:
    """What the attempt took."""

    usage: Usage
    cost_micros: int | None

    def as_json(self) -> dict[str, Any]:
        """Return the event as clients read it."""
        return {
            "type": "usage",
            "input_tokens": self.usage.input_tokens,
            "output_tokens": self.usage.output_tokens,
            "estimated": self.usage.estimated,
            "cost_micros": self.cost_micros,
        }


@dataclass(frozen=True)
class Done(Generic[Output]):
    """The whole answer; clients are told its id, its rung and its cost.

    `raw` is a model's text as it came in, names still hidden; it is for the cache alone.
    """

    generation: Generation[Output]
    raw: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the event as clients read it."""
        made = self.generation
        return {
            "type": "done",
            "message_id": str(made.id),
            "engine": made.engine,
            "model": made.model,
            "reason": made.reason,
            "cached": made.cached,
            "cost_micros": made.cost_micros,
        }


@dataclass(frozen=True, slots=True)
class Failed:
    """No rung could answer; `problem` is RFC 9457."""

    problem: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the event as clients read it."""
        return {"type": "error", "problem": self.problem}


StreamEvent = Start | Delta | Reset | ToolAsked | UsageKnown | Done[Output] | Failed


def as_sse(event: StreamEvent[Any]) -> bytes:
    """Return the event as one message of a `text/event-stream`."""
    said = event.as_json()
    return f"event: {said['type']}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n".encode()
