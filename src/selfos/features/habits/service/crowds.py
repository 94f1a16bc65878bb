"""Days on which habits were done, of everybody in a workspace; for sums of many people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select

from selfos.features.habits.models import CheckIn, Habit
from selfos.features.habits.schemas.words import CheckInKind, HabitType
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

LIMITS = tuple(each for each in HabitType if each.is_limit)


async def days_done(ctx: Context, first: date, last: date) -> Sequence[tuple[UUID, date, int]]:
    """Return who did how many habits on each day, each habit once; limits are not deeds."""
    ctx.require(Permission.HABIT_READ)
    found = await ctx.session.execute(
        select(Habit.user_id, CheckIn.day, func.count(CheckIn.habit_id.distinct()))
        .join(
            Habit,
            (Habit.workspace_id == CheckIn.workspace_id) & (Habit.id == CheckIn.habit_id),
        )
        .where(
            Habit.deleted_at.is_(None),
            Habit.type.not_in(LIMITS),
            CheckIn.kind == CheckInKind.LOG,
            CheckIn.amount > 0,
            CheckIn.day.between(first, last),
        )
        .group_by(Habit.user_id, CheckIn.day)
    )
    return [(user_id, day, days) for user_id, day, days in found]


def people_with_records(first: date, last: date) -> Select[UUID, UUID]:
    """Select workspace and user of whoever wrote down anything of a habit for these days."""
    wrote = (
        select(CheckIn.id)
        .where(
            CheckIn.workspace_id == Habit.workspace_id,
            CheckIn.habit_id == Habit.id,
            CheckIn.kind == CheckInKind.LOG,
            CheckIn.day.between(first, last),
        )
        .exists()
    )
    return select(Habit.workspace_id, Habit.user_id).where(Habit.deleted_at.is_(None), wrote)
