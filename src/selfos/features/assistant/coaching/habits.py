"""States of habits, each with the help that fits."""

from __future__ import annotations

from collections.abc import Iterator

from selfos.features.assistant.coaching.findings import Finding
from selfos.features.assistant.coaching.signals import HabitSignal, Life
from selfos.features.assistant.schemas.words import Help

# A streak is told of on these days and on no others.
MARKS = {
    "days": (7, 30, 100, 200, 365, 500, 730, 1_000),
    "weeks": (4, 12, 26, 52, 104),
    "months": (3, 6, 12, 24),
    "times": (10, 50, 100),
}
FIRST_DAYS = 7
WORTH_KEEPING = 3
LONG_GONE_DAYS = 21
ENOUGH_ASKED = 4
OFTEN_MISSED = 0.6
COMEBACK_DAYS = 4
MANY_HABITS = 8
STRONG = 0.8
WEAK = 0.4


def habit_states(habit: HabitSignal) -> Iterator[Finding]:
    """Yield the one thing that matters most about a habit today, if anything does."""
    found = _limit(habit) if habit.limit else _doing(habit)
    if found is not None:
        yield found


def crowd(life: Life) -> Iterator[Finding]:
    """Yield that there are more habits than somebody keeps up."""
    wanted = [habit for habit in life.habits if not habit.limit]
    if len(wanted) < MANY_HABITS:
        return
    mean = sum(habit.strength for habit in wanted) / len(wanted)
    if mean < WEAK:
        weakest = min(wanted, key=lambda habit: habit.strength)
        numbers = {"habits": len(wanted), "percent": round(mean * 100)}
        yield Finding("too_many_habits", Help.DROP, 62, numbers, weakest)


def _doing(habit: HabitSignal) -> Finding | None:
    numbers: dict[str, int | float | str] = {
        "streak": habit.streak,
        "best": habit.best,
        "unit": habit.unit,
        "done": habit.done_14,
        "missed": habit.missed_14,
        "percent": round(habit.strength * 100),
    }
    if habit.unrecorded is not None:
        numbers["day"] = habit.unrecorded.isoformat()
        return Finding("yesterday_unrecorded", Help.RECORD, 88, numbers, habit)
    return _won(habit, numbers) or _lost(habit, numbers)


def _won(habit: HabitSignal, numbers: dict[str, int | float | str]) -> Finding | None:
    if habit.done_today and habit.streak in MARKS.get(habit.unit, ()):
        return Finding("streak_mark", Help.CELEBRATE, 80, numbers, habit)
    if habit.done_today and habit.gap_days == 0 and habit.missed_7 >= COMEBACK_DAYS:
        return Finding("habit_comeback", Help.CELEBRATE, 58, numbers, habit)
    if habit.due and not habit.done_today and habit.streak >= FIRST_DAYS:
        return Finding("streak_at_stake", Help.IF_THEN, 70, numbers, habit)
    if habit.done_today and habit.streak == habit.best > WORTH_KEEPING:
        return Finding("best_streak", Help.CELEBRATE, 40, numbers, habit)
    if habit.age_days < FIRST_DAYS and habit.done_14 >= WORTH_KEEPING:
        return Finding("good_start", Help.CELEBRATE, 42, numbers, habit)
    return None


def _lost(habit: HabitSignal, numbers: dict[str, int | float | str]) -> Finding | None:
    asked = habit.done_14 + habit.missed_14
    gone = habit.age_days if habit.gap_days is None else habit.gap_days
    if habit.age_days >= LONG_GONE_DAYS and gone >= LONG_GONE_DAYS and habit.missed_14:
        return Finding("habit_asleep", Help.DROP, 60, numbers | {"days": gone}, habit)
    if asked >= ENOUGH_ASKED and habit.missed_14 / asked >= OFTEN_MISSED:
        return Finding("mostly_missed", Help.SHRINK, 66, numbers | {"asked": asked}, habit)
    if habit.budget and habit.forgiven >= habit.budget:
        used = numbers | {"forgiven": habit.forgiven, "budget": habit.budget}
        return Finding("budget_spent", Help.REANCHOR, 50, used, habit)
    if habit.missed_7 >= 2 and habit.done_14:  # noqa: PLR2004 - once is chance, twice begins a habit
        seven = numbers | {"missed": habit.missed_7}
        return Finding("slipping", Help.REANCHOR, 56, seven, habit)
    if habit.age_days <= 1 and not habit.has_reminder and not habit.done_today and habit.due:
        return Finding("no_anchor_yet", Help.IF_THEN, 30, numbers, habit)
    return None


def _limit(habit: HabitSignal) -> Finding | None:
    numbers = {"missed": habit.missed_14, "streak": habit.streak, "unit": habit.unit}
    if habit.streak in MARKS.get(habit.unit, ()) and not habit.missed_7:
        return Finding("clean_mark", Help.CELEBRATE, 78, numbers, habit)
    if habit.missed_14 >= WORTH_KEEPING:
        return Finding("over_the_limit", Help.IF_THEN, 64, numbers, habit)
    if habit.missed_7 == 1 and habit.best > FIRST_DAYS:
        return Finding("one_slip", Help.IF_THEN, 48, numbers | {"best": habit.best}, habit)
    return None
