"""Data points, paths and seasons of goals: what a client sends and receives."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfos.features.planning.schemas.words import (
    Amount,
    Day,
    GoalKind,
    PathChangeKind,
    PathState,
    PointSource,
    ReviewOutcome,
)
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Page, Prose, RowView, Variant, View

RestDays = Annotated[int, Field(ge=0, le=7)]


class DataPointCreate(Input):
    id: ClientId | None = None
    day: Annotated[Day | None, Field(description="Default: the user's own today.")] = None
    value: Amount
    note: Prose = ""


class DataPointUpdate(Input):
    day: Day = ABSENT
    value: Amount = ABSENT
    note: Prose = ABSENT


class DataPointView(RowView):
    """An amount to add, or a reading to go by: the goal's `counting` says which."""

    goal_id: UUID
    day: date
    value: float
    note: str
    source: PointSource
    source_id: UUID | None


class DataPointPage(Page):
    items: list[DataPointView]


class PathAdjust(Variant):
    """Ask for less or for more, from `horizon_days` after today on; the days before stay."""

    kind: Literal["adjust"]
    target_value: Amount = ABSENT
    target_date: Day = ABSENT
    horizon_days: RestDays = 7


class PathRespite(Variant):
    """Having lost the path, rest and begin anew from where one stands.

    With the pace kept it ends later, with the date kept it gets steeper.
    """

    kind: Literal["respite"]
    rest_days: RestDays = 3
    keep: Literal["pace", "date"] = "pace"


class PathEdit(Input):
    change: Annotated[PathAdjust | PathRespite, Field(discriminator="kind")]
    reason: Prose = ""


class ReviewCreate(Input):
    """Look back on a season. To renew, say when the new one ends; its numbers default to the old.

    A value that adds up begins again at its start value, any other where it stands.
    """

    outcome: ReviewOutcome
    reflection: Prose = ""
    start_value: Amount | None = None
    target_value: Amount | None = None
    target_date: Day | None = None


class DayValue(View):
    day: date
    value: float


class ActionView(View):
    """The smallest thing that restores the path; for milestones, what to finish."""

    sentence: str
    by: date
    amount: float | None
    reading: float | None
    task_ids: list[UUID]


class RespiteView(View):
    """A rest instead of a failure, and the day on which the goal would then end."""

    sentence: str
    rest_days: int
    target_date: date


class PeriodValue(View):
    first: date
    last: date
    value: float
    met: bool


class Season(View):
    start: date | None
    end: date | None
    over: bool


class PathChangeView(RowView):
    kind: PathChangeKind
    day: date
    from_day: date
    reason: str
    before: list[DayValue]
    after: list[DayValue]


class GoalReviewView(RowView):
    """How a season ended, as it stood on that day."""

    goal_id: UUID
    day: date
    outcome: ReviewOutcome
    reflection: str
    start_date: date | None
    target_date: date | None
    start_value: float | None
    target_value: float | None
    target_unit: str | None
    value: float | None
    progress: float | None


class PathView(View):
    """Where a goal stands and should stand; without a path, `state` is null and says why."""

    goal_id: UUID
    kind: GoalKind
    today: date
    state: PathState | None
    summary: str
    explanation: str
    value: float | None
    target_value: float | None
    unit: str | None
    buffer_days: Annotated[
        int | None, Field(description="Days before something is due; below 0, days since then.")
    ]
    action: ActionView | None
    respite: RespiteView | None
    season: Season
    path: list[DayValue]
    step: Annotated[
        float | None,
        Field(description="What the path is due in: a step is due once the line has reached it."),
    ]
    values: list[DayValue]
    periods: list[PeriodValue]
    changes: list[PathChangeView]
    reviews: list[GoalReviewView]


class GoalAtRisk(View):
    """A goal that something is due for, in one sentence."""

    id: UUID
    title: str
    state: PathState
    sentence: str
