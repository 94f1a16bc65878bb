"""Requests that succeed, for a timer and its sessions, with an id in every slot they have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder, thing
from tests.security.world import Owner


def _times() -> dict[str, Any]:
    ended = datetime.now(UTC) - timedelta(hours=1)
    return {
        "started_at": (ended - timedelta(minutes=20)).isoformat(),
        "ended_at": ended.isoformat(),
    }


async def _habit(owner: Owner) -> str:
    # Of a minute a week, so that it fills no week that a plan looks at.
    habit = {"title": owner.mark, "type": "duration", "target": 1, "period": "week"}
    return await owner.make("/habits", **habit)


async def _on_each(owner: Owner) -> list[dict[str, Any]]:
    return [{"task_id": await thing(owner, "tasks")}, {"habit_id": await _habit(owner)}]


async def session(owner: Owner) -> str:
    return await owner.make("/focus", note=owner.mark, **_times())


async def list_focus(owner: Owner) -> list[Tree]:
    return [{"query": each} for each in await _on_each(owner)]


async def record_focus(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), **_times(), **each}} for each in await _on_each(owner)]


async def start_focus(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), **each}} for each in await _on_each(owner)]


def on_timer(*before: str) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        await owner.call("POST", "/focus/start", note=owner.mark)
        for verb in before:
            await owner.call("POST", f"/focus/{verb}")
        return [{}]

    return build


async def on_session(owner: Owner) -> list[Tree]:
    return [{"path": {"session_id": await session(owner)}}]


async def update_focus(owner: Owner) -> list[Tree]:
    return [
        {"path": {"session_id": await session(owner)}, "body": each}
        for each in await _on_each(owner)
    ]
