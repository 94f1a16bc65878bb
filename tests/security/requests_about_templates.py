"""Requests about templates that succeed, with an id in every slot they have."""

from __future__ import annotations

from typing import Any

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import places, thing
from tests.security.world import Owner


def kept(owner: Owner) -> dict[str, Any]:
    meeting = {"due_day": 0, "due_time": "09:00", "due_zone": "Asia/Tokyo"}
    repeating = {"title": owner.mark, **meeting, "repeat": {"rule": "FREQ=WEEKLY;COUNT=9"}}
    return {"name": owner.mark, "tasks": [repeating, {"title": owner.mark, "ties": [{"line": 0}]}]}


async def create_template(owner: Owner) -> list[Tree]:
    return [{"body": {"id": str(new_id()), **kept(owner)}}]


async def on_template(owner: Owner) -> list[Tree]:
    return [{"path": {"template_id": await owner.make("/templates", **kept(owner))}, "body": {}}]


async def apply_template(owner: Owner) -> list[Tree]:
    (tree,) = await on_template(owner)
    return [{**tree, "body": place} for place in await places(owner)]


async def of_task(owner: Owner) -> list[Tree]:
    path = {"task_id": await thing(owner, "tasks")}
    return [{"path": path, "body": {"id": str(new_id())}}]


async def of_project(owner: Owner) -> list[Tree]:
    project = await thing(owner, "projects")
    await owner.make("/tasks", title=owner.mark, project_id=project)
    return [{"path": {"project_id": project}, "body": {"id": str(new_id())}}]


async def duplicate_task(owner: Owner) -> list[Tree]:
    due = {"kind": "date", "date": "2026-11-20"}
    repeat = {"rule": "FREQ=DAILY", "catch_up": "all"}
    task = await owner.make("/tasks", title=owner.mark, due=due, repeat=repeat)
    first, then = [await owner.make("/tasks", title=owner.mark, parent_id=task) for _ in range(2)]
    await owner.make(f"/tasks/{then}/dependencies", blocker_id=first)
    return [{"path": {"task_id": task}}]
