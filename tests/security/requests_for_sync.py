"""Requests that succeed, for devices that sync and for the journal of their conflicts."""

from __future__ import annotations

from uuid import uuid4

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder, thing
from tests.security.world import Owner


async def conflict(owner: Owner) -> str:
    """Let two devices write the same title, and return the entry of the loser."""
    task, lost = await thing(owner, "tasks"), ""
    for second in (2, 1):
        device = str(uuid4())
        op = {
            "id": str(new_id()),
            "entity": "task",
            "entity_id": task,
            "verb": "update",
            "fields": {"title": f"{owner.mark} {second}"},
            "base": 0,
            "hlc": f"2099-01-01T00:00:00.00{second}Z-0000-{device}",
        }
        answer = (await owner.call("POST", "/sync", device=device, ops=[op])).json()
        lost = answer["acks"][0]["conflicts"][-1]["id"]
    return lost


def on_conflict() -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        return [{"path": {"conflict_id": await conflict(owner)}}]

    return build


async def list_conflicts(owner: Owner) -> list[Tree]:
    found = (await owner.call("GET", "/sync/conflicts")).json()["items"]
    entity = found[0]["entity_id"] if found else await thing(owner, "tasks")
    return [{"query": {"entity_id": entity}}]
