"""What crosses the doors of insights."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.insights.association import DayFactor, DayOutcome
from selfos.kernel.schema import View


class InsightView(View):
    """An association that stood, with its evidence."""

    id: UUID
    sentence: str
    outcome: DayOutcome
    kind: DayFactor
    habit_id: UUID | None
    name: str
    with_days: int
    without_days: int
    with_mean: float
    without_mean: float
    effect: Annotated[float, Field(description="In the outcome's unit, week and drift taken out.")]
    low: Annotated[float, Field(description="The 95 % interval begins.")]
    high: float
    p: Annotated[float, Field(description="Chance of one as strong anywhere, were there nothing.")]


class LookView(View):
    """The last look: when, on how many days, with how many questions."""

    number: int
    day: date
    days: int
    questions: int


class SignalView(View):
    """How somebody works, in a sentence; null says that too little is known."""

    sentence: str | None
    needs: Annotated[str, Field(description="What it rests on, and how much it needs.")]


class SignalsView(View):
    slips: SignalView
    best_hours: SignalView
    load: SignalView
    estimates: SignalView
    lengths: Annotated[
        SignalView, Field(description="What tasks take, by their timers, against their estimates.")
    ]


class InsightsView(View):
    """What goes together in my days, how I work, and what is missing to say more."""

    look: LookView | None
    items: list[InsightView]
    caveat: str
    days: Annotated[int, Field(description="Days with data so far, at most 400 days back.")]
    next_look_at: Annotated[int | None, Field(description="Days with data the next look needs.")]
    status: str
    signals: SignalsView


class TaskLengthView(View):
    """What a task was meant to take, what I gave it so far, and what such estimates come to."""

    task_id: UUID
    estimated_minutes: int | None
    recorded_minutes: float
    hint: Annotated[
        str | None,
        Field(description="Null without an estimate, and while too little or nothing is known."),
    ]


class GoalForecastState(StrEnum):
    """Whether there is a forecast, and why not."""

    FORECAST = "forecast"
    TOO_LITTLE = "too_little"
    NO_END = "no_end"
    REACHED = "reached"
    LET_GO = "let_go"


class ForecastWhy(View):
    """What a forecast rests on."""

    remaining: float
    unit: str
    weeks: int
    per_week: float
    growth: Annotated[float, Field(description="Work added each week.")]
    sentence: str


class PastForecast(View):
    """What was forecast on an earlier day; null is beyond five years."""

    made_on: date
    low: date | None
    median: date | None
    high: date | None


class GoalForecastView(View):
    """When a goal may be reached: the median and the 80 % interval, null beyond five years."""

    goal_id: UUID
    state: GoalForecastState
    sentence: str
    today: date
    low: date | None
    median: date | None
    high: date | None
    target_date: date | None
    target_chance: Annotated[float | None, Field(description="How likely the target date is kept.")]
    why: ForecastWhy | None
    past: Annotated[list[PastForecast], Field(description="Newest first, one a week.")]


class LevelView(View):
    """Of days forecast with this chance that have come: how many were kept, with 95 % interval."""

    level: float
    happened: float
    count: int
    low: float
    high: float


class ReliabilityView(View):
    """Past forecasts of this workspace against what happened."""

    levels: list[LevelView]
    forecasts: int
    sentence: str


class RecommendationKind(StrEnum):
    """What is recommended."""

    NEXT_GOAL = "next_goal"
    GOAL_HABIT = "goal_habit"
    BETTER_TIME = "better_time"


class RecommendationView(View):
    """Something that could come next, why, and the form or change that would begin it."""

    kind: RecommendationKind
    subject_id: Annotated[UUID, Field(description="The area, goal or habit that it is for.")]
    subject: str
    title: str
    sentence: str
    reasons: list[str]
    form: Annotated[
        dict[str, str] | None, Field(description="What a form of a goal or habit begins with.")
    ]
    reminder_time: Annotated[str | None, Field(description="A better time for a habit's reminder.")]


class RecommendationsView(View):
    """What could come next; `needs` says of each kind that is silent what it waits for."""

    items: list[RecommendationView]
    needs: dict[RecommendationKind, str]
