"""Progress with its reasons, and projects along the calendar."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, and_, func, literal, or_, select, union_all

from selfos.features.planning.models import Goal, Phase, Project, Task
from selfos.features.planning.predicates import is_leaf, lives
from selfos.features.planning.progress import Part, explain, share
from selfos.features.planning.schemas.words import GoalKind, GoalStatus, TaskState
from selfos.features.planning.service.courses import course_of, progress_of
from selfos.features.planning.service.paths import explain as explain_course
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.permissions import Permission

TIMELINE_LIMIT = 1_000


async def explain_goal(ctx: Context, goal_id: UUID) -> Json:
    """Return a goal's progress with what makes it: its numbers in words, and each task."""
    ctx.require(Permission.GOAL_READ)
    goal = await rows.get(ctx, Goal, goal_id)
    if not goal.is_measured and goal.kind is not GoalKind.MILESTONES:
        return await _explained(ctx, Task.goal_id, goal_id)
    course = await course_of(ctx, goal)
    parts = [Part(each.id, each.title, each.weight, each.done) for each in course.tasks]
    return _shown(progress_of(course), explain_course(course), parts)


async def explain_project(ctx: Context, project_id: UUID) -> Json:
    """Return a project's progress with each task that makes it."""
    ctx.require(Permission.PROJECT_READ)
    await rows.get(ctx, Project, project_id)
    return await _explained(ctx, Task.project_id, project_id)


async def _explained(ctx: Context, column: Any, container_id: UUID) -> Json:
    query = (
        select(Task.id, Task.title, Task.weight, Task.state == TaskState.DONE)
        .where(column == container_id, lives(Task), is_leaf(Task), Task.series_id.is_(None))
        .order_by(Task.rank, Task.id)
    )
    parts = [Part(*row) for row in await ctx.session.execute(query)]
    return _shown(share(parts), explain(parts), parts)


def _shown(progress: float | None, explanation: str, parts: list[Part]) -> Json:
    shown = [{"kind": "task", **asdict(part)} for part in parts]
    return assemble({"progress": progress, "explanation": explanation, "parts": shown})


async def draw_timeline(ctx: Context, project_id: UUID) -> Json:
    """Return the phases, goals and dated tasks of a project in the order of the calendar.

    A phase has no dates of its own: it reaches from its first task to its last.
    """
    ctx.require(Permission.PROJECT_READ)
    await rows.get(ctx, Project, project_id)
    spans = _spans(project_id).subquery()
    query = select(spans).order_by(
        func.coalesce(spans.c.start_date, spans.c.end_date), spans.c.end_date, spans.c.id
    )
    found = await ctx.session.execute(query.limit(TIMELINE_LIMIT))
    return assemble({"items": [dict(row) for row in found.mappings()]})


def _spans(project_id: UUID) -> CompoundSelect[Any]:
    start, end = Task.start_date, func.coalesce(Task.due_date, Task.deadline)
    in_phase = and_(Task.phase_id == Phase.id, Task.workspace_id == Phase.workspace_id)
    phases = (
        select(
            literal("phase").label("kind"),
            Phase.id,
            Phase.name.label("title"),
            func.min(func.coalesce(start, end)).label("start_date"),
            func.max(end).label("end_date"),
            func.coalesce(func.bool_and(Task.settled_at.is_not(None)), False).label("done"),
        )
        .outerjoin(Task, and_(in_phase, lives(Task)))
        .where(Phase.project_id == project_id)
        .group_by(Phase.workspace_id, Phase.id)
    )
    goals = select(
        literal("goal"),
        Goal.id,
        Goal.title,
        Goal.start_date,
        Goal.target_date,
        Goal.status == GoalStatus.COMPLETED,
    ).where(Goal.project_id == project_id, Goal.deleted_at.is_(None))
    dated = or_(start.is_not(None), end.is_not(None))
    tasks = select(
        literal("task"), Task.id, Task.title, start, end, Task.state == TaskState.DONE
    ).where(Task.project_id == project_id, lives(Task), dated)
    return union_all(phases, goals, tasks)
