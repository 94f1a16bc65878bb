"""Requests that succeed, for what is remembered of somebody and what is not to be said."""

from __future__ import annotations

from typing import Any

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder
from tests.security.world import Owner


def on_fact(**body: Any) -> Builder:
    """A request about one fact of one's own."""

    async def build(owner: Owner) -> list[Tree]:
        fact = await owner.make("/memory/facts", text=f"{owner.mark} {new_id()}")
        return [{"path": {"fact_id": fact}, **({"body": body} if body else {})}]

    return build


async def remember(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "text": f"{owner.mark} {new_id()}"}}]


async def list_facts(owner: Owner) -> list[Tree]:
    await owner.make("/memory/facts", text=f"{owner.mark} {new_id()}")
    return [{"query": {"standing": "all"}}, {"query": {"source_id": str(new_id())}}]


async def listed_word(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "text": f"{owner.mark} {new_id()}"}}]


async def on_listed_word(owner: Owner) -> list[Tree]:
    word = await owner.make("/moderation/words", text=f"{owner.mark} {new_id()}")
    return [{"path": {"word_id": word}}]
