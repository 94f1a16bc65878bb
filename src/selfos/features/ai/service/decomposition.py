"""From a goal in words to a proposal: ask the ladder, check the answer, write it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import select

from selfos.features.ai.events import ProposalMade
from selfos.features.ai.models import Proposal, ProposalLine
from selfos.features.ai.planner import PlanDraft, PlanRequest, PlanStep, plan_faults, plan_goal
from selfos.features.ai.planner.outlining import Outline, draft_of
from selfos.features.ai.schemas.generation import Prepared
from selfos.features.ai.schemas.proposals import (
    GoalToPlan,
    ProposalKind,
    ProposalStatus,
    ReplanGoal,
)
from selfos.features.ai.schemas.words import Engine
from selfos.features.ai.service.proposals import discard, refuse_flood
from selfos.features.ai.service.room import busy_beside, life_of
from selfos.features.ai.service.thinking import Thought, could_ask, think_about
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import GoalCreate, GoalUpdate
from selfos.features.planning.schemas.words import GoalKind
from selfos.features.planning.service import Goal
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.tools import Operation

MILESTONE_LABEL = "milestone"
# A milestone weighs as much as several steps when progress is counted.
MILESTONE_WEIGHT = 2.0


async def think_about_new_goal(
    ctx: Context, kernel: Kernel, wanted: GoalToPlan
) -> Prepared[Outline] | None:
    """Prepare to ask a model for the plan of a goal that does not exist yet, if there is one."""
    if not could_ask(ctx, kernel):
        return None
    why = f"{wanted.description}\n{wanted.why}".strip()
    request = await _request(
        ctx, wanted.title, why, wanted.target_date, wanted.hours_per_week, wanted.answers
    )
    return await think_about(ctx, request, wanted.area_id)


async def think_about_goal(
    ctx: Context, kernel: Kernel, goal_id: UUID, wanted: ReplanGoal
) -> Prepared[Outline] | None:
    """Prepare to ask a model for another plan of a goal, if there is one."""
    if not could_ask(ctx, kernel):
        return None
    goal = await planning.goal_to_plan(ctx, goal_id)
    request = await _request_of(ctx, goal, wanted.hours_per_week, wanted.answers)
    return await think_about(ctx, request, goal.area_id, fresh=wanted.fresh)


async def create_goal_with_decomposition(
    ctx: Context, wanted: GoalToPlan, thought: Thought | None = None
) -> tuple[Goal, Proposal]:
    """Make a goal and propose its plan, in one changeset; a model's `thought` comes first."""
    ctx.require(Permission.PROPOSAL_WRITE)
    given = wanted.model_dump(exclude_unset=True, exclude={"hours_per_week", "answers"})
    ctx.describe(f"Planned “{wanted.title}”")
    goal = await planning.create_goal(ctx, GoalCreate(**given))
    request = await _request_of(ctx, goal, wanted.hours_per_week, wanted.answers)
    made_by, draft = _plan(request, thought)
    found = _found_out(goal, draft)
    if goal.area_id is None and (area_id := await planning.area_for(ctx, draft.area)):
        found["area_id"] = area_id
    if found:
        await planning.update_goal(ctx, goal.id, GoalUpdate(**found))
    return goal, await _write(ctx, goal, made_by, draft)


async def decompose_goal(
    ctx: Context,
    goal_id: UUID,
    wanted: ReplanGoal,
    thought: Thought | None = None,
    *,
    beside: bool = False,
) -> Proposal:
    """Propose another plan for a goal; earlier ones go, unless a `fresh` one is to choose from.

    What an assistant asks for stands `beside` them: the user may be at work on one.
    """
    ctx.require(Permission.PROPOSAL_WRITE)
    if beside:
        await refuse_flood(ctx)
    goal = await planning.goal_to_plan(ctx, goal_id)
    if not beside and not wanted.fresh:
        same = Proposal.goal_id == goal_id, Proposal.kind == ProposalKind.DECOMPOSE_GOAL
        earlier = select(Proposal).where(*same, Proposal.status == ProposalStatus.OPEN)
        discard(ctx, await ctx.session.scalars(earlier))
    request = await _request_of(ctx, goal, wanted.hours_per_week, wanted.answers)
    made_by, draft = _plan(request, thought)
    ctx.describe(f"Planned “{goal.title}” again")
    return await _write(ctx, goal, made_by, draft, asked_by=ctx.user_id if beside else None)


async def _request_of(
    ctx: Context, goal: Goal, hours: float | None, answers: Mapping[str, str]
) -> PlanRequest:
    why = f"{goal.description}\n{goal.why}".strip()
    return await _request(ctx, goal.title, why, goal.target_date, hours, answers)


