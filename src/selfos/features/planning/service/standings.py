"""Where many goals stand on their paths at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from selfos.features.planning.models import Goal
from selfos.features.planning.schemas.words import GoalStatus, PathState
from selfos.features.planning.service.courses import courses_of
from selfos.features.planning.service.paths import tell
from selfos.kernel.context import Context


async def states_of_goals(ctx: Context) -> dict[UUID, PathState]:
    """Return the state of each active goal that has a path: the same one that the goal shows."""
    goals = (await ctx.session.scalars(select(Goal).where(Goal.status == GoalStatus.ACTIVE))).all()
    states = {course.goal.id: tell(course)["state"] for course in await courses_of(ctx, goals)}
    return {goal_id: state for goal_id, state in states.items() if state is not None}
