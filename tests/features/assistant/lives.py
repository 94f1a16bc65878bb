"""Lives for the coach: a thing in a state, without the rest of the world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from selfos.features.assistant.coaching.signals import GoalSignal, HabitSignal, Life, TaskSignal

TODAY = date(2027, 3, 10)
QUIET = Life(today=TODAY, open_tasks=1, goals=())


def number(place: int) -> UUID:
    """Return an id that is easy to tell from others."""
    return UUID(int=place)


def task(place: int = 1, **state: Any) -> TaskSignal:
    return TaskSignal(id=number(place), title=f"Task {place}", **state)


def habit(place: int = 50, **state: Any) -> HabitSignal:
    return HabitSignal(id=number(place), title=f"Habit {place}", **state)


def goal(place: int = 90, **state: Any) -> GoalSignal:
    return GoalSignal(id=number(place), title=f"Goal {place}", **state)


def life(**state: Any) -> Life:
    """A quiet life, apart from this."""
    calm: dict[str, Any] = {"goals": (goal(99, progress=0.5),)}
    return replace(QUIET, **{**calm, **state})
