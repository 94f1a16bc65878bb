"""Saying yes: the only place where what was proposed becomes so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import update

from selfos.features.ai.events import ProposalApplied
from selfos.features.ai.models import Proposal, ProposalLine
from selfos.features.ai.schemas.proposals import ProposalKind
from selfos.features.ai.service.proposals import changeable, checked, lines_of
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import DependencyCreate
from selfos.kernel.context import Context, Draft
from selfos.kernel.errors import Conflict
from selfos.kernel.tools import Toolbox


async def apply_proposal(ctx: Context, tools: Toolbox, proposal_id: UUID) -> Proposal:
    """Carry out all accepted lines, or none, as one changeset of the assistant for the user."""
    proposal = await changeable(ctx, proposal_id)
    lines = await lines_of(ctx, proposal.id)
    accepted = [line for line in lines if line.accepted]
    if not accepted:
        raise Conflict("Every line is rejected; accept one, or discard the proposal.")
    ctx.by_assistant()
    plan = proposal.kind is ProposalKind.DECOMPOSE_GOAL
    ctx.describe(f"Applied {'the plan for ' if plan else ''}“{proposal.title}”")
    await _carry_out(ctx, tools, accepted)
    if proposal.seen_by is not None:
        await _share_lines(ctx, proposal.id)
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


async def _share_lines(ctx: Context, proposal_id: UUID) -> None:
    """Let all members see the lines of a proposal that is carried out."""
    await ctx.transaction.flush()
    await ctx.session.execute(
        update(ProposalLine)
        .where(ProposalLine.proposal_id == proposal_id)
        .values(seen_by=None)
        .execution_options(synchronize_session=False)
    )


async def rehearse(ctx: Context, tools: Toolbox, lines: Sequence[ProposalLine]) -> None:
    """Carry lines out and take them back at once: what cannot go is refused before it is asked."""
    await ctx.transaction.flush()
    trial = replace(ctx, draft=Draft(ctx.draft.door, id=ctx.draft.id))
    savepoint = await ctx.session.begin_nested()
    try:
        await _carry_out(trial, tools, [line for line in lines if line.accepted])
        await ctx.transaction.flush()
    finally:
        await savepoint.rollback()


async def _carry_out(ctx: Context, tools: Toolbox, lines: Sequence[ProposalLine]) -> None:
    for line in lines:
        deed = tools.deed(line.entity, line.op)
        fields = checked(deed, line.fields, f"/lines/{line.position}/fields")
        await deed.carry_out(ctx, line.entity_id, fields)
    await _link(ctx, lines)


async def _link(ctx: Context, accepted: Sequence[ProposalLine]) -> None:
    """Let a step wait for those it builds on, as far as they were accepted."""
    tasks = {str(line.id): line.entity_id for line in accepted}
    for line in accepted:
        for blocker in line.depends_on:
            if blocker in tasks:
                await planning.create_dependency(
                    ctx, line.entity_id, DependencyCreate(blocker_id=tasks[blocker])
                )
