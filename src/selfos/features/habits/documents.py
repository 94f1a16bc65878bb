"""How the rows of habits are shown."""

from __future__ import annotations

from sqlalchemy import case, func

from selfos.features.habits.models import CheckIn, Habit, HabitPause
from selfos.kernel.documents import Documents

STAMPS = ("created_at", "updated_at", "version")
KEPT = ("archived_at", "deleted_at")

HABITS = Documents(
    Habit,
    {
        "id": Habit.id,
        "user_id": Habit.user_id,
        "area_id": Habit.area_id,
        "goal_id": Habit.goal_id,
        "title": Habit.title,
        "description": Habit.description,
        "icon": Habit.icon,
        "type": Habit.type,
        "target": Habit.target,
        "unit": Habit.unit,
        "period": Habit.period,
        "rolling_days": Habit.rolling_days,
        "schedule": case(
            (Habit.rule.is_(None), func.json_build_object("kind", "quota", "times", Habit.times)),
            else_=func.json_build_object("kind", "rule", "rule", Habit.rule),
        ),
        "window": Habit.window,
        "reminder_times": Habit.reminder_times,
        "goal_amount": Habit.goal_amount,
        "skip_budget": Habit.skip_budget,
        "auto_skip": Habit.auto_skip,
        "grace_hours": Habit.grace_hours,
        "start_day": Habit.start_day,
        **{name: getattr(Habit, name) for name in (*KEPT, *STAMPS)},
    },
)
CHECK_INS = Documents(
    CheckIn,
    {
        "id": CheckIn.id,
        "habit_id": CheckIn.habit_id,
        "day": CheckIn.day,
        "kind": CheckIn.kind,
        "amount": CheckIn.amount,
        "note": CheckIn.note,
        "late": CheckIn.late,
        **{name: getattr(CheckIn, name) for name in STAMPS},
    },
)
PAUSES = Documents(
    HabitPause,
    {
        "id": HabitPause.id,
        "user_id": HabitPause.user_id,
        "habit_id": HabitPause.habit_id,
        "first_day": HabitPause.first_day,
        "last_day": HabitPause.last_day,
        "reason": HabitPause.reason,
        **{name: getattr(HabitPause, name) for name in STAMPS},
    },
)
