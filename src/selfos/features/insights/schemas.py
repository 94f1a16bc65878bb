"""What crosses the doors of insights."""

from __future__ import annotations

from datetime import date
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


class InsightsView(View):
    """What goes together in my days, how I work, and what is missing to say more."""

    look: LookView | None
    items: list[InsightView]
    caveat: str
    days: Annotated[int, Field(description="Days with data so far, at most 400 days back.")]
    next_look_at: Annotated[int | None, Field(description="Days with data the next look needs.")]
    status: str
    signals: SignalsView
