"""Our messages in the vendors' library's words."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic_ai import messages as said

from selfos.features.ai.schemas.generation import Message
from selfos.features.ai.schemas.words import Speaker


def as_vendor_messages(messages: Iterable[Message]) -> list[said.ModelMessage]:
    """Return the conversation as requests and responses in turn."""
    turns: list[said.ModelMessage] = []
    parts: list[said.ModelRequestPart] = []
    for message in messages:
        if message.speaker is Speaker.ASSISTANT:
            if parts:
                turns.append(said.ModelRequest(parts=parts))
                parts = []
            turns.append(_response(message))
        else:
            parts.append(_request_part(message))
    if parts:
        turns.append(said.ModelRequest(parts=parts))
    return turns


def _request_part(message: Message) -> said.ModelRequestPart:
    match message.speaker:
        case Speaker.SYSTEM:
            return said.SystemPromptPart(content=message.text)
        case Speaker.TOOL if message.answers is not None:
            return said.ToolReturnPart(
                tool_name=message.answers.name,
                content=message.text,
                tool_call_id=message.answers.id,
            )
        case _:
            return said.UserPromptPart(content=message.text)


def _response(message: Message) -> said.ModelResponse:
    parts: list[said.ModelResponsePart] = []
    if message.text:
        parts.append(said.TextPart(content=message.text))
    parts += [
        said.ToolCallPart(tool_name=call.name, args=dict(call.arguments), tool_call_id=call.id)
        for call in message.calls
    ]
    return said.ModelResponse(parts=parts)
