"""Saying yes: the only place where what AI proposed becomes so."""

from __future__ import annotations

from uuid import UUID

from selfos.features.ai.events import ProposalApplied
from selfos.features.ai.models import Proposal, ProposalLine
from selfos.features.ai.service.proposals import changeable, checked, lines_of
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import (
    DependencyCreate,
    TaskCreate,
    TaskMove,
    TaskUpdate,
)
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict


async def apply_proposal(ctx: Context, proposal_id: UUID) -> Proposal:
    """Carry out all accepted lines, or none, as one changeset of the assistant for the user."""
    proposal = await changeable(ctx, proposal_id)
    lines = await lines_of(ctx, proposal.id)
    accepted = [line for line in lines if line.accepted]
    if not accepted:
        raise Conflict("Every line is rejected; accept one, or discard the proposal.")
    ctx.by_assistant()
    ctx.describe(f"Applied the plan for “{proposal.title}”")
    for line in accepted:
        await _carry_out(ctx, line)
    await _link(ctx, accepted)
    proposal.apply(ctx.draft.id)
    ctx.emit(
        ProposalApplied(
            proposal_id=proposal.id,
            goal_id=proposal.goal_id,
            accepted=len(accepted),
            rejected=len(lines) - len(accepted),
        )
    )
    return proposal


async def _carry_out(ctx: Context, line: ProposalLine) -> None:
    match checked(line, line.fields, f"/lines/{line.position}/fields"):
        case TaskCreate() as wanted:
            await planning.create_task(ctx, wanted.model_copy(update={"id": line.entity_id}))
        case TaskUpdate() as patch:
            await planning.update_task(ctx, line.entity_id, patch)
        case TaskMove() as move:
            await planning.move_task(ctx, line.entity_id, move)
        case other:
            raise AssertionError(f"no verb takes {other!r}")


async def _link(ctx: Context, accepted: list[ProposalLine]) -> None:
    """Let a step wait for those it builds on, as far as they were accepted."""
    tasks = {str(line.id): line.entity_id for line in accepted}
    for line in accepted:
        for blocker in line.depends_on:
            if blocker in tasks:
                await planning.create_dependency(
                    ctx, line.entity_id, DependencyCreate(blocker_id=tasks[blocker])
                )
