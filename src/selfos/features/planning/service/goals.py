"""Goals; their tasks follow them wherever they go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from selfos.features.identity import service as identity
from selfos.features.planning.documents import GOALS
from selfos.features.planning.events import (
    GoalCompleted,
    GoalCreated,
    GoalDeleted,
    GoalReopened,
    GoalRestored,
    GoalUpdated,
)
from selfos.features.planning.filters.compiling import Asker, Fields, asks_for
from selfos.features.planning.filters.containers import GOAL_FIELDS, goal_fields
from selfos.features.planning.filters.tree import Filter
from selfos.features.planning.models import Goal, Task
from selfos.features.planning.schemas.inputs import GoalCreate, GoalQuery, GoalUpdate, Reorder
from selfos.features.planning.schemas.words import Counting, GoalKind, GoalStatus
from selfos.features.planning.service import keeping
from selfos.features.planning.service.filtering import (
    Asked,
    Wanted,
    as_they_are,
    read_for,
    show_page,
)
from selfos.features.planning.service.listing import kept_conditions, pointing
from selfos.features.planning.service.loading import changeable
from selfos.features.planning.service.ordering import next_rank, rank_after
from selfos.features.planning.service.places import place_goal
from selfos.features.planning.service.standings import states_of_goals
from selfos.features.planning.service.tree import change_rows
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Order
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

PLACE = ("project_id", "area_id")
METRIC = frozenset({"kind", "counting", "start_value", "target_value", "start_date", "target_date"})
# How data points count where nobody says: what is reduced is read off, all else adds up.
COUNTED = {GoalKind.REDUCE: Counting.LAST}


async def get_goal(ctx: Context, goal_id: UUID) -> Document:
    """Return one goal as shown, also from the trash."""
    ctx.require(Permission.GOAL_READ)
    return await GOALS.one(ctx, goal_id)


async def list_goals(ctx: Context, query: GoalQuery) -> Json:
    """Return one page of goals, by default all in manual order."""
    ctx.require(Permission.GOAL_READ)
    by_hand = Order((Goal.position,))
    if query.q is None:
        return await GOALS.page(ctx, query, *_conditions(query), order=by_hand)

    async def fields(chosen: Filter) -> Fields:
        return await _fields(ctx, chosen)

    wanted = await read_for(ctx, query.q, fields, pointer="/query/q")
    query = query.model_copy(update=wanted.overruled(query.include))
    sections = wanted.open_sections() if query.status is None else wanted.sections()
    conditions = (or_(*sections), *_conditions(query))
    return await show_page(ctx, GOALS, query, wanted, *conditions, otherwise=by_hand)


async def ask_goals(ctx: Context, chosen: Filter, asker: Asker) -> Asked:
    """Return a filter of goals ready to be looked at: active ones, unless it says otherwise."""
    ctx.require(Permission.GOAL_READ)
    wanted = Wanted(chosen, await _fields(ctx, chosen), asker)
    kept = kept_conditions(Goal, wanted.overruled(None).get("include"))
    sections = [and_(section, *kept) for section in wanted.open_sections()]
    return Asked(wanted, GOALS, sections, Order((Goal.position,)), as_they_are)


async def _fields(ctx: Context, chosen: Filter) -> Fields:
    """Return what goals can be asked for; their paths are walked only where it is about them."""
    return goal_fields(await states_of_goals(ctx)) if asks_for(chosen, "pace") else GOAL_FIELDS


def _conditions(query: GoalQuery) -> list[ColumnElement[bool]]:
    return [
        *kept_conditions(Goal, query.include),
        *pointing(Goal, area_id=query.area_id, project_id=query.project_id, status=query.status),
    ]


async def create_goal(ctx: Context, new: GoalCreate) -> Goal:
    """Add a goal; inside a project it lies in the project's area."""
    ctx.require(Permission.GOAL_WRITE)
    given = {name: getattr(new, name) for name in PLACE if getattr(new, name) is not None}
    place = await place_goal(ctx, given, {})
    goal = Goal(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        status=GoalStatus.ACTIVE,
        position=next_rank(ctx),
        counting=new.counting or COUNTED.get(new.kind, Counting.SUM),
        **place,
        **new.model_dump(exclude={"id", "counting", *PLACE}),
    )
    await _complete_metric(ctx, goal)
    ctx.session.add(goal)
    ctx.emit(GoalCreated(**surroundings(goal)))
    ctx.describe(f"Added the goal “{goal.title}”")
    return goal


