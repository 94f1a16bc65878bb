"""Requests that succeed, about tasks that repeat."""

from __future__ import annotations

from typing import Any

from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder
from tests.security.world import Owner

DUE = {"kind": "date", "date": "2027-03-01"}


async def repeating(owner: Owner) -> dict[str, Any]:
    """Make a task that repeats every week."""
    made = await owner.call(
        "POST", "/tasks", title=owner.mark, due=DUE, repeat={"rule": "FREQ=WEEKLY"}
    )
    return made.json()


async def skip_task(owner: Owner) -> list[Tree]:
    return [{"path": {"task_id": (await repeating(owner))["id"]}}]


def on_series(**body: Any) -> Builder:
    async def build(owner: Owner) -> list[Tree]:
        path = {"series_id": (await repeating(owner))["series_id"]}
        return [{"path": path, **({"body": body} if body else {})}]

    return build
