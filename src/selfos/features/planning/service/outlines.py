"""Trees of tasks as outlines: read from what is there, and planted anew as one change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from selfos.features.planning.documents import lives
from selfos.features.planning.events import TaskCreated
from selfos.features.planning.models import Label, Phase, Project, Task, TaskLabel
from selfos.features.planning.schemas.inputs import PhaseCreate
from selfos.features.planning.schemas.templates import DEEPEST_LINE
from selfos.features.planning.schemas.words import TaskState
from selfos.features.planning.service import labels
from selfos.features.planning.service.loading import series_around
from selfos.features.planning.service.ordering import next_rank
from selfos.features.planning.service.phases import new_phase
from selfos.features.planning.service.places import NOWHERE, Place
from selfos.features.planning.service.settling import surroundings
from selfos.features.planning.service.tree import descendants
from selfos.kernel.context import Context
from selfos.kernel.errors import Invalid, invalid
from selfos.kernel.identifiers import new_id

DATES = ("start_date", "due_date", "deadline")
PLANS = ("due_time", "due_zone", "start_time", "start_zone")
COPIED = ("title", "notes", "priority", "duration_minutes", "weight", "assignee_id", "waiting_for")


@dataclass(frozen=True, slots=True)
class Line:
    """One task of an outline: how deep it lies, and what its row says."""

    depth: int
    columns: dict[str, Any]
    labels: list[str] = field(default_factory=list[str])
    phase: str | None = None

    def moved(self, days: timedelta) -> Line:
        """Return it planned so many days later."""
        dates = {name: self.columns.get(name) for name in DATES}
        moved = {name: day + days if day is not None else None for name, day in dates.items()}
        return replace(self, columns=self.columns | moved)


def first_day(lines: Sequence[Line]) -> date | None:
    """Return the first day that any line is planned for."""
    days = [line.columns[name] for line in lines for name in DATES if line.columns.get(name)]
    return min(days, default=None)


async def read_tree(ctx: Context, root: Task) -> list[Line]:
    """Return a task and the living tasks below it."""
    below = await _living(ctx, Task.id.in_(descendants([root.id])))
    return await _outlined(ctx, [root], below)


async def read_project(ctx: Context, project: Project) -> list[Line]:
    """Return the living tasks of a project, in their order."""
    found = await _living(ctx, Task.project_id == project.id)
    ids = {task.id for task in found}
    roots = [task for task in found if task.parent_id not in ids]
    return await _outlined(ctx, roots, found)


async def _living(ctx: Context, *conditions: ColumnElement[bool]) -> list[Task]:
    query = select(Task).where(*conditions, lives(Task)).order_by(Task.rank, Task.id)
    return list(await ctx.session.scalars(query))


async def _outlined(ctx: Context, roots: Sequence[Task], tasks: Sequence[Task]) -> list[Line]:
    known = {task.id for task in (*roots, *tasks)}
    names = await _labels_of(ctx, known)
    phases = await _phases_of(ctx, {task.phase_id for task in tasks if task.phase_id})
    children: dict[UUID | None, list[Task]] = {}
    for task in tasks:
        children.setdefault(task.parent_id, []).append(task)

    def lines(task: Task, depth: int) -> list[Line]:
        columns = {name: getattr(task, name) for name in (*COPIED, *DATES, *PLANS)}
        phase = phases.get(task.phase_id) if task.phase_id else None
        line = Line(depth, columns, names.get(task.id, []), phase)
        below = [each for child in children.get(task.id, ()) for each in lines(child, depth + 1)]
        return [line, *below]

    return [line for root in roots for line in lines(root, 0)]


async def _labels_of(ctx: Context, task_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    found = await ctx.session.execute(
        select(TaskLabel.task_id, Label.name)
        .join(Label, Label.id == TaskLabel.label_id)
        .where(TaskLabel.task_id.in_(task_ids))
        .order_by(Label.key)
    )
    names: dict[UUID, list[str]] = {}
    for task_id, name in found:
        names.setdefault(task_id, []).append(name)
    return names


async def _phases_of(ctx: Context, phase_ids: Collection[UUID]) -> dict[UUID, str]:
    if not phase_ids:
        return {}
    found = await ctx.session.execute(select(Phase.id, Phase.name).where(Phase.id.in_(phase_ids)))
    return {row.id: row.name for row in found}


async def plant(
    ctx: Context, lines: Sequence[Line], place: Place, *, depth: int = 0, rank: str | None = None
) -> list[Task]:
    """Make the tasks of an outline at a place; `rank` is the first one's, if it matters.

    `depth` tells how many tasks lie above the place; deeper trees than are allowed are refused.
    """
    if depth + max(line.depth for line in lines) > DEEPEST_LINE:
        raise invalid("/parent_id", f"Subtasks go at most {DEEPEST_LINE + 1} levels deep.")
    phases = await _phases_called(ctx, lines, place)
    series_id = await series_around(ctx, place.parent_id)
    above: list[Task] = []
    planted: list[Task] = []
    for line in lines:
        del above[line.depth :]
        spot = replace(place, parent_id=above[-1].id) if above else place
        if line.phase in phases:
            spot = replace(spot, phase_id=phases[line.phase])
        task = _task(ctx, line, spot, rank if not planted else None)
        task.series_id = series_id
        above.append(task)
        planted.append(task)
        ctx.session.add(task)
        ctx.emit(TaskCreated(**surroundings(task)))
    # Labels name their tasks by id alone, so the tasks must be there first.
    await ctx.session.flush()
    pairs = zip(planted, lines, strict=True)
    await labels.label_new(ctx, [(task, line.labels) for task, line in pairs if line.labels])
    return planted


def _task(ctx: Context, line: Line, place: Place, rank: str | None) -> Task:
    task = Task(
        workspace_id=ctx.workspace_id,
        id=new_id(),
        state=TaskState.INBOX if place == NOWHERE else TaskState.TODO,
        rank=rank or next_rank(ctx),
        **line.columns,
        **place.columns(),
    )
    try:
        task.check()
    except Invalid as problem:
        raise Invalid(f"“{task.title}”: {problem.detail}") from problem
    return task


async def _phases_called(
    ctx: Context, lines: Sequence[Line], place: Place
) -> dict[str | None, UUID]:
    """Return the phases of the place's project by name, with those that were missing."""
    wanted = list(dict.fromkeys(line.phase for line in lines if line.phase is not None))
    if place.project_id is None or place.parent_id or place.phase_id or not wanted:
        return {}
    there = await ctx.session.scalars(select(Phase).where(Phase.project_id == place.project_id))
    phases: dict[str | None, UUID] = {phase.name: phase.id for phase in there}
    for serial, name in enumerate(each for each in wanted if each not in phases):
        phase = new_phase(ctx, place.project_id, PhaseCreate(name=name), serial)
        ctx.session.add(phase)
        phases[name] = phase.id
    await ctx.session.flush()
    return phases
