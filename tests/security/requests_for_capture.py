"""Requests that succeed, for lines that are typed."""

from __future__ import annotations

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import places, thing
from tests.security.world import Owner


async def parse_quick_text(owner: Owner) -> list[Tree]:
    goal = await thing(owner, "goals")
    return [{"body": {"text": "Call Mum tomorrow", "picks": [goal]}}]


async def quick_add(owner: Owner) -> list[Tree]:
    wide, under = await places(owner)
    goal = await thing(owner, "goals")
    body = {"id": str(new_id()), "text": "Call Mum tomorrow", "picks": [goal], "defaults": wide}
    return [{"body": body}, {"body": {"text": "Call Mum tomorrow", "defaults": under}}]
