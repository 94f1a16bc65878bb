"""What goes into the planner and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

Area = Literal["health", "career", "mind", "money", "people", "home", "play", "growth"]
StepKind = Literal["task", "milestone"]
QuestionKind = Literal["text", "number", "date", "choice"]

_NO_HOURS: Mapping[date, float] = MappingProxyType({})
_NO_ANSWERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """A goal in the user's words; `busy_hours` are hours already promised, by week start.

    `week_start` is a weekday as Python counts them (Monday is 0).
    """

    title: str
    today: date
    description: str = ""
    target_date: date | None = None
    hours_per_week: float | None = None
    answers: Mapping[str, str] = field(default_factory=lambda: _NO_ANSWERS)
    busy_hours: Mapping[date, float] = field(default_factory=lambda: _NO_HOURS)
    week_start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the planner had to assume, and why the answer would sharpen the plan."""

    key: str
    question: str
    why: str
    kind: QuestionKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One dated step. `whole` marks a step that cannot be cut (a long run, a move).

    `event` marks the day itself (race, exam, wedding): it stands on the target date and is not
    counted against the weekly hours. `habit` is a rhythm that starts with this step and costs
    `habit_minutes` in each week after it. A milestone takes no minutes.
    """

    key: str
    phase: str
    title: str
    minutes: int
    due: date
    start: date | None
    reason: str
    depends_on: tuple[str, ...]
    kind: StepKind
    habit: str | None = None
    habit_minutes: int = 0
    whole: bool = False
    event: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLoad:
    """Planned hours against the hours there are, for the week that begins on `week_start`.

    `rhythm_hours` are those of `hours` that habits take.
    """

    week_start: date
    hours: float
    capacity_hours: float
    rhythm_hours: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Infeasible:
    """The plan does not fit, said plainly, with a later date, more hours and a smaller scope."""

    message: str
    ways_out: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan to show, edit and apply; nothing in it has happened yet."""

    playbook: str
    playbook_title: str
    area: Area
    title: str
    engine_note: str
    confidence: float
    assumptions: tuple[str, ...]
    questions: tuple[Question, ...]
    steps: tuple[PlanStep, ...]
    load: tuple[WeekLoad, ...]
    infeasible: Infeasible | None
    target_date: date
    target_value: float | None
    target_unit: str | None
    hours_per_week: float
    risks: tuple[str, ...]
    evidence: str | None


def week_of(day: date, week_start: int) -> date:
    """Give the first day of the week that holds `day`."""
    return day - timedelta(days=(day.weekday() - week_start) % 7)
