"""How long habits take: the minutes of an ordinary week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from selfos.features.habits.models import Habit
from selfos.features.habits.schemas.words import HabitType, Period
from selfos.features.habits.service.rules import due_days
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

# A rule is counted over so many weeks, so that what comes every other week counts half.
COUNTED_WEEKS = 8
DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Length:
    """A habit's minutes in an ordinary week, from its first day on; None where nobody can tell."""

    habit_id: UUID
    goal_id: UUID | None
    since: date
    minutes: float | None


async def lengths_of_habits(ctx: Context, today: date) -> list[Length]:
    """Return how long each of my habits takes."""
    ctx.require(Permission.HABIT_READ)
    mine = select(Habit).where(
        Habit.user_id == ctx.user_id, Habit.deleted_at.is_(None), Habit.archived_at.is_(None)
    )
    return [
        Length(habit.id, habit.goal_id, habit.start_day, _minutes(habit, today))
        for habit in await ctx.session.scalars(mine.order_by(Habit.id))
        if not HabitType(habit.type).is_limit
    ]


def _minutes(habit: Habit, today: date) -> float | None:
    match habit.type:
        case HabitType.DURATION:
            minutes = habit.target
        case HabitType.AT_LEAST if habit.unit.lower() in planning.MINUTES_OF:
            minutes = habit.target * planning.MINUTES_OF[habit.unit.lower()]
        case _:
            return None
    return minutes * (_per_week(habit) if habit.rule is None else _by_rule(habit, today))


def _per_week(habit: Habit) -> float:
    days: Mapping[Period, float] = {
        Period.DAY: 1,
        Period.WEEK: 7,
        Period.MONTH: DAYS_PER_MONTH,
        Period.ROLLING: habit.rolling_days or 7,
    }
    return 7 / days[habit.period]


def _by_rule(habit: Habit, today: date) -> float:
    first = max(today, habit.start_day)
    days = due_days(habit.rule or "", habit.start_day, today)
    end = first + timedelta(weeks=COUNTED_WEEKS)
    return sum(first <= day < end for day in days) / COUNTED_WEEKS
