"""What the coach knows of a life: numbers that other slices have reckoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from selfos.features.planning.schemas.words import PathState


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSignal:
    """An open task; `moves` counts how often its date went later."""

    id: UUID
    title: str
    overdue_days: int = 0
    moves: int = 0
    age_days: int = 0
    minutes: int | None = None
    steps: int = 0
    priority: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitSignal:
    """A habit; days done and missed are those of the last fourteen, and of the last seven.

    `gap_days` is how long ago it was last done, None for never. A `limit` asks for less.
    """

    id: UUID
    title: str
    limit: bool = False
    age_days: int = 90
    streak: int = 0
    best: int = 0
    unit: str = "days"
    strength: float = 0.5
    done_14: int = 0
    missed_14: int = 0
    missed_7: int = 0
    gap_days: int | None = 0
    due: bool = False
    done_today: bool = False
    unrecorded: date | None = None
    budget: int = 0
    forgiven: int = 0
    target: float = 1.0
    ticked: bool = True
    times: int = 1
    has_quota: bool = True
    has_reminder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSignal:
    """An active goal. `idle_days` is how long ago one of its tasks was done, None for never."""

    id: UUID
    title: str
    state: PathState | None = None
    sentence: str = ""
    open_tasks: int = 1
    done_tasks: int = 0
    fed_by_habit: bool = False
    progress: float = 0.0
    days_left: int | None = None
    idle_days: int | None = 0
    age_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """Something recommended that could come next: of a state, in a sentence, and what begins it.

    `form` is what a form begins with, `time` a better time of a habit. `id` is the area, goal or
    habit that it is for.
    """

    id: UUID
    title: str
    state: str
    sentence: str
    form: Mapping[str, str] | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything at once.

    `soon` are tasks due within the seven days after today; `planned_7` counts them together with
    those of today and the overdue ones.
    """

    today: date
    overdue: tuple[TaskSignal, ...] = ()
    due: tuple[TaskSignal, ...] = ()
    soon: tuple[TaskSignal, ...] = ()
    habits: tuple[HabitSignal, ...] = ()
    goals: tuple[GoalSignal, ...] = ()
    inbox: int = 0
    startable: int = 0
    done_today: int = 0
    done_7: int = 0
    done_before_7: int = 0
    done_28: int = 0
    planned_7: int = 0
    open_tasks: int = 0
    ideas: tuple[Idea, ...] = ()

    @property
    def usual_week(self) -> float:
        """Return how many tasks a usual week of the last four has seen done."""
        return self.done_28 / 4
