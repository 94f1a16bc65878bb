"""Goals for assistants: what they are, where they stand on their path, and new ones."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfos.features.planning import service as planning
from selfos.features.planning.schemas.filters import FilterText
from selfos.features.planning.schemas.inputs import GoalCreate, GoalQuery, GoalUpdate
from selfos.features.planning.schemas.words import (
    Amount,
    Day,
    GoalKind,
    GoalPeriod,
    GoalStatus,
)
from selfos.features.planning.tools.tasks import MOST_LISTED, Nothing
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import ABSENT, Input, Name, Prose, Title
from selfos.kernel.tools import ActTool, Change, Deed, Group, Operation, ReadTool

LISTED = (
    "title,status,kind,start_value,target_value,target_unit,value,start_date,target_date,progress,"
    "open_tasks,done_tasks,area_id,project_id"
)


class ListGoals(Input):
    q: Annotated[
        FilterText | None, Field(description="A filter, such as `~Health pace:behind`.")
    ] = None
    status: GoalStatus | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 25
    cursor: Annotated[str | None, Field(max_length=1_000)] = None


class GetGoal(Input):
    goal_id: UUID


class CreateGoal(Change):
    title: Title
    description: Prose = ""
    why: Annotated[Prose, Field(description="Why it matters to the user, in their words.")] = ""
    kind: GoalKind = GoalKind.REACH
    period: Annotated[GoalPeriod | None, Field(description="Only to maintain something.")] = None
    start_value: Amount | None = None
    target_value: Amount | None = None
    target_unit: Name | None = None
    start_date: Day | None = None
    target_date: Day | None = None
    area_id: UUID | None = None
    project_id: UUID | None = None


class UpdateGoal(Change):
    """What is left out stays as it is; null clears it."""

    goal_id: UUID
    title: Title = ABSENT
    description: Prose = ABSENT
    why: Prose = ABSENT
    status: Annotated[
        Literal[GoalStatus.ACTIVE, GoalStatus.DROPPED],
        Field(description="`dropped` lets it go."),
    ] = ABSENT
    target_value: Amount | None = None
    target_date: Day | None = None


class CompleteGoal(Change):
    goal_id: UUID


async def _list(ctx: Context, asked: ListGoals) -> Json:
    query = GoalQuery(
        q=asked.q, status=asked.status, limit=asked.limit, cursor=asked.cursor, fields=LISTED
    )
    return await planning.list_goals(ctx, query)


async def _get(ctx: Context, asked: GetGoal) -> Json:
    return assemble(
        {
            "goal": (await planning.get_goal(ctx, asked.goal_id)).body,
            "progress": await planning.explain_goal(ctx, asked.goal_id),
            "path": await planning.show_path(ctx, asked.goal_id),
        }
    )


async def _create(ctx: Context, goal_id: UUID, new: GoalCreate) -> None:
    await planning.create_goal(ctx, new.model_copy(update={"id": goal_id}))


async def _complete(ctx: Context, goal_id: UUID, _: Nothing) -> None:
    await planning.complete_goal(ctx, goal_id)


TOOLS = (
    ReadTool(
        name="list_goals",
        description="List goals with their progress.",
        group=Group.GOALS,
        permission=Permission.GOAL_READ,
        arguments=ListGoals,
        verb=_list,
    ),
    ReadTool(
        name="get_goal",
        description="Show one goal: its progress with reasons, its path and what would restore it.",
        group=Group.GOALS,
        permission=Permission.GOAL_READ,
        arguments=GetGoal,
        verb=_get,
    ),
    ActTool(
        name="create_goal",
        description="Add a goal. Afterwards `decompose_goal` can propose a plan for it.",
        group=Group.GOALS,
        permission=Permission.GOAL_WRITE,
        arguments=CreateGoal,
        deed=Deed("goal", Operation.CREATE, GoalCreate, _create, planning.get_goal),
    ),
    ActTool(
        name="update_goal",
        description="Change a goal: its words, its date, its target, or let it go.",
        group=Group.GOALS,
        permission=Permission.GOAL_WRITE,
        arguments=UpdateGoal,
        subject="goal_id",
        deed=Deed("goal", Operation.UPDATE, GoalUpdate, planning.update_goal, planning.get_goal),
    ),
    ActTool(
        name="complete_goal",
        description="Mark a goal as reached.",
        group=Group.GOALS,
        permission=Permission.GOAL_WRITE,
        arguments=CompleteGoal,
        subject="goal_id",
        deed=Deed("goal", Operation.COMPLETE, Nothing, _complete, planning.get_goal),
    ),
)
