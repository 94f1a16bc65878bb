"""What tasks take against what they were meant to take, by the timers of their person."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from selfos.features.focus import service as focus
from selfos.features.identity import service as identity
from selfos.features.insights import behaviour, wording
from selfos.features.insights.schemas import TaskLengthView
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing

TIMED_DAYS = 180


async def lengths(ctx: Context) -> list[tuple[float, float]]:
    """Return for each task lately done that was sized and timed: minutes meant, minutes taken."""
    today = (await identity.user_time(ctx)).today(ctx.now)
    taken = await focus.taken(ctx, today - timedelta(days=TIMED_DAYS), today)
    return [(each.minutes, focus.in_minutes(each.seconds)) for each in taken]


async def time_task(ctx: Context, task_id: UUID) -> TaskLengthView:
    """Return what the acting person gave to a task, and what such estimates come to."""
    ctx.require(Permission.TASK_READ)
    task = (await planning.tasks_filed(ctx, [task_id])).get(task_id)
    if task is None:
        raise missing("task")
    took = await focus.seconds_by_task(ctx, [task_id])
    return TaskLengthView(
        task_id=task_id,
        estimated_minutes=task.minutes,
        recorded_minutes=focus.in_minutes(took.get(task_id, 0)),
        hint=await _hint(ctx, task.minutes) if task.minutes else None,
    )


async def _hint(ctx: Context, minutes: int) -> str | None:
    found = behaviour.estimates(await lengths(ctx))
    # Where the middle may as well be one, the estimate is as good as any.
    if found is None or found.low <= 1 <= found.high:
        return None
    return wording.hint_sentence(found, minutes)
