"""Requests that succeed, for what goals are measured by."""

from __future__ import annotations

from selfos.kernel.identifiers import new_id
from tests.security.operations import Tree
from tests.security.requests_by_operation import thing
from tests.security.world import Owner


async def create_data_point(owner: Owner) -> list[Tree]:
    path = {"goal_id": await thing(owner, "goals")}
    return [{"path": path, "body": {"id": str(new_id()), "value": 3, "note": owner.mark}}]


async def delete_data_point(owner: Owner) -> list[Tree]:
    (tree,) = await create_data_point(owner)
    goal = tree["path"]["goal_id"]
    point = await owner.make(f"/goals/{goal}/data-points", **tree["body"])
    return [{"path": {"goal_id": goal, "data_point_id": point}}]


async def update_data_point(owner: Owner) -> list[Tree]:
    return [{**tree, "body": {"value": 4}} for tree in await delete_data_point(owner)]


async def running_goal(owner: Owner) -> str:
    """Make a goal that has been on its path for a while."""
    numbers = {"start_value": 0, "target_value": 100}
    dates = {"start_date": "2026-01-01", "target_date": "2200-01-01"}
    return await owner.make("/goals", title=owner.mark, **numbers, **dates)


async def change_path(owner: Owner) -> list[Tree]:
    change = {"kind": "adjust", "target_value": 50, "horizon_days": 3}
    body = {"change": change, "reason": owner.mark}
    return [{"path": {"goal_id": await running_goal(owner)}, "body": body}]


async def review_goal(owner: Owner) -> list[Tree]:
    body = {"outcome": "archive", "reflection": owner.mark}
    return [{"path": {"goal_id": await running_goal(owner)}, "body": body}]
