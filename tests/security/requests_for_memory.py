"""Requests that succeed, for what is remembered of somebody and what they think."""

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


def _opinion(owner: Owner, **more: Any) -> dict[str, Any]:
    made = {"generation_id": str(new_id()), "kind": "pick", "rejected_id": str(new_id())}
    return {**made, "line_id": str(new_id()), "comment": owner.mark, **more}


async def give_feedback(owner: Owner) -> list[Tree]:
    return [{"body": _opinion(owner, id=str(new_id()))}]


async def give_in_bulk(owner: Owner) -> list[Tree]:
    return [{"body": {"items": [_opinion(owner, id=str(new_id()))]}}]


async def list_feedback(owner: Owner) -> list[Tree]:
    opinion = _opinion(owner)
    await owner.make("/feedback", **opinion)
    return [{"query": {"generation_id": [opinion["generation_id"]]}}]


async def on_feedback(owner: Owner) -> list[Tree]:
    return [{"path": {"feedback_id": await owner.make("/feedback", **_opinion(owner))}}]
