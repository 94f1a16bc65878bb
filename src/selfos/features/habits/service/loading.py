"""Finding habits, and the days and places their rows may name."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import UUID

from selfos.features.habits.models import Habit
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import NotFound, invalid

# Where the day begins first, it is fourteen hours ahead of UTC.
EARLIEST_ZONE = timedelta(hours=14)
# All days of a habit are reckoned whenever it is shown, so they do not reach back without end.
LONGEST_PAST = timedelta(days=3_653)


async def changeable(ctx: Context, habit_id: UUID) -> Habit:
    """Return a habit that is not in the trash, in the version the caller expects."""
    habit = await rows.get(ctx, Habit, habit_id)
    ctx.expect(habit)
    habit.refuse_deleted()
    return habit


async def checkable(ctx: Context, habit_id: UUID) -> Habit:
    """Return a habit that records may be added to: neither archived nor in the trash."""
    habit = await rows.get(ctx, Habit, habit_id)
    habit.refuse_put_away()
    return habit


async def today_of(ctx: Context, user_id: UUID | None = None) -> date:
    """Return the day it is for a person, by default the acting one."""
    return (await identity.user_time(ctx, user_id)).today(ctx.now)


async def recorded_day(ctx: Context, habit: Habit, given: date | None) -> date:
    """Return the local day a record counts for; refuse one that has begun nowhere on earth."""
    if given is None:
        return await today_of(ctx, habit.user_id)
    if given > (ctx.now + EARLIEST_ZONE).date():
        raise invalid("/day", "This day is still to come.")
    refuse_ancient(ctx, given, "/day")
    return given


def refuse_ancient(ctx: Context, day: date, pointer: str) -> None:
    """Raise Invalid for a day that lies more than ten years back."""
    if day < ctx.now.date() - LONGEST_PAST:
        raise invalid(pointer, "A habit reaches back at most ten years.")


async def refuse_bad_place(
    ctx: Context, *, area_id: UUID | None = None, goal_id: UUID | None = None
) -> None:
    """Raise Invalid unless these exist here and are not put away."""
    for noun, row_id, get in (
        ("area", area_id, planning.get_area),
        ("goal", goal_id, planning.get_goal),
    ):
        if row_id is None:
            continue
        pointer = f"/{noun}_id"
        try:
            shown = json.loads((await get(ctx, row_id)).body)
        except NotFound:
            raise invalid(pointer, f"There is no such {noun}.") from None
        if shown["deleted_at"] or shown["archived_at"]:
            raise invalid(pointer, f"This {noun} is put away; bring it back first.")
