"""Templates: kept outlines of tasks, made from what is there and planted where they are wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from pydantic import TypeAdapter

from selfos.features.identity import service as identity
from selfos.features.planning.events import (
    TemplateApplied,
    TemplateCreated,
    TemplateDeleted,
    TemplateUpdated,
)
from selfos.features.planning.models import Project, Task
from selfos.features.planning.recurrence.rules import read
from selfos.features.planning.recurrence.slots import day_of, read_slot
from selfos.features.planning.schemas.repeating import Repeat
from selfos.features.planning.schemas.templates import (
    TASKS_PER_TEMPLATE,
    TemplateCreate,
    TemplateOf,
    TemplateRepeat,
    TemplateTask,
    TemplateTie,
    TemplateUpdate,
    TemplateUse,
    stored,
)
from selfos.features.planning.service.loading import changeable
from selfos.features.planning.service.ordering import rank_after
from selfos.features.planning.service.outlines import (
    Line,
    Occurrence,
    Tie,
    first_day,
    plant,
    read_project,
    read_tree,
)
from selfos.features.planning.service.places import NOWHERE, PLACE_FIELDS, Place, place_task
from selfos.features.planning.service.tree import ancestors
from selfos.features.planning.templates import Template
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, Order, PageQuery
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

OUTLINE: TypeAdapter[list[TemplateTask]] = TypeAdapter(list[TemplateTask])
TEMPLATES = Documents(
    Template,
    {
        name: getattr(Template, name)
        for name in "id name description tasks created_at updated_at version".split()
    },
)


async def list_templates(ctx: Context, query: PageQuery) -> Json:
    """Return one page of templates by name."""
    ctx.require(Permission.TASK_READ)
    return await TEMPLATES.page(ctx, query, order=Order((Template.name,)))


async def get_template(ctx: Context, template_id: UUID) -> Document:
    """Return one template."""
    ctx.require(Permission.TASK_READ)
    return await TEMPLATES.one(ctx, template_id)


async def create_template(ctx: Context, new: TemplateCreate) -> Template:
    """Keep an outline of tasks."""
    ctx.require(Permission.TASK_WRITE)
    template = Template(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        name=new.name,
        description=new.description,
        tasks=stored(new.tasks),
    )
    ctx.session.add(template)
    ctx.emit(TemplateCreated(template_id=template.id))
    ctx.describe(f"Added the template “{template.name}”")
    return template


async def update_template(ctx: Context, template_id: UUID, change: TemplateUpdate) -> Template:
    """Change the given fields; `tasks` are the whole outline."""
    ctx.require(Permission.TASK_WRITE)
    template = await _get(ctx, template_id)
    given, before = change.given(), rows.image(template)
    if "tasks" in given:
        given["tasks"] = stored(given["tasks"])
    for name, value in given.items():
        setattr(template, name, value)
    if fields := rows.changed(template, before):
        ctx.emit(TemplateUpdated(template_id=template.id, fields=fields))
    ctx.describe(f"Changed the template “{template.name}”")
    return template


async def delete_template(ctx: Context, template_id: UUID) -> None:
    """Delete a template; what was made from it stays."""
    ctx.require(Permission.TASK_WRITE)
    template = await _get(ctx, template_id)
    ctx.emit(TemplateDeleted(template_id=template.id))
    ctx.describe(f"Deleted the template “{template.name}”")
    await ctx.session.delete(template)


async def make_template_of_task(ctx: Context, task_id: UUID, new: TemplateOf) -> Template:
    """Keep a task with its subtasks as a template; its days count from its first one."""
    task = await changeable(ctx, Task, task_id)
    return await _keep(ctx, new, task.title, await read_tree(ctx, task))


async def make_template_of_project(ctx: Context, project_id: UUID, new: TemplateOf) -> Template:
    """Keep a project's tasks as a template, with the names of their phases."""
    ctx.require(Permission.PROJECT_READ)
    project = await changeable(ctx, Project, project_id)
    lines = await read_project(ctx, project)
    if not lines:
        raise Conflict("This project has no tasks to make a template of.")
    return await _keep(ctx, new, project.name, lines)


async def apply_template(ctx: Context, template_id: UUID, use: TemplateUse) -> list[Task]:
    """Make a template's whole tree at a place, as one change; under a task it is a checklist."""
    ctx.require(Permission.TASK_WRITE)
    template = await rows.get(ctx, Template, template_id)
    given = {name: getattr(use, name) for name in PLACE_FIELDS if getattr(use, name) is not None}
    place = await place_task(ctx, given, NOWHERE, None) if given else NOWHERE
    start = use.start_date or (await identity.user_time(ctx)).today(ctx.now)
    lines = [_line(each, start) for each in OUTLINE.validate_python(template.tasks, strict=False)]
    planted = await plant(ctx, lines, place, depth=await _depth(ctx, place))
    ctx.emit(TemplateApplied(template_id=template.id, task_ids=[task.id for task in planted]))
    ctx.describe(f"Used the template “{template.name}”")
    return planted


