"""Trees of tasks as outlines: read from what is there, and planted anew as one change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from selfos.features.planning.events import TaskCreated
from selfos.features.planning.models import (
    Label,
    Phase,
    Project,
    Task,
    TaskDependency,
    TaskLabel,
)
from selfos.features.planning.predicates import lives
from selfos.features.planning.schemas.inputs import PhaseCreate
from selfos.features.planning.schemas.repeating import Repeat
from selfos.features.planning.schemas.templates import DEEPEST_LINE
from selfos.features.planning.schemas.words import DependencyKind, TaskState
from selfos.features.planning.series import Series
from selfos.features.planning.service import labels
from selfos.features.planning.service.loading import series_around
from selfos.features.planning.service.ordering import next_rank
from selfos.features.planning.service.phases import new_phase
from selfos.features.planning.service.places import NOWHERE, Place
from selfos.features.planning.service.series import repeat_alike, start_series
from selfos.features.planning.service.settling import surroundings
from selfos.features.planning.service.ties import remember_tie
from selfos.features.planning.service.tree import descendants
from selfos.kernel.context import Context
from selfos.kernel.errors import Invalid, invalid
from selfos.kernel.identifiers import new_id

DATES = ("start_date", "due_date", "deadline")
PLANS = ("due_time", "due_zone", "start_time", "start_zone")
COPIED = ("title", "notes", "priority", "duration_minutes", "weight", "assignee_id", "waiting_for")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where in which series a task stands that shall be repeated alike."""

    series: Series
    slot: str


@dataclass(frozen=True, slots=True)
class Tie:
    """The place of another line that this one is tied to; with `blocks` that one comes first."""

    line: int
    kind: DependencyKind


@dataclass(frozen=True, slots=True)
class Line:
    """One task of an outline: how deep it lies, what its row says, and what it is tied to."""

    depth: int
    columns: dict[str, Any]
    labels: list[str] = field(default_factory=list[str])
    phase: str | None = None
    ties: list[Tie] = field(default_factory=list[Tie])
    repeat: Occurrence | Repeat | None = None

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
    """Return the living tasks of a project, in their order; what repeats is one of them."""
    found = _each_once(await _living(ctx, Task.project_id == project.id))
    ids = {task.id for task in found}
    roots = [task for task in found if task.parent_id not in ids]
    return await _outlined(ctx, roots, found)


async def _living(ctx: Context, *conditions: ColumnElement[bool]) -> list[Task]:
    query = select(Task).where(*conditions, lives(Task)).order_by(Task.rank, Task.id)
    return list(await ctx.session.scalars(query))


def _each_once(tasks: Sequence[Task]) -> list[Task]:
    """Leave out all occurrences of a series but its first open one, or else its last."""
    kept: dict[UUID | None, Task] = {}
    for task in sorted((each for each in tasks if each.slot), key=lambda each: each.slot or ""):
        standing = kept.get(task.series_id)
        if standing is None or not standing.is_open:
            kept[task.series_id] = task
    left_out = {task.id for task in tasks if task.slot and kept[task.series_id] is not task}
    for _ in range(DEEPEST_LINE):
        left_out |= {task.id for task in tasks if task.parent_id in left_out}
    return [task for task in tasks if task.id not in left_out]


async def _outlined(ctx: Context, roots: Sequence[Task], tasks: Sequence[Task]) -> list[Line]:
    known = {task.id: task for task in (*roots, *tasks)}
    names = await _labels_of(ctx, known)
    phases = await _phases_of(ctx, {task.phase_id for task in tasks if task.phase_id})
    series = await _series_of(ctx, known.values())
    children: dict[UUID | None, list[Task]] = {}
    for task in tasks:
        children.setdefault(task.parent_id, []).append(task)

    def lines(task: Task, depth: int) -> list[tuple[UUID, Line]]:
        columns = {name: getattr(task, name) for name in (*COPIED, *DATES, *PLANS)}
        phase = phases.get(task.phase_id) if task.phase_id else None
        stands = series.get(task.series_id) if task.slot else None
        repeat = Occurrence(stands, task.slot) if stands and task.slot else None
        line = Line(depth, columns, names.get(task.id, []), phase, repeat=repeat)
        below = [each for child in children.get(task.id, ()) for each in lines(child, depth + 1)]
        return [(task.id, line), *below]

    outline = [line for root in roots for line in lines(root, 0)]
    ties = await _ties_of(ctx, [task_id for task_id, _ in outline])
    return [replace(line, ties=ties.get(task_id, [])) for task_id, line in outline]


async def _series_of(ctx: Context, tasks: Iterable[Task]) -> dict[UUID | None, Series]:
    """Return those series of these occurrences that go on."""
    ids = {task.series_id for task in tasks if task.slot and task.series_id}
    if not ids:
        return {}
    going_on = select(Series).where(Series.id.in_(ids), Series.finished_at.is_(None))
    return {series.id: series for series in await ctx.session.scalars(going_on)}


async def _ties_of(ctx: Context, task_ids: Sequence[UUID]) -> dict[UUID, list[Tie]]:
    """Return the ties among these tasks, at the one that waits."""
    places = {task_id: place for place, task_id in enumerate(task_ids)}
    edges = await ctx.session.scalars(
        select(TaskDependency)
        .where(TaskDependency.blocker_id.in_(task_ids), TaskDependency.blocked_id.in_(task_ids))
        .order_by(TaskDependency.id)
    )
    ties: dict[UUID, list[Tie]] = {}
    for edge in edges:
        tie = Tie(places[edge.blocker_id], edge.kind)
        ties.setdefault(edge.blocked_id, []).append(tie)
    return ties


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
    for task, line in zip(planted, lines, strict=True):
        await _repeat(ctx, task, line)
    for task, line in zip(planted, lines, strict=True):
        for tie in line.ties:
            await _tie(ctx, planted[tie.line], task, tie.kind)
    return planted


async def _repeat(ctx: Context, task: Task, line: Line) -> None:
    """Let a task repeat as its line says; under another it comes back with that."""
    if task.parent_id is not None:
        return
    match line.repeat:
        case Occurrence(series=series, slot=slot):
            await repeat_alike(ctx, task, series, slot)
        case Repeat() as repeat:
            try:
                await start_series(ctx, task, repeat)
            except Invalid as problem:
                raise Invalid(f"“{task.title}”: {problem.detail}") from problem
        case None:
            pass


async def _tie(ctx: Context, blocker: Task, blocked: Task, kind: DependencyKind) -> None:
    ctx.session.add(
        TaskDependency(
            workspace_id=ctx.workspace_id,
            id=new_id(),
            blocker_id=blocker.id,
            blocked_id=blocked.id,
            kind=kind,
        )
    )
    if kind is DependencyKind.BLOCKS:
        await remember_tie(ctx, blocker, blocked)


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
