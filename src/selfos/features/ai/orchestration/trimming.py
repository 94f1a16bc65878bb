"""How long a prompt is, roughly, and how to make it shorter without losing its point."""

from __future__ import annotations

from collections.abc import Sequence

from selfos.features.ai.schemas.generation import Message
from selfos.features.ai.schemas.words import Speaker

# English has about four letters to a token, other languages and JSON fewer; better too many.
LETTERS_PER_TOKEN = 3.5
TOKENS_PER_MESSAGE = 4
# What is left out is said, so that the model does not take the rest for the whole.
LEFT_OUT = "[Earlier messages were left out for length.]"


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    return round(len(text) / LETTERS_PER_TOKEN)


def estimate_prompt(messages: Sequence[Message]) -> int:
    """Return about how many tokens a prompt has."""
    return sum(estimate_tokens(message.text) + TOKENS_PER_MESSAGE for message in messages)


def trim(messages: Sequence[Message], tokens: int) -> tuple[Message, ...]:
    """Leave out the oldest turns until the prompt fits; instructions and the last turn stay.

    A last turn that is too long by itself loses its middle.
    """
    kept = [message for message in messages if message.speaker is Speaker.SYSTEM]
    turns = [message for message in messages if message.speaker is not Speaker.SYSTEM]
    room = tokens - estimate_prompt(kept) - estimate_tokens(LEFT_OUT) - TOKENS_PER_MESSAGE
    recent: list[Message] = []
    for message in reversed(turns):
        cost = estimate_prompt([message])
        if recent and (cost > room or message.speaker is Speaker.TOOL):
            break
        recent.append(message if cost <= room else _shortened(message, room))
        room -= cost
    recent.reverse()
    while recent and recent[0].speaker is not Speaker.USER and len(recent) > 1:
        recent.pop(0)
    note = (Message(Speaker.SYSTEM, LEFT_OUT),) if len(recent) < len(turns) else ()
    return (*kept, *note, *recent)


def _shortened(message: Message, tokens: int) -> Message:
    letters = max(round((tokens - TOKENS_PER_MESSAGE) * LETTERS_PER_TOKEN), 200)
    half = letters // 2
    text = f"{message.text[:half]}\n{LEFT_OUT}\n{message.text[-half:]}"
    return Message(message.speaker, text, message.calls, message.answers)
