"""Tasks for assistants: found by the filter language, made, changed, settled, moved."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfos.features.planning import service as planning
from selfos.features.planning.schemas.filters import FilterText
from selfos.features.planning.schemas.inputs import (
    TaskCompletion,
    TaskCreate,
    TaskMove,
    TaskQuery,
    TaskUpdate,
)
from selfos.features.planning.schemas.repeating import Repeat
from selfos.features.planning.schemas.words import (
    Day,
    LabelNames,
    Minutes,
    OpenState,
    Priority,
    Scope,
    When,
)
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import ABSENT, Input, Name, Prose, Title
from selfos.kernel.tools import ActTool, Change, Deed, Group, Operation, ReadTool

MOST_LISTED = 50
LISTED = (
    "title,state,priority,due,start,deadline,duration_minutes,project_id,goal_id,area_id,parent_id,"
    "labels,repeat,waiting_for,waiting_until,blocked,subtasks_open,completed_at"
)
Due = Annotated[
    When | None,
    Field(description='When it is due, such as {"kind": "date", "date": "2027-05-23"}.'),
]
OneTask = Annotated[UUID, Field(description="The id of a task.")]


class ListTasks(Input):
    q: Annotated[
        FilterText | None,
        Field(
            description="A filter, such as `p1 due:<=today`, `is:overdue !@errand`, `#Project`, "
            "`~Area`, `goal:name` or plain words; by default all open tasks."
        ),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 25
    cursor: Annotated[str | None, Field(max_length=1_000)] = None


class GetTask(Input):
    task_id: OneTask


class CreateTask(Change):
    title: Title
    notes: Prose = ""
    due: Due = None
    start: Annotated[When | None, Field(description="Not before this.")] = None
    deadline: Annotated[Day | None, Field(description="The last possible day.")] = None
    priority: Priority = 4
    duration_minutes: Minutes | None = None
    labels: LabelNames = []
    project_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None
    parent_id: Annotated[UUID | None, Field(description="The task this is a step of.")] = None
    repeat: Annotated[Repeat | None, Field(description="How it repeats, as an RRULE.")] = None


class UpdateTask(Change):
    """What is left out stays as it is; null clears it."""

    task_id: OneTask
    title: Title = ABSENT
    notes: Prose = ABSENT
    state: OpenState = ABSENT
    due: Due = None
    start: When | None = None
    deadline: Day | None = None
    priority: Priority = ABSENT
    duration_minutes: Minutes | None = None
    labels_add: LabelNames = ABSENT
    labels_remove: LabelNames = ABSENT
    waiting_for: Name | None = None


class CompleteTask(Change):
    task_id: OneTask
    on: Annotated[Day | None, Field(description="The day it was done, if not today.")] = None


class ReopenTask(Change):
    task_id: OneTask


class MoveTask(Change):
    """Name only the places that change."""

    task_id: OneTask
    project_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None
    parent_id: UUID | None = None
    after_id: Annotated[
        UUID | None, Field(description="The task to stand behind; null puts it first.")
    ] = None


class TaskScope(Input):
    scope: Annotated[
        Literal["this", "all"], Field(description="Of a repeating task: this one, or all.")
    ] = "this"


class DeleteTask(Change, TaskScope):
    task_id: OneTask


class Nothing(Input):
    """A deed that needs to know no more."""


async def _list(ctx: Context, asked: ListTasks) -> Json:
    query = TaskQuery(q=asked.q, limit=asked.limit, cursor=asked.cursor, fields=LISTED)
    return await planning.list_tasks(ctx, query)


async def _get(ctx: Context, asked: GetTask) -> Json:
    return (await planning.get_task(ctx, asked.task_id)).body


async def _create(ctx: Context, task_id: UUID, new: TaskCreate) -> None:
    await planning.create_task(ctx, new.model_copy(update={"id": task_id}))


async def _complete(ctx: Context, task_id: UUID, done: TaskCompletion) -> None:
    await planning.complete_task(ctx, task_id, on=done.on)


async def _reopen(ctx: Context, task_id: UUID, _: Nothing) -> None:
    await planning.reopen_task(ctx, task_id)


async def _delete(ctx: Context, task_id: UUID, fields: TaskScope) -> None:
    await planning.delete_task(ctx, task_id, scope=Scope(fields.scope))


TOOLS = (
    ReadTool(
        name="list_tasks",
        description="List tasks, open ones unless the filter says otherwise.",
        group=Group.TASKS,
        permission=Permission.TASK_READ,
        arguments=ListTasks,
        verb=_list,
    ),
    ReadTool(
        name="get_task",
        description="Show one task with its notes, labels, dates and what it waits for.",
        group=Group.TASKS,
        permission=Permission.TASK_READ,
        arguments=GetTask,
        verb=_get,
    ),
    ActTool(
        name="create_task",
        description="Add a task. Without a project, goal, area or parent it lands in the inbox.",
        group=Group.TASKS,
        permission=Permission.TASK_WRITE,
        arguments=CreateTask,
        deed=Deed("task", Operation.CREATE, TaskCreate, _create, planning.get_task),
    ),
    ActTool(
        name="update_task",
        description="Change fields of a task; what is left out stays.",
        group=Group.TASKS,
        permission=Permission.TASK_WRITE,
        arguments=UpdateTask,
        subject="task_id",
        deed=Deed("task", Operation.UPDATE, TaskUpdate, planning.update_task, planning.get_task),
    ),
    ActTool(
        name="complete_task",
        description="Mark a task as done.",
        group=Group.TASKS,
        permission=Permission.TASK_WRITE,
        arguments=CompleteTask,
        subject="task_id",
        deed=Deed("task", Operation.COMPLETE, TaskCompletion, _complete, planning.get_task),
    ),
    ActTool(
        name="reopen_task",
        description="Open a done or cancelled task again.",
        group=Group.TASKS,
        permission=Permission.TASK_WRITE,
        arguments=ReopenTask,
        subject="task_id",
        deed=Deed("task", Operation.REOPEN, Nothing, _reopen, planning.get_task),
    ),
    ActTool(
        name="move_task",
        description="Put a task, with its steps, elsewhere or behind another one.",
        group=Group.TASKS,
        permission=Permission.TASK_WRITE,
        arguments=MoveTask,
        subject="task_id",
        deed=Deed("task", Operation.MOVE, TaskMove, planning.move_task, planning.get_task),
    ),
    ActTool(
        name="delete_task",
        description="Put a task and its steps into the trash, once the user has agreed.",
        group=Group.TASKS,
        permission=Permission.TASK_WRITE,
        arguments=DeleteTask,
        subject="task_id",
        deed=Deed("task", Operation.DELETE, TaskScope, _delete, planning.get_task),
        destructive=True,
    ),
)
