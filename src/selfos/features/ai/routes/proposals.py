"""Goals with a plan, and proposals, over HTTP."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from selfos.features.ai import service as ai
from selfos.features.ai.schemas.capacity import ForecastView, Relief, WhatIf
from selfos.features.ai.schemas.proposals import (
    AppliedProposal,
    DecomposeGoal,
    GoalWithProposal,
    ProposalPage,
    ProposalQuery,
    ProposalUpdate,
    ProposalView,
    ReplanGoal,
)
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.documents import assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import (
    Core,
    Ctx,
    Router,
    Thinking,
    Thought,
    after_thought,
    allow,
    as_json,
    body_to_think_about,
    shown,
)

router = Router(tags=["proposals"])


async def think_about_new_goal(ctx: Context, request: Request) -> Thinking | None:
    """Have a model plan the goal of this request, if one may; a wrong body is refused later."""
    kernel: Kernel = request.app.state.kernel
    if not ai.has_models(kernel):
        return None
    body = await body_to_think_about(request, DecomposeGoal)
    if body is None:
        return None
    prepared = await ai.think_about_new_goal(ctx, kernel, body.goal)
    return partial(ai.think, kernel, prepared) if prepared else None


async def think_about_goal(ctx: Context, request: Request) -> Thinking | None:
    """Have a model plan the goal of this address, if one may."""
    kernel: Kernel = request.app.state.kernel
    if not ai.has_models(kernel):
        return None
    try:
        goal_id = UUID(request.path_params["goal_id"])
    except ValueError:
        return None
    body = await body_to_think_about(request, ReplanGoal)
    if body is None:
        return None
    prepared = await ai.think_about_goal(ctx, kernel, goal_id, body)
    return partial(ai.think, kernel, prepared) if prepared else None


@router.post(
    "/goals/decompose",
    status_code=201,
    response_model=GoalWithProposal,
    **allow(Permission.PROPOSAL_WRITE),
)
@after_thought(think_about_new_goal)
async def create_goal_with_decomposition(
    ctx: Ctx, thought: Thought, body: DecomposeGoal
) -> Response:
    """Make a goal from the user's words and propose its plan."""
    goal, proposal = await ai.create_goal_with_decomposition(ctx, body.goal, thought)
    parts = {
        "goal": (await planning.GOALS.one(ctx, goal.id)).body,
        "proposal": (await ai.PROPOSALS.one(ctx, proposal.id)).body,
    }
    return as_json(assemble(parts), 201)


@router.post("/goals/what-if", response_model=ForecastView, **allow(Permission.PROPOSAL_READ))
async def what_if_goal(ctx: Ctx, body: WhatIf) -> Response:
    """Tell what a goal would do to your weeks, and what would make room. Writes nothing."""
    return as_json(assemble(await ai.what_if_goal(ctx, body.goal)))


@router.post(
    "/goals/{goal_id}/decompose",
    status_code=201,
    response_model=ProposalView,
    **allow(Permission.PROPOSAL_WRITE),
)
@after_thought(think_about_goal)
async def decompose_goal(ctx: Ctx, thought: Thought, goal_id: UUID, body: ReplanGoal) -> Response:
    """Propose another plan for a goal; the answers sharpen it."""
    proposal = await ai.decompose_goal(ctx, goal_id, body, thought)
    return shown(await ai.PROPOSALS.one(ctx, proposal.id), 201)


@router.get("/proposals", response_model=ProposalPage, **allow(Permission.PROPOSAL_READ))
async def list_proposals(ctx: Ctx, query: Annotated[ProposalQuery, Query()]) -> Response:
    """List proposals, newest first."""
    return as_json(await ai.list_proposals(ctx, query))


@router.get(
    "/proposals/{proposal_id}", response_model=ProposalView, **allow(Permission.PROPOSAL_READ)
)
async def get_proposal(ctx: Ctx, proposal_id: UUID) -> Response:
    """Show one proposal with its lines and their reasons."""
    return shown(await ai.PROPOSALS.one(ctx, proposal_id))


@router.patch(
    "/proposals/{proposal_id}", response_model=ProposalView, **allow(Permission.PROPOSAL_WRITE)
)
async def update_proposal(
    ctx: Ctx, kernel: Core, proposal_id: UUID, body: ProposalUpdate
) -> Response:
    """Accept, reject or change single lines."""
    await ai.update_proposal(ctx, kernel.tools, proposal_id, body)
    return shown(await ai.PROPOSALS.one(ctx, proposal_id))


@router.get(
    "/proposals/{proposal_id}/what-if",
    response_model=ForecastView,
    **allow(Permission.PROPOSAL_READ),
)
async def what_if_applied(ctx: Ctx, proposal_id: UUID) -> Response:
    """Tell what an open plan would do to your weeks as it stands, and what would make room."""
    return as_json(assemble(await ai.what_if_applied(ctx, proposal_id)))


@router.post(
    "/proposals/{proposal_id}/relief",
    response_model=ProposalView,
    **allow(Permission.PROPOSAL_WRITE),
)
async def relieve(ctx: Ctx, kernel: Core, proposal_id: UUID, body: Relief) -> Response:
    """Make room: later days in the plan itself, or another proposal that moves your tasks."""
    proposal = await ai.relieve(ctx, kernel.tools, proposal_id, body)
    return shown(await ai.PROPOSALS.one(ctx, proposal.id))


@router.post(
    "/proposals/{proposal_id}/apply",
    response_model=AppliedProposal,
    **allow(Permission.PROPOSAL_WRITE),
)
async def apply_proposal(ctx: Ctx, kernel: Core, proposal_id: UUID) -> Response:
    """Carry out the accepted lines, all or nothing; undo it by the changeset."""
    await ai.apply_proposal(ctx, kernel.tools, proposal_id)
    document = await ai.PROPOSALS.one(ctx, proposal_id)
    return as_json(assemble({"changeset_id": ctx.draft.id, "proposal": document.body}))


@router.post(
    "/proposals/{proposal_id}/discard",
    response_model=ProposalView,
    **allow(Permission.PROPOSAL_WRITE),
)
async def discard_proposal(ctx: Ctx, proposal_id: UUID) -> Response:
    """Say no to a proposal."""
    await ai.discard_proposal(ctx, proposal_id)
    return shown(await ai.PROPOSALS.one(ctx, proposal_id))
