"""When habits remind, and whether one still asks for anything today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import select

from selfos.features.habits.models import Habit
from selfos.features.habits.schemas.words import Window
from selfos.features.habits.service.days import habits_on
from selfos.features.identity.service import UserTime
from selfos.kernel.context import Context, system_session
from selfos.kernel.core import Kernel

# When a part of the day begins.
BEGINS = {
    Window.MORNING: time(9),
    Window.MIDDAY: time(12),
    Window.AFTERNOON: time(14),
    Window.EVENING: time(19),
    Window.NIGHT: time(22),
}


@dataclass(frozen=True, slots=True)
class HabitTimes:
    """A habit's own wall times, or the beginning of its window if it has none."""

    habit_id: UUID
    user_id: UUID
    times: tuple[time, ...]
    of_window: bool


async def habit_times(
    ctx: Context, workspace_id: UUID, habit_ids: Collection[UUID] | None = None
) -> list[HabitTimes]:
    """Return when the habits of a workspace remind, all or these; those put away do not."""
    query = select(Habit).where(Habit.workspace_id == workspace_id)
    query = query.where(Habit.deleted_at.is_(None), Habit.archived_at.is_(None))
    if habit_ids is not None:
        query = query.where(Habit.id.in_(habit_ids))
    return [_times(habit) for habit in await ctx.session.scalars(query)]


async def titles_asking(
    ctx: Context, habit_ids: Collection[UUID], *, clock: UserTime
) -> dict[UUID, str]:
    """Return the titles of those of my habits that still ask for something today."""
    _, habits = await habits_on(ctx, None, clock=clock)
    return {
        each.id: each.shown["title"]
        for each in habits
        if each.id in habit_ids and each.reckoning.due
    }


async def workspaces_of_habits(kernel: Kernel) -> list[UUID]:
    """Return in which workspaces there are habits that may remind."""
    async with system_session(kernel) as session:
        return list(await session.scalars(select(Habit.workspace_id).distinct()))


def _times(habit: Habit) -> HabitTimes:
    own = tuple(time.fromisoformat(text) for text in habit.reminder_times)
    begins = BEGINS.get(habit.window)
    times = own or ((begins,) if begins else ())
    return HabitTimes(habit.id, habit.user_id, times, of_window=not own)
