"""A session on a habit is its record: check-ins follow what the session comes to, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from selfos.features.focus.models import FocusSession
from selfos.features.focus.service.minutes import in_minutes
from selfos.features.habits import service as habits
from selfos.kernel.context import Context


async def keep_habits(
    ctx: Context, session: FocusSession, *, was: UUID | None, before: Mapping[date, int]
) -> None:
    """Bring the check-ins of a session up to date; before it was on the habit `was`, if any."""
    now: Mapping[date, int] = session.seconds_of_days if session.ended_at is not None else {}
    if was is not None and was != session.habit_id:
        await _keep(ctx, session, was, dict.fromkeys(before, 0))
        before = {}
    if session.habit_id is not None:
        await _keep(ctx, session, session.habit_id, {**dict.fromkeys(before, 0), **now})


async def forget_habits(ctx: Context, session: FocusSession) -> None:
    """Take back the check-ins of a session that goes."""
    if session.habit_id is not None:
        await _keep(ctx, session, session.habit_id, dict.fromkeys(session.seconds_of_days, 0))


async def _keep(
    ctx: Context, session: FocusSession, habit_id: UUID, seconds: Mapping[date, int]
) -> None:
    records = {
        uuid5(session.id, f"{habit_id} {day}"): (day, in_minutes(each))
        for day, each in seconds.items()
    }
    await habits.keep_in_time(ctx, habit_id, records)
