"""Proposals as they cross a door."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from selfos.features.ai.schemas.words import Engine
from selfos.features.planning.schemas.inputs import GoalCreate
from selfos.features.planning.schemas.views import GoalView
from selfos.kernel.documents import PageQuery
from selfos.kernel.schema import Input, Page, RowView, View
from selfos.kernel.tools import Operation

MOST_LINES = 500
HoursPerWeek = Annotated[float, Field(ge=0.25, le=80, allow_inf_nan=False)]
Answer = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Answers = Annotated[dict[str, Answer], Field(max_length=50)]


class ProposalKind(StrEnum):
    """What a proposal is for."""

    CHANGES = "changes"
    DECOMPOSE_GOAL = "decompose_goal"


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    APPLIED = "applied"
    DISCARDED = "discarded"


class GoalToPlan(GoalCreate):
    """A goal in the user's own words, and what the planner may count on."""

    hours_per_week: HoursPerWeek | None = None
    answers: Answers = {}


class DecomposeGoal(Input):
    """Make a goal and propose its plan, as one verb."""

    goal: GoalToPlan


class ReplanGoal(Input):
    """Propose another plan; `answers` go by the keys of the questions."""

    hours_per_week: HoursPerWeek | None = None
    answers: Answers = {}
    fresh: Annotated[
        bool,
        Field(
            description="Ask a model anew although a plan for these words is kept, and leave the"
            " open plans there, to choose between them."
        ),
    ] = False


class LineEdit(Input):
    """A change to one line; `fields` are merged into the line's own."""

    id: UUID
    accepted: bool = True
    fields: Annotated[dict[str, Any], Field(max_length=30)] = {}


class ProposalUpdate(Input):
    """Line-by-line edits."""

    lines: Annotated[list[LineEdit], Field(min_length=1, max_length=MOST_LINES)]


class ProposalQuery(PageQuery):
    """Narrow the list of proposals."""

    goal_id: UUID | None = None
    status: ProposalStatus | None = None


class QuestionView(View):
    """What would sharpen the plan, and why."""

    key: str
    question: str
    why: str
    kind: str
    choices: list[str]


class LoadView(View):
    """One week: planned hours against the hours there are; `rhythm_hours` of them are habits'."""

    week_start: date
    hours: float
    capacity_hours: float
    rhythm_hours: float = 0.0


class InfeasibleView(View):
    """Why the plan does not fit, and three ways out."""

    message: str
    ways_out: list[str]


class LineView(View):
    """What the proposal would do with one thing, called `title` when it was proposed, and why."""

    id: UUID
    position: int
    accepted: bool
    op: Operation
    entity: str
    entity_id: UUID
    title: str
    fields: dict[str, Any]
    reason: str
    phase: str | None
    depends_on: list[UUID]


class ProposalView(RowView):
    """A changeset that has not happened. `engine_note` says who made it and how."""

    kind: ProposalKind
    title: str
    status: ProposalStatus
    engine: Engine
    engine_note: str
    generation_id: Annotated[
        UUID | None,
        Field(description="What a model was asked for this plan: see `GET /ai/calls`."),
    ]
    confidence: float
    assumptions: list[str]
    questions: list[QuestionView]
    goal_id: UUID | None
    changeset_id: UUID | None
    load: list[LoadView]
    infeasible: InfeasibleView | None
    lines: list[LineView]


class ProposalPage(Page):
    """Newest first."""

    items: list[ProposalView]


class GoalWithProposal(View):
    """What goal creation with decomposition returns."""

    goal: GoalView
    proposal: ProposalView


class AppliedProposal(View):
    """The changeset to undo it by, and the proposal as it stands now."""

    changeset_id: UUID
    proposal: ProposalView
