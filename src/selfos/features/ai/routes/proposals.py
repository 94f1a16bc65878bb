"""Goals with a plan, and proposals, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.ai import service as ai
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
from selfos.kernel.documents import assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Core, Ctx, Router, allow, as_json, shown

router = Router(tags=["proposals"])


@router.post(
    "/goals/decompose",
    status_code=201,
    response_model=GoalWithProposal,
    **allow(Permission.PROPOSAL_WRITE),
)
async def create_goal_with_decomposition(ctx: Ctx, body: DecomposeGoal) -> Response:
    """Make a goal from the user's words and propose its plan."""
    goal, proposal = await ai.create_goal_with_decomposition(ctx, body.goal)
    parts = {
        "goal": (await planning.GOALS.one(ctx, goal.id)).body,
        "proposal": (await ai.PROPOSALS.one(ctx, proposal.id)).body,
    }
    return as_json(assemble(parts), 201)


@router.post(
    "/goals/{goal_id}/decompose",
    status_code=201,
    response_model=ProposalView,
    **allow(Permission.PROPOSAL_WRITE),
)
async def decompose_goal(ctx: Ctx, goal_id: UUID, body: ReplanGoal) -> Response:
    """Propose another plan for a goal; the answers sharpen it."""
    proposal = await ai.decompose_goal(ctx, goal_id, body)
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