async def update_goal(ctx: Context, goal_id: UUID, change: GoalUpdate) -> Goal:
    """Change the given fields; a new project or area takes the tasks along."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await changeable(ctx, Goal, goal_id)
    given, before = change.given(), rows.image(goal)
    await _keep_running_path(ctx, goal, given)
    await _put(ctx, goal, {name: given[name] for name in PLACE if name in given})
    for name in given.keys() - set(PLACE):
        setattr(goal, name, given[name])
    if "status" in given:
        goal.completed_at = None
    if "kind" in given and "period" not in given and goal.kind is not GoalKind.MAINTAIN:
        goal.period = None
    await _complete_metric(ctx, goal)
    if fields := rows.changed(goal, before):
        ctx.emit(GoalUpdated(**surroundings(goal), fields=fields))
    ctx.describe(f"Changed the goal “{goal.title}”")
    return goal


async def move_goal(ctx: Context, goal_id: UUID, move: Reorder) -> Goal:
    """Put a goal behind another one, or first."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await changeable(ctx, Goal, goal_id)
    if move.after_id != goal.id:
        goal.position = await rank_after(ctx, Goal, move.after_id)
    ctx.describe(f"Moved the goal “{goal.title}”")
    return goal


async def complete_goal(ctx: Context, goal_id: UUID) -> Goal:
    """Complete a goal, its tasks as they are; completing it again is a conflict."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await changeable(ctx, Goal, goal_id)
    goal.complete(ctx.now)
    ctx.emit(GoalCompleted(**surroundings(goal)))
    ctx.describe(f"Completed the goal “{goal.title}”")
    return goal


async def reopen_goal(ctx: Context, goal_id: UUID) -> Goal:
    """Make a completed or dropped goal active again."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await changeable(ctx, Goal, goal_id)
    goal.reopen()
    ctx.emit(GoalReopened(**surroundings(goal)))
    ctx.describe(f"Reopened the goal “{goal.title}”")
    return goal


async def archive_goal(ctx: Context, goal_id: UUID) -> Goal:
    """Put a goal away with its tasks."""
    ctx.require(Permission.GOAL_WRITE)
    return await keeping.archive(ctx, Goal, goal_id)


async def unarchive_goal(ctx: Context, goal_id: UUID) -> Goal:
    """Bring an archived goal back with its tasks."""
    ctx.require(Permission.GOAL_WRITE)
    return await keeping.unarchive(ctx, Goal, goal_id)


async def delete_goal(ctx: Context, goal_id: UUID) -> None:
    """Put a goal and its tasks into the trash for 30 days."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await changeable(ctx, Goal, goal_id)
    await keeping.throw_away(ctx, goal)
    ctx.emit(GoalDeleted(**surroundings(goal)))


async def restore_goal(ctx: Context, goal_id: UUID) -> Goal:
    """Take a goal out of the trash with the tasks deleted with it."""
    ctx.require(Permission.GOAL_WRITE)
    goal = await keeping.restore(ctx, Goal, goal_id)
    ctx.emit(GoalRestored(**surroundings(goal)))
    return goal


async def _keep_running_path(ctx: Context, goal: Goal, given: dict[str, Any]) -> None:
    """Refuse to bend a path that runs: its next days stay as promised."""
    if not goal.has_path or not any(given[n] != getattr(goal, n) for n in METRIC & given.keys()):
        return
    today = (await identity.user_time(ctx)).today(ctx.now)
    if goal.start_date is not None and goal.start_date < today:
        raise Conflict(
            "This goal is on its path. Ease or steepen the path, or begin another season, instead"
            " of changing its numbers."
        )


async def _complete_metric(ctx: Context, goal: Goal) -> None:
    if goal.kind is not GoalKind.REACH or goal.start_value is not None:
        goal.fill((await identity.user_time(ctx)).today(ctx.now))
    goal.check()


async def _put(ctx: Context, goal: Goal, given: dict[str, UUID | None]) -> None:
    now = {"project_id": goal.project_id, "area_id": goal.area_id}
    place = await place_goal(ctx, given, now) if given else now
    if place == now:
        return
    carried = dict(place)
    if place["project_id"] != now["project_id"]:
        carried["phase_id"] = None
    for name, value in place.items():
        setattr(goal, name, value)
    await change_rows(ctx, Task, [Task.goal_id == goal.id], **carried)


def surroundings(goal: Goal) -> dict[str, Any]:
    """Return what every event about a goal tells."""
    return {"goal_id": goal.id, "project_id": goal.project_id, "area_id": goal.area_id}
