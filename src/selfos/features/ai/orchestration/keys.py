"""When two requests are the same: the key of the exact cache, and one call for all who ask it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

from selfos.features.ai.orchestration.chains import Rung
from selfos.features.ai.orchestration.likeness import around
from selfos.features.ai.orchestration.structured import schema_of
from selfos.features.ai.schemas.generation import GenerationRequest, Output
from selfos.features.ai.schemas.words import AiTask

# A conversation is never answered from a cache, so it stands in neither table.
LIFETIMES: dict[AiTask, timedelta] = {
    AiTask.DECOMPOSE: timedelta(hours=12),
    AiTask.SUMMARISE: timedelta(days=7),
    AiTask.CLASSIFY: timedelta(days=7),
    AiTask.EMBED: timedelta(days=30),
}


def cache_key(
    request: GenerationRequest[Output], user_id: UUID, workspace_id: UUID, rungs: Sequence[Rung]
) -> bytes | None:
    """Return the key of a request, or None where an answer must not be used twice.

    One person's, in one workspace: nobody is ever shown what a model told somebody else.
    """
    if not request.cacheable or request.task not in LIFETIMES:
        return None
    return _digest(request, user_id, workspace_id, rungs, str)


def near_key(
    request: GenerationRequest[Output],
    words: str,
    user_id: UUID,
    workspace_id: UUID,
    rungs: Sequence[Rung],
) -> bytes:
    """Return what has to be equal in a cacheable request whose `words` could be others."""
    return _digest(request, user_id, workspace_id, rungs, partial(around, words=words))


def _digest(
    request: GenerationRequest[Output],
    user_id: UUID,
    workspace_id: UUID,
    rungs: Sequence[Rung],
    said: Callable[[str], object],
) -> bytes:
    """Return a hash of all that makes up a request; `said` is what of a message's text counts."""
    last = len(request.messages) - 1
    parts = {
        "user": str(user_id),
        "workspace": str(workspace_id),
        "task": request.task,
        "prompt_version": request.prompt_version,
        "models": [rung.name for rung in rungs],
        "settings": [request.max_output_tokens, request.temperature],
        "messages": [
            [
                message.speaker,
                said(message.text) if at == last else message.text,
                [[call.id, call.name, dict(call.arguments)] for call in message.calls],
                message.answers.id if message.answers else None,
            ]
            for at, message in enumerate(request.messages)
        ],
        "tools": [[tool.name, tool.description, dict(tool.parameters)] for tool in request.tools],
        "output": schema_of(request.output) if request.output else None,
    }
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


class OneAtATime:
    """Lets the first of several equal requests ask, while the others wait for its answer."""

    def __init__(self) -> None:
        """Nobody is asking."""
        self._locks: dict[bytes, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, key: bytes) -> AsyncGenerator[None]:
        """Hold this key for the block."""
        lock, users = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[key]
            if users == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, users - 1)
