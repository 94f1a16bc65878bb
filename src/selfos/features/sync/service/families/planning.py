"""Areas, projects with their phases, goals, labels, tasks and their ties, templates."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import (
    AreaCreate,
    AreaUpdate,
    DependencyCreate,
    GoalCreate,
    GoalUpdate,
    LabelCreate,
    LabelUpdate,
    PhaseCreate,
    PhaseUpdate,
    ProjectCreate,
    ProjectUpdate,
    Reorder,
    TaskCompletion,
    TaskCreate,
    TaskMove,
    TaskUpdate,
)
from selfos.features.planning.schemas.measuring import DataPointCreate, DataPointUpdate
from selfos.features.planning.schemas.repeating import Repeat, SeriesUpdate
from selfos.features.planning.schemas.templates import TemplateCreate, TemplateUpdate
from selfos.features.planning.schemas.words import Scope
from selfos.features.sync.merging import Kind
from selfos.features.sync.service.nouns import (
    DELETED,
    FINISHED,
    Link,
    Noun,
    Part,
    Row,
    Verb,
    changing,
    creating,
    plain,
)
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input

SETTLED = ("done", "cancelled", "skipped")
ORDER = {"after_id": Kind.ORDER}
BY_POSITION = {"after_id": ("position",)}


class PhaseMake(PhaseCreate):
    """A phase says which project it belongs to."""

    project_id: UUID


class RepeatAsShown(Repeat):
    """How a task repeats as its row says it; the words are the server's own."""

    text: str | None = None


class TaskChange(TaskUpdate):
    """What an edit of a task holds; it may send back what the row shows."""

    # Inputs are frozen, so a narrower field is safe; the type checker cannot see it.
    repeat: RepeatAsShown | None = None  # pyright: ignore[reportIncompatibleVariableOverride]


class TaskDelete(Input):
    """Of a repeating task, this occurrence or all that is open of it."""

    scope: Literal[Scope.THIS, Scope.ALL] = Scope.THIS


class Measurement(DataPointCreate):
    """A data point says which goal it measures."""

    goal_id: UUID


class Tie(DependencyCreate):
    """A dependency says which task waits."""

    blocked_id: UUID


