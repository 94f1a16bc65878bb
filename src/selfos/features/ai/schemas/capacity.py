"""What a plan would do to the weeks, as it crosses a door."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from selfos.features.ai.schemas.proposals import Answers, HoursPerWeek
from selfos.features.ai.schemas.words import Engine
from selfos.features.planning.schemas.words import Day
from selfos.kernel.schema import Input, Prose, Title, View


class GoalInMind(Input):
    """A goal that is not there yet, in the user's own words, and what the planner may count on."""

    title: Title
    description: Prose = ""
    why: Prose = ""
    target_date: Day | None = None
    hours_per_week: HoursPerWeek | None = None
    answers: Answers = {}


class WhatIf(Input):
    """What if I had this goal?"""

    goal: GoalInMind


class Relief(Input):
    """Which way to make room should be proposed."""

    kind: Literal["later", "make_room"]


class WeekView(View):
    """Hours of one week: promised by tasks, steady (habits and what repeats), and of the plan."""

    week_start: date
    promised_hours: float
    steady_hours: float
    planned_hours: float
    capacity_hours: float
    over_hours: float


class MoveView(View):
    """A step of the plan, or a task of yours, that would wait."""

    id: UUID
    title: str
    due: date
    to: date


class WayView(View):
    """One way to make room, and the weeks as they would be then.

    `cost` counts hours of work times weeks of waiting; work that was promised before counts twice.
    An hour that stays too much weighs as much as one that waits for 20 weeks.
    `hours_per_week` is what a plan made anew would go by.
    """

    kind: Literal["later", "make_room", "fewer_hours"]
    sentence: str
    finish: date
    hours_per_week: float | None
    cost: float
    over_hours: float
    moves: list[MoveView]
    weeks: list[WeekView]


class ForecastView(View):
    """The weeks with a plan in them, and ways to make room, the best first; by rules, always.

    `over_hours` are what does not fit because of the plan. `unknown` says what has no length and
    is counted as nothing.
    """

    engine: Literal[Engine.RULES]
    title: str
    finish: date
    hours_per_week: float
    over_hours: float
    summary: str
    unknown: list[str]
    weeks: list[WeekView]
    ways: list[WayView]