async def _request(
    ctx: Context,
    title: str,
    description: str,
    target: date | None,
    hours: float | None,
    answers: Mapping[str, str],
) -> PlanRequest:
    life = (await life_of(ctx)).life
    today = life.today
    request = PlanRequest(
        title=title,
        description=description,
        today=today,
        target_date=_ahead(target, today),
        hours_per_week=hours,
        answers=answers,
        week_start=life.week_start,
    )
    # The words may say the hours, or the kind of goal; only then is known how many are taken.
    return replace(request, busy_hours=busy_beside(life, plan_goal(request).hours_per_week))


def _plan(request: PlanRequest, thought: Thought | None) -> tuple[Thought | None, PlanDraft]:
    """Return a sound plan: the model's, laid out anew over the hours of this moment, or rules'.

    With it comes the thought it was made from, None where rules planned.
    """
    if thought is not None and thought.outline is not None:
        draft = draft_of(thought.outline, request, thought.note)
        if not plan_faults(draft, request.today):
            return thought, draft
    draft = plan_goal(request)
    if faults := plan_faults(draft, request.today):
        raise AssertionError(f"the built-in planner breaks its own rules: {faults}")
    if thought is not None and thought.outline is None and thought.note:
        draft = replace(draft, engine_note=f"{draft.engine_note} {thought.note}")
    return None, draft


def _found_out(goal: Goal, draft: PlanDraft) -> dict[str, Any]:
    """Return what the planner read from the goal's words and the user left open."""
    found: dict[str, Any] = {}
    if goal.target_date is None and draft.infeasible is None:
        found["target_date"] = draft.target_date
    # A goal with a metric of its own says itself where it leads.
    unmeasured = goal.kind is GoalKind.REACH and goal.start_value is None
    if unmeasured and goal.target_value is None and draft.target_value is not None:
        found |= {"target_value": draft.target_value, "target_unit": draft.target_unit}
    return found


def _ahead(target: date | None, today: date) -> date | None:
    return target if target is not None and target > today else None


async def _write(
    ctx: Context,
    goal: Goal,
    made_by: Thought | None,
    draft: PlanDraft,
    *,
    asked_by: UUID | None = None,
) -> Proposal:
    engine = made_by.engine if made_by else Engine.RULES
    proposal = Proposal(
        id=new_id(),
        kind=ProposalKind.DECOMPOSE_GOAL,
        title=goal.title,
        status=ProposalStatus.OPEN,
        engine=engine,
        engine_note=draft.engine_note,
        generation_id=made_by.generation_id if made_by else None,
        confidence=draft.confidence,
        assumptions=[*draft.assumptions, *draft.risks],
        questions=_plain([asdict(question) for question in draft.questions]),
        load=_plain([asdict(week) for week in draft.load]),
        infeasible=_plain(asdict(draft.infeasible)) if draft.infeasible else None,
        goal_id=goal.id,
        changeset_id=None,
        asked_by=asked_by,
        seen_by=asked_by,
    )
    ctx.session.add(proposal)
    await ctx.session.flush()
    line_ids = {step.key: new_id() for step in draft.steps}
    ctx.session.add_all(
        _line(proposal, goal, position, step, line_ids) for position, step in enumerate(draft.steps)
    )
    ctx.emit(ProposalMade(proposal_id=proposal.id, goal_id=goal.id, engine=engine))
    return proposal


def _line(
    proposal: Proposal, goal: Goal, position: int, step: PlanStep, line_ids: Mapping[str, UUID]
) -> ProposalLine:
    return ProposalLine(
        id=line_ids[step.key],
        proposal_id=proposal.id,
        seen_by=proposal.seen_by,
        position=position,
        accepted=True,
        op=Operation.CREATE,
        entity="task",
        entity_id=new_id(),
        title=step.title,
        fields=_plain(_task_fields(goal, step)),
        reason=step.reason,
        phase=step.phase,
        depends_on=[str(line_ids[key]) for key in step.depends_on],
    )


def _task_fields(goal: Goal, step: PlanStep) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": step.title,
        "goal_id": goal.id,
        "state": "todo",
        "due": {"kind": "date", "date": step.due},
    }
    if step.minutes:
        fields["duration_minutes"] = step.minutes
    if step.event:
        fields["deadline"] = step.due
    if step.habit:
        fields["notes"] = f"From here on: {step.habit}"
    if step.kind == MILESTONE_LABEL:
        fields |= {"labels": [MILESTONE_LABEL], "weight": MILESTONE_WEIGHT}
    return fields


def _plain(value: Any) -> Any:
    """Return what JSON can hold: dates as text, tuples as lists."""
    return to_jsonable_python(value)