async def _complete_task(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await planning.complete_task(ctx, thing, on=given.on)


def _repeat_in_full(given: Any) -> Any:
    try:
        return planning.repeat_in_full(RepeatAsShown.model_validate(given))
    except ValueError:
        return given


async def _delete_task(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await planning.delete_task(ctx, thing, scope=given.scope if given else Scope.THIS)


async def _stop_series(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await planning.stop_series(ctx, thing)


async def _put_task_state(ctx: Context, thing: UUID, given: Any, row: Row) -> None:
    match given:
        case "done":
            await planning.complete_task(ctx, thing)
        case "cancelled":
            await planning.cancel_task(ctx, thing)
        case "skipped":
            await planning.skip_task(ctx, thing)
        case _:
            if row["state"] in SETTLED:
                await planning.reopen_task(ctx, thing)
            await planning.update_task(ctx, thing, TaskUpdate(state=given))


async def _put_goal_status(
    ctx: Context,
    thing: UUID,
    given: Any,
    row: Row,  # noqa: ARG001
) -> None:
    match given:
        case "completed":
            await planning.complete_goal(ctx, thing)
        case "active":
            await planning.reopen_goal(ctx, thing)
        case _:
            await planning.update_goal(ctx, thing, GoalUpdate(status=given))


async def _put_project_status(ctx: Context, thing: UUID, given: Any, row: Row) -> None:
    if given == "completed":
        await planning.complete_project(ctx, thing)
        return
    if row["status"] == "completed":
        await planning.reopen_project(ctx, thing)
    await planning.update_project(ctx, thing, ProjectUpdate(status=given))


async def _record(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    new = DataPointCreate(id=given.id, day=given.day, value=given.value, note=given.note)
    await planning.create_data_point(ctx, given.goal_id, new)


async def _correct(ctx: Context, thing: UUID, given: Any, row: Row) -> None:
    await planning.update_data_point(ctx, UUID(row["goal_id"]), thing, given)


async def _unrecord(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await planning.remove_data_point(ctx, UUID(row["goal_id"]), thing)


async def _create_phase(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    new = PhaseCreate(id=given.id, name=given.name)
    await planning.create_phase(ctx, given.project_id, new)


async def _update_phase(ctx: Context, thing: UUID, given: Any, row: Row) -> None:
    await planning.update_phase(ctx, UUID(row["project_id"]), thing, given)


async def _delete_phase(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await planning.delete_phase(ctx, UUID(row["project_id"]), thing)


async def _tie(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    new = DependencyCreate(id=given.id, blocker_id=given.blocker_id, kind=given.kind)
    await planning.create_dependency(ctx, given.blocked_id, new)


async def _untie(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await planning.delete_dependency(ctx, UUID(row["blocked_id"]), thing)


AREA = Noun(
    "area",
    planning.AREAS,
    Permission.AREA_READ,
    Permission.AREA_WRITE,
    creating(planning.create_area, AreaCreate),
    {
        "update": changing(planning.update_area, AreaUpdate),
        "move": changing(planning.move_area, Reorder),
        "archive": plain(planning.archive_area, archived=True),
        "unarchive": plain(planning.unarchive_area, archived=False),
        "delete": plain(planning.delete_area, deleted=True),
        "restore": plain(planning.restore_area, deleted=False),
    },
    kinds={"description": Kind.TEXT, **ORDER},
    columns=BY_POSITION,
)
PROJECT = Noun(
    "project",
    planning.PROJECTS,
    Permission.PROJECT_READ,
    Permission.PROJECT_WRITE,
    creating(planning.create_project, ProjectCreate),
    {
        "update": changing(planning.update_project, ProjectUpdate),
        "move": changing(planning.move_project, Reorder),
        "complete": plain(planning.complete_project, status="completed"),
        "reopen": plain(planning.reopen_project, status="active"),
        "archive": plain(planning.archive_project, archived=True),
        "unarchive": plain(planning.unarchive_project, archived=False),
        "delete": plain(planning.delete_project, deleted=True),
        "restore": plain(planning.restore_project, deleted=False),
    },
    kinds={"description": Kind.TEXT, **ORDER},
    columns=BY_POSITION,
    put={"status": _put_project_status},
)
PHASE = Noun(
    "phase",
    planning.PHASES,
    Permission.PROJECT_READ,
    Permission.PROJECT_WRITE,
    Verb(_create_phase, PhaseMake),
    {
        "update": Verb(_update_phase, PhaseUpdate),
        "delete": Verb(_delete_phase, None, {DELETED: True}),
    },
    kinds=ORDER,
    columns=BY_POSITION,
    shown=False,
)
GOAL = Noun(
    "goal",
    planning.GOALS,
    Permission.GOAL_READ,
    Permission.GOAL_WRITE,
    creating(planning.create_goal, GoalCreate),
    {
        "update": changing(planning.update_goal, GoalUpdate),
        "move": changing(planning.move_goal, Reorder),
        "complete": plain(planning.complete_goal, status="completed"),
        "reopen": plain(planning.reopen_goal, status="active"),
        "archive": plain(planning.archive_goal, archived=True),
        "unarchive": plain(planning.unarchive_goal, archived=False),
        "delete": plain(planning.delete_goal, deleted=True),
        "restore": plain(planning.restore_goal, deleted=False),
    },
    kinds={"description": Kind.TEXT, "why": Kind.TEXT, **ORDER},
    columns=BY_POSITION,
    put={"status": _put_goal_status},
)
LABEL = Noun(
    "label",
    planning.LABELS,
    Permission.LABEL_READ,
    Permission.LABEL_WRITE,
    creating(planning.create_label, LabelCreate),
    {
        "update": changing(planning.update_label, LabelUpdate),
        "delete": plain(planning.delete_label, deleted=True),
    },
)
REPETITION = Part(
    "series",
    planning.SERIES,
    "series_id",
    frozenset(Repeat.model_fields),
    (*Repeat.model_fields, "text"),
)
TASK = Noun(
    "task",
    planning.TASKS,
    Permission.TASK_READ,
    Permission.TASK_WRITE,
    creating(planning.create_task, TaskCreate),
    {
        "update": changing(planning.update_task, TaskChange),
        "move": changing(planning.move_task, TaskMove),
        "complete": Verb(_complete_task, TaskCompletion, {"state": "done"}, dated="on"),
        "cancel": plain(planning.cancel_task, state="cancelled"),
        "skip": plain(planning.skip_task, state="skipped"),
        "reopen": plain(planning.reopen_task, state="todo"),
        "archive": plain(planning.archive_task, archived=True),
        "unarchive": plain(planning.unarchive_task, archived=False),
        "delete": Verb(_delete_task, TaskDelete, {DELETED: True}),
        "restore": plain(planning.restore_task, deleted=False),
    },
    kinds={"notes": Kind.TEXT, "labels": Kind.WORDS, **ORDER},
    columns={
        "due": ("due_date", "due_time", "due_zone"),
        "start": ("start_date", "start_time", "start_zone"),
        "after_id": ("rank",),
        "repeat": ("series_id",),
    },
    parts={"repeat": REPETITION},
    forms={"repeat": _repeat_in_full},
    links={"labels": Link("task_label", "task_id", "label_id", "label")},
    put={"state": _put_task_state},
    modifiers=frozenset({"scope"}),
    stronger={"state": ("done", "skipped")},
)
DEPENDENCY = Noun(
    "dependency",
    planning.DEPENDENCIES,
    Permission.TASK_READ,
    Permission.TASK_WRITE,
    Verb(_tie, Tie),
    {"delete": Verb(_untie, None, {DELETED: True})},
)

DATA_POINT = Noun(
    "data_point",
    planning.DATA_POINTS,
    Permission.GOAL_READ,
    Permission.GOAL_WRITE,
    Verb(_record, Measurement, dated="day"),
    {
        "update": Verb(_correct, DataPointUpdate),
        "delete": Verb(_unrecord, None, {DELETED: True}),
    },
    kinds={"note": Kind.TEXT},
)

SERIES = Noun(
    "series",
    planning.SERIES,
    Permission.TASK_READ,
    Permission.TASK_WRITE,
    None,
    {
        "update": changing(planning.update_series, SeriesUpdate),
        "stop": plain(planning.stop_series, finished=True),
    },
    put={FINISHED: _stop_series},
)
TEMPLATE = Noun(
    "template",
    planning.TEMPLATES,
    Permission.TASK_READ,
    Permission.TASK_WRITE,
    creating(planning.create_template, TemplateCreate),
    {
        "update": changing(planning.update_template, TemplateUpdate),
        "delete": plain(planning.delete_template, deleted=True),
    },
    kinds={"description": Kind.TEXT},
)

# In the order a device can take them in: what others point to comes first.
NOUNS = (
    *(AREA, PROJECT, PHASE, GOAL, DATA_POINT, LABEL, SERIES, TASK, DEPENDENCY),
    TEMPLATE,
)
# Rows that show in another row, by the column that names it.
POINTERS = {
    "data_point": {"goal_id": "goal"},
    "dependency": {"blocker_id": "task", "blocked_id": "task"},
    "phase": {"project_id": "project"},
    "task": {
        "parent_id": "task",
        "project_id": "project",
        "goal_id": "goal",
        "series_id": "series",
    },
    "task_label": {"task_id": "task"},
}
rows_showing = planning.rows_showing
