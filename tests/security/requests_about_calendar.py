"""Requests about appointments that succeed, with an id in every slot they have."""

from __future__ import annotations

from typing import Any

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder
from tests.security.world import Owner

# So far ahead that they fill no week that a plan looks at.
AT_NINE = {"kind": "floating", "date": "2041-12-03", "time": "09:00"}
AT_TEN = {"kind": "floating", "date": "2041-12-05", "time": "10:00"}
WEEKLY = {"rule": "FREQ=WEEKLY"}
SECOND, THIRD = "2041-12-10T09:00", "2041-12-17T09:00"


async def event(owner: Owner, *before: str, **more: Any) -> str:
    event_id = await owner.make("/calendar-events", title=owner.mark, start=AT_NINE, **more)
    if "delete" in before:
        await owner.call("DELETE", f"/calendar-events/{event_id}")
    return event_id


def on_event(*before: str) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        return [{"path": {"event_id": await event(owner, *before)}}]

    return build


async def list_events(owner: Owner) -> list[Tree]:
    return [{"query": {"series_id": await event(owner, repeat=WEEKLY)}}]


async def create_event(owner: Owner) -> list[Tree]:
    common = {"title": owner.mark, "start": AT_NINE, "duration_minutes": 30}
    return [{"body": {**common, "id": str(new_id()), "repeat": WEEKLY}}]


async def list_occurrences(owner: Owner) -> list[Tree]:
    await event(owner, repeat=WEEKLY)
    return [{"query": {"from": "2041-12-03", "to": "2041-12-31"}}]


async def update_event(owner: Owner) -> list[Tree]:
    bodies: list[dict[str, Any]] = [
        {"slot": THIRD, "scope": "following", "title": "Later", "rest_id": str(new_id())},
        {"title": "All", "start": AT_TEN},
        {"slot": SECOND, "start": AT_TEN},
    ]
    made = [await event(owner, repeat=WEEKLY) for _ in bodies]
    return [
        {"path": {"event_id": event_id}, "body": body}
        for event_id, body in zip(made, bodies, strict=True)
    ]


async def delete_event(owner: Owner) -> list[Tree]:
    whole: Tree = {"path": {"event_id": await event(owner)}}
    once: Tree = {"path": {"event_id": await event(owner, repeat=WEEKLY)}}
    return [whole, {**once, "query": {"slot": SECOND}}]
