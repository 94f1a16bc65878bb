"""The burn-up of a goal: what there is, what is done, and the path between."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import GoalKind
from selfos.features.progress.burning import Knot, burn_up, due_by, straight
from selfos.features.progress.counts import DIGITS
from selfos.features.progress.schemas import BurnUpPointView, BurnUpView, PathPointView
from selfos.features.progress.wording import burn_up_sentence
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission


async def draw_burn_up(ctx: Context, goal_id: UUID) -> BurnUpView:
    """Return what a goal has come to over time: its value, or its tasks by weight."""
    ctx.require(Permission.PROGRESS_READ)
    goal = json.loads((await planning.get_goal(ctx, goal_id)).body)
    course = json.loads(await planning.show_path(ctx, goal_id))
    today = date.fromisoformat(course["today"])
    if course["values"]:
        target, unit = course["target_value"], course["unit"] or "points"
        points = [
            BurnUpPointView(day=date.fromisoformat(each["day"]), scope=target, done=each["value"])
            for each in course["values"]
        ]
        path = _knots(course, 1.0)
    else:
        points, unit = await _tasks(ctx, goal_id, today)
        target = points[-1].scope if points else None
        path = _path_of_tasks(goal, course, points)
    done = points[-1].done if points else None
    return BurnUpView(
        goal_id=goal_id,
        title=goal["title"],
        unit=unit,
        today=today,
        points=points,
        path=[PathPointView(day=day, value=round(value, DIGITS)) for day, value in path],
        target=target,
        sentence=course["summary"]
        if target is None
        else burn_up_sentence(done or 0.0, target, due_by(path, today), unit),
    )


async def _tasks(ctx: Context, goal_id: UUID, today: date) -> tuple[list[BurnUpPointView], str]:
    """Return what the tasks came to, and what it is counted in: some may weigh more than others."""
    day = await planning.day_of(ctx, None)
    pieces = [
        (day.clock.local_day(each.created_at), each.done_on, each.weight)
        for each in await planning.pieces_of_goal(ctx, goal_id)
    ]
    points = [
        BurnUpPointView(day=on, scope=scope, done=done)
        for on, scope, done in burn_up(pieces, today)
    ]
    return points, "tasks" if all(weight == 1 for _, _, weight in pieces) else "points"


def _knots(course: Mapping[str, Any], times: float) -> list[Knot]:
    return [(date.fromisoformat(each["day"]), each["value"] * times) for each in course["path"]]


def _path_of_tasks(
    goal: Mapping[str, Any], course: Mapping[str, Any], points: Sequence[BurnUpPointView]
) -> list[Knot]:
    """Return the path in tasks: that of its milestones, or an even one to the date it is meant for.

    Milestones lie on a path of shares, and an amount that nothing was measured of on none.
    """
    if not points or points[-1].scope is None:
        return []
    if goal["kind"] == GoalKind.MILESTONES:
        return _knots(course, points[-1].scope)
    last = goal["target_date"]
    return straight(points[0].day, date.fromisoformat(last) if last else None, points[-1].scope)
