"""Speaking with the assistant over HTTP."""

from __future__ import annotations

import json
from typing import Any

from tests.factories import Person


async def begin(person: Person, **given: Any) -> str:
    """Begin a conversation and return its id."""
    return (await person.post("/conversations", 201, **given))["id"]


async def say(person: Person, text: str, conversation: str | None = None, **more: Any) -> Any:
    """Say something and return the exchange."""
    conversation = conversation or await begin(person)
    path = f"/conversations/{conversation}/messages"
    return await person.post(path, 201, text=text, **more)


def part(exchange: Any, kind: str) -> Any:
    """Return the part of this kind of the answer."""
    found = [each for each in exchange["answer"]["parts"] if each["type"] == kind]
    assert found, exchange["answer"]["parts"]
    return found[0]


def words(exchange: Any) -> str:
    """Return the words of the answer."""
    return part(exchange, "text")["text"]


async def stream(person: Person, path: str, **body: Any) -> list[dict[str, Any]]:
    """Send a request that is answered as events and return them."""
    headers = {"Accept": "text/event-stream"}
    async with person.client.stream("POST", path, json=body, headers=headers) as response:
        assert response.status_code == 201, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line async for line in response.aiter_lines()]
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