async def duplicate_task(ctx: Context, task_id: UUID) -> Task:
    """Make a task again with its living subtasks, all open, right behind it."""
    ctx.require(Permission.TASK_WRITE)
    task = await changeable(ctx, Task, task_id)
    place = Place.of(task)
    rank = await rank_after(ctx, Task, task.id)
    lines = await read_tree(ctx, task)
    planted = await plant(ctx, lines, place, depth=await _depth(ctx, place), rank=rank)
    ctx.describe(f"Duplicated “{task.title}”")
    return planted[0]


async def _get(ctx: Context, template_id: UUID) -> Template:
    template = await rows.get(ctx, Template, template_id)
    ctx.expect(template)
    return template


async def _depth(ctx: Context, place: Place) -> int:
    """Return how many tasks lie above what is put here."""
    if place.parent_id is None:
        return 0
    return 1 + len(await ancestors(ctx, place.parent_id))


async def _keep(ctx: Context, new: TemplateOf, name: str, lines: list[Line]) -> Template:
    if len(lines) > TASKS_PER_TEMPLATE:
        raise Conflict(f"A template holds at most {TASKS_PER_TEMPLATE} tasks; take a part of this.")
    lines = [_by_its_rule(line) for line in lines]
    start = first_day(lines)
    tasks = [_template_task(line, start) for line in lines]
    kept = TemplateCreate(
        id=new.id, name=new.name or name[:200], description=new.description, tasks=tasks
    )
    return await create_template(ctx, kept)


def _by_its_rule(line: Line) -> Line:
    """Return a repeating line as its rule plans it, wherever its present occurrence was moved."""
    if not isinstance(line.repeat, Occurrence):
        return line
    slot = read_slot(line.repeat.slot)
    due: date | None = line.columns["due_date"]
    moved = line.moved(day_of(slot) - due) if due is not None else line
    plan = {
        "due_date": day_of(slot),
        "due_time": slot.time() if isinstance(slot, datetime) else None,
        "due_zone": line.repeat.series.zone,
    }
    return replace(moved, columns=moved.columns | plan)


def _template_task(line: Line, start: date | None) -> TemplateTask:
    """Return what a template keeps of a task: its days, counted from the first of the tree."""
    columns = line.columns

    def days(day: date | None) -> int | None:
        return (day - start).days if start and day else None

    def clock(name: str) -> str | None:
        return columns[name].strftime("%H:%M") if columns[name] else None

    return TemplateTask(
        depth=line.depth,
        labels=line.labels,
        phase=line.phase,
        start_day=days(columns["start_date"]),
        start_time=clock("start_time"),
        due_day=days(columns["due_date"]),
        due_time=clock("due_time"),
        deadline_day=days(columns["deadline"]),
        ties=[TemplateTie(line=tie.line, kind=tie.kind) for tie in line.ties],
        repeat=_template_repeat(line, days),
        **{name: columns[name] for name in (*TEMPLATE_FIELDS, *ZONES)},
    )


TEMPLATE_FIELDS = ("title", "notes", "priority", "duration_minutes", "weight")
ZONES = ("start_zone", "due_zone")


def _template_repeat(
    line: Line, days: Callable[[date | None], int | None]
) -> TemplateRepeat | None:
    """Return how a line repeats; exceptions to its rule are about days that do not come again."""
    if not isinstance(line.repeat, Occurrence):
        return None
    series = line.repeat.series
    rule = read(series.rule)
    return TemplateRepeat(
        rule=replace(rule, until=None).text(),
        mode=series.mode,
        catch_up=series.catch_up,
        phrase=series.phrase,
        until_day=days(rule.until),
    )


def _line(task: TemplateTask, start: date) -> Line:
    """Return what a line of a template says for one start."""

    def day(after: int | None) -> date | None:
        return start + timedelta(days=after) if after is not None else None

    def clock(text: str | None) -> time | None:
        return time.fromisoformat(text) if text else None

    columns = {name: getattr(task, name) for name in (*TEMPLATE_FIELDS, *ZONES)} | {
        "start_date": day(task.start_day),
        "start_time": clock(task.start_time),
        "due_date": day(task.due_day),
        "due_time": clock(task.due_time),
        "deadline": day(task.deadline_day),
    }
    ties = [Tie(tie.line, tie.kind) for tie in task.ties]
    repeat = _repeat(task.repeat, day) if task.repeat else None
    return Line(task.depth, columns, task.labels, task.phase, ties, repeat)


def _repeat(kept: TemplateRepeat, day: Callable[[int | None], date | None]) -> Repeat:
    rule = replace(read(kept.rule), until=day(kept.until_day))
    return Repeat(rule=rule.text(), mode=kept.mode, catch_up=kept.catch_up, phrase=kept.phrase)
