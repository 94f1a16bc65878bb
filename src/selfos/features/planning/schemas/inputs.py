"""What a client sends: new rows, merge patches, moves, bulk edits and the filters of lists."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfos.features.planning.schemas.filters import FilterText
from selfos.features.planning.schemas.repeating import Repeat
from selfos.features.planning.schemas.words import (
    BULK_LIMIT,
    Amount,
    AreaWeight,
    Counting,
    Day,
    DependencyKind,
    GoalKind,
    GoalPeriod,
    GoalStatus,
    Hue,
    IconName,
    LabelNames,
    Minutes,
    OpenState,
    Priority,
    ProjectStatus,
    Scope,
    TaskSort,
    TaskState,
    TaskWeight,
    When,
    WrittenDay,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Name, Prose, Query, Title, Variant

WaitingUntil = Annotated[
    Day | None, Field(description="The day it comes back; only a waiting task has one.")
]


class AreaCreate(Input):
    id: ClientId | None = None
    name: Name
    description: Prose = ""
    icon: IconName = "circle"
    color: Hue = Hue.GROWTH
    weight: AreaWeight = 5


class AreaUpdate(Input):
    name: Name = ABSENT
    description: Prose = ABSENT
    icon: IconName = ABSENT
    color: Hue = ABSENT
    weight: AreaWeight = ABSENT


class ProjectCreate(Input):
    id: ClientId | None = None
    area_id: UUID | None = None
    name: Name
    description: Prose = ""
    status: Literal[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD] = ProjectStatus.ACTIVE
    priority: Priority = 4
    start_date: Day | None = None
    target_date: Day | None = None
    phases: Annotated[list[Name], Field(max_length=50)] = []


class ProjectUpdate(Input):
    area_id: UUID | None = None
    name: Name = ABSENT
    description: Prose = ABSENT
    status: Literal[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD] = ABSENT
    priority: Priority = ABSENT
    start_date: Day | None = None
    target_date: Day | None = None


class PhaseCreate(Input):
    id: ClientId | None = None
    name: Name


class PhaseUpdate(Input):
    """`after_id` puts the phase behind another one, null puts it first."""

    name: Name = ABSENT
    after_id: UUID | None = None


class GoalCreate(Input):
    id: ClientId | None = None
    area_id: UUID | None = None
    project_id: UUID | None = None
    title: Title
    description: Prose = ""
    why: Prose = ""
    kind: GoalKind = GoalKind.REACH
    counting: Annotated[
        Counting | None,
        Field(description="Default: `last` to reduce something, `sum` for all other kinds."),
    ] = None
    period: Annotated[
        GoalPeriod | None, Field(description="Only to maintain something; default `week`.")
    ] = None
    start_value: Annotated[
        Amount | None, Field(description="Where it begins; with a target, this makes a path.")
    ] = None
    target_value: Amount | None = None
    target_unit: Name | None = None
    start_date: Day | None = None
    target_date: Day | None = None


class GoalUpdate(Input):
    area_id: UUID | None = None
    project_id: UUID | None = None
    title: Title = ABSENT
    description: Prose = ABSENT
    why: Prose = ABSENT
    status: Literal[GoalStatus.ACTIVE, GoalStatus.DROPPED] = ABSENT
    kind: GoalKind = ABSENT
    counting: Counting = ABSENT
    period: GoalPeriod | None = None
    start_value: Amount | None = None
    target_value: Amount | None = None
    target_unit: Name | None = None
    start_date: Day | None = None
    target_date: Day | None = None


class Reorder(Input):
    """Put it behind another one of its kind; null puts it first."""

    after_id: UUID | None


class TaskCreate(Input):
    id: ClientId | None = None
    parent_id: UUID | None = None
    project_id: UUID | None = None
    phase_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None
    title: Title
    notes: Prose = ""
    state: OpenState | None = None
    priority: Priority = 4
    due: When | None = None
    start: When | None = None
    deadline: Day | None = None
    duration_minutes: Minutes | None = None
    weight: TaskWeight = 1.0
    labels: LabelNames = []
    assignee_id: UUID | None = None
    waiting_for: Name | None = None
    waiting_until: WaitingUntil = None
    repeat: Repeat | None = None


class TaskUpdate(Input):
    """A new `repeat` holds from this occurrence on; null lets this one be the last."""

    parent_id: UUID | None = None
    project_id: UUID | None = None
    phase_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None
    title: Title = ABSENT
    notes: Prose = ABSENT
    state: OpenState = ABSENT
    priority: Priority = ABSENT
    due: When | None = None
    start: When | None = None
    deadline: Day | None = None
    duration_minutes: Minutes | None = None
    weight: TaskWeight = ABSENT
    labels: LabelNames = ABSENT
    labels_add: Annotated[LabelNames, Field(description="Labels to add to those it has.")] = ABSENT
    labels_remove: Annotated[LabelNames, Field(description="Labels to take off.")] = ABSENT
    assignee_id: UUID | None = None
    waiting_for: Name | None = None
    waiting_until: WaitingUntil = None
    repeat: Repeat | None = None
    scope: Annotated[
        Scope, Field(description="How much of a repeating task changes; by default this one.")
    ] = Scope.THIS


class TaskCompletion(Input):
    """`on` is the day it was done, if that is not today."""

    on: Day | None = None


class TaskMove(Input):
    """A new place, a new neighbour, or both; with `after_id` null the task comes first."""

    parent_id: UUID | None = None
    project_id: UUID | None = None
    phase_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None
    after_id: UUID | None = None


class BulkVerb(Variant):
    """`skip` is for repeating tasks only."""

    kind: Literal[
        "complete", "reopen", "cancel", "skip", "delete", "restore", "archive", "unarchive"
    ]


class BulkUpdate(Variant):
    kind: Literal["update"]
    fields: TaskUpdate


class BulkMove(Variant, TaskMove):
    kind: Literal["move"]


class BulkReschedule(Variant):
    """Put each on another day; what has a time of day keeps it."""

    kind: Literal["reschedule"]
    date: Day


BulkAction = BulkVerb | BulkUpdate | BulkMove | BulkReschedule


class BulkEdit(Input):
    task_ids: Annotated[list[UUID], Field(min_length=1, max_length=BULK_LIMIT)]
    action: Annotated[BulkAction, Field(discriminator="kind")]


class DependencyCreate(Input):
    id: ClientId | None = None
    blocker_id: UUID
    kind: DependencyKind = DependencyKind.BLOCKS


class LabelCreate(Input):
    id: ClientId | None = None
    name: Name
    color: Hue | None = None


class LabelUpdate(Input):
    name: Name = ABSENT
    color: Hue = ABSENT


class TaskDeletion(Query):
    scope: Annotated[
        Literal[Scope.THIS, Scope.ALL],
        Field(description="Of a repeating task, this occurrence or all that is open of it."),
    ] = Scope.THIS


class KeptQuery(PageQuery):
    include: Annotated[
        Literal["archived", "deleted"] | None,
        Field(description="Also show archived, or also show deleted ones."),
    ] = None


class AreaQuery(KeptQuery):
    pass


class ProjectQuery(KeptQuery):
    area_id: UUID | None = None
    status: ProjectStatus | None = None
    q: Annotated[FilterText | None, Field(description="A filter, such as `~Health due:<=eom`.")] = (
        None
    )


class GoalQuery(KeptQuery):
    area_id: UUID | None = None
    project_id: UUID | None = None
    status: GoalStatus | None = None
    q: Annotated[
        FilterText | None, Field(description="A filter, such as `~Health pace:behind`.")
    ] = None


class TaskQuery(KeptQuery):
    project_id: UUID | None = None
    phase_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None
    parent_id: UUID | None = None
    label_id: UUID | None = None
    assignee_id: UUID | None = None
    state: TaskState | None = None
    due_before: Annotated[WrittenDay | None, Field(description="Due before this day.")] = None
    due_after: Annotated[WrittenDay | None, Field(description="Due after this day.")] = None
    completed: Annotated[
        bool | None,
        Field(description="Settled ones (done or cancelled), or open ones; by default open ones."),
    ] = None
    sort: TaskSort = TaskSort.RANK
    q: Annotated[
        FilterText | None, Field(description="A filter, such as `p1 due:<=today !@errand`.")
    ] = None
