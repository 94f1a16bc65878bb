"""Templates: kept outlines of tasks, made from what is there and planted where they are wanted."""

from __future__ import annotations

from datetime import date, time, timedelta
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
from selfos.features.planning.schemas.templates import (
    TASKS_PER_TEMPLATE,
    TemplateCreate,
    TemplateOf,
    TemplateTask,
    TemplateUpdate,
    TemplateUse,
    stored,
)
from selfos.features.planning.service.loading import changeable
from selfos.features.planning.service.ordering import rank_after
from selfos.features.planning.service.outlines import (
    Line,
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
    lines = [_line(each, start) for each in OUTLINE.validate_python(template.tasks)]
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
    start = first_day(lines)
    tasks = [_template_task(line, start) for line in lines]
    kept = TemplateCreate(
        id=new.id, name=new.name or name[:200], description=new.description, tasks=tasks
    )
    return await create_template(ctx, kept)


def _template_task(line: Line, start: date | None) -> TemplateTask:
    """Return what a template keeps of a task: its days, counted from the first of the tree."""
    columns = line.columns

    def days(name: str) -> int | None:
        return (columns[name] - start).days if start and columns[name] else None

    clock: time | None = columns["due_time"]
    return TemplateTask(
        depth=line.depth,
        labels=line.labels,
        phase=line.phase,
        start_day=days("start_date"),
        due_day=days("due_date"),
        due_time=clock.strftime("%H:%M") if clock else None,
        deadline_day=days("deadline"),
        **{name: columns[name] for name in TEMPLATE_FIELDS},
    )


TEMPLATE_FIELDS = ("title", "notes", "priority", "duration_minutes", "weight")


def _line(task: TemplateTask, start: date) -> Line:
    """Return what a line of a template says for one start."""

    def day(after: int | None) -> date | None:
        return start + timedelta(days=after) if after is not None else None

    columns = {name: getattr(task, name) for name in TEMPLATE_FIELDS} | {
        "start_date": day(task.start_day),
        "due_date": day(task.due_day),
        "due_time": time.fromisoformat(task.due_time) if task.due_time else None,
        "deadline": day(task.deadline_day),
    }
    return Line(task.depth, columns, task.labels, task.phase)
