"""Series shaped for drawing: every gap is said, and every number has its unit."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.progress.schemas.stats import Format, SpanQuery
from selfos.features.progress.spans import Unit
from selfos.kernel.schema import Query, View


class Chart(StrEnum):
    """What can be drawn over time."""

    DONE = "done"
    FOCUS = "focus"
    HABITS = "habits"
    ON_TIME = "on_time"
    PLANNED = "planned"
    SLIPPED = "slipped"
    STRENGTH = "strength"


class Measure(StrEnum):
    """What a value counts; a share is 0 to 1."""

    TASKS = "tasks"
    MINUTES = "minutes"
    SHARE = "share"
    DAYS = "days"


class HeatKind(StrEnum):
    """What a heatmap shows of each day."""

    TASKS = "tasks"
    HABITS = "habits"


Value = Annotated[
    float | None, Field(description="Null: not known, not over yet, or nothing to take a share of.")
]


class HeatQuery(SpanQuery):
    """Which days; without any, the last 53 weeks."""

    kind: HeatKind = HeatKind.TASKS


class FormatQuery(Query):
    """In which form."""

    format: Annotated[
        Format | None, Field(description="Default: CSV where the `Accept` header asks for it.")
    ] = None


class PointView(View):
    """One period on the axis of time."""

    first: date
    last: date


class ChartSeriesView(View):
    """One line or row of bars; `previous` has as many values, of the days right before."""

    key: str
    label: str
    values: list[Value]
    previous: list[Value]
    total: Value
    previous_total: Value


class ChartView(View):
    """One chart, ready to draw, with the sentence that says what it shows."""

    chart: Chart
    title: str
    measure: Measure
    by: Unit
    points: list[PointView]
    series: list[ChartSeriesView]
    sentence: str


class HeatDayView(View):
    """One day: its value, and how dark it is, 0 to 4."""

    day: date
    value: Annotated[int | None, Field(description="Null before anything is known, and ahead.")]
    level: Annotated[int, Field(ge=0, le=4)]


class HeatmapView(View):
    """A year of days."""

    kind: HeatKind
    title: str
    first: date
    last: date
    first_weekday: Annotated[int, Field(ge=0, le=6, description="Monday is 0.")]
    most: int
    total: int
    days: list[HeatDayView]
    sentence: str


class BurnUpPointView(View):
    """Where a goal stood at the end of a day on which something changed."""

    day: date
    scope: Annotated[float | None, Field(description="All there was to do by then, or the target.")]
    done: Value


class PathPointView(View):
    """One knot of the path; the line between two is straight."""

    day: date
    value: float


class BurnUpView(View):
    """What a goal has come to over time, beside its path."""

    goal_id: UUID
    title: str
    unit: Annotated[str, Field(description="What it is counted in; tasks count by weight.")]
    today: date
    points: list[BurnUpPointView]
    path: list[PathPointView]
    target: float | None
    sentence: str
