"""Plans and proposals for assistants."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.ai import service as ai
from selfos.features.ai.schemas.proposals import Answers, HoursPerWeek, ReplanGoal
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input
from selfos.kernel.tools import Group, ProposeTool, ReadTool


class DecomposeGoal(Input):
    goal_id: UUID
    hours_per_week: Annotated[
        HoursPerWeek | None, Field(description="How much the user can give.")
    ] = None
    answers: Annotated[
        Answers, Field(description="By the keys of an earlier plan's questions.")
    ] = {}


class GetProposal(Input):
    proposal_id: UUID


async def _decompose(ctx: Context, asked: DecomposeGoal) -> UUID:
    wanted = ReplanGoal(hours_per_week=asked.hours_per_week, answers=asked.answers)
    proposal = await ai.decompose_goal(ctx, asked.goal_id, wanted, beside=True)
    return proposal.id


async def _get(ctx: Context, asked: GetProposal) -> Json:
    ctx.require(Permission.PROPOSAL_READ)
    return (await ai.PROPOSALS.one(ctx, asked.proposal_id)).body


TOOLS = (
    ProposeTool(
        name="decompose_goal",
        description="Propose a plan for a goal: dated steps with reasons, laid over its weeks.",
        group=Group.GOALS,
        permission=Permission.PROPOSAL_WRITE,
        arguments=DecomposeGoal,
        verb=_decompose,
    ),
    ReadTool(
        name="get_proposal",
        description="Show a proposal with its lines, and whether the user has decided on it.",
        group=Group.OVERVIEW,
        permission=Permission.PROPOSAL_READ,
        arguments=GetProposal,
        verb=_get,
    ),
)
