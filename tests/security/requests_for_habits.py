"""Requests that succeed, for habits, their records and their pauses."""

from __future__ import annotations

from typing import Any

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder, thing
from tests.security.world import Owner


async def _places(owner: Owner) -> dict[str, str]:
    return {"area_id": await thing(owner, "areas"), "goal_id": await thing(owner, "goals")}


async def list_habits(owner: Owner) -> list[Tree]:
    asked = {"q": "streak:>=0 sort:-strength, assignee:a* is:due", "whose": "all"}
    return [{"query": {**await _places(owner), "whose": "all"}}, {"query": asked}]


async def create_habit(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "title": owner.mark, **await _places(owner)}}]


async def update_habit(owner: Owner) -> list[Tree]:
    return [{"path": {"habit_id": await thing(owner, "habits")}, "body": await _places(owner)}]


def adding(**body: Any) -> Builder:
    """A request that adds something with an id of its own to a habit."""

    async def build(owner: Owner) -> list[Tree]:
        path = {"habit_id": await thing(owner, "habits")}
        return [{"path": path, "body": {"id": str(new_id()), **body}}]

    return build


def on_check_in(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        habit = await thing(owner, "habits")
        check_in = await owner.make(f"/habits/{habit}/check-ins", note=owner.mark)
        path = {"habit_id": habit, "check_in_id": check_in}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


async def pause_everything(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), "last_day": "2200-01-01", "reason": owner.mark}}]


def on_pause(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        habit = await thing(owner, "habits")
        pause = await owner.make(f"/habits/{habit}/pauses", reason=owner.mark)
        return [{"path": {"pause_id": pause}, **({"body": body} if body else {})}]

    return build
