"""What happens to areas, projects, goals and tasks."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from selfos.features.planning.schemas.words import PathChangeKind, PointSource, ReviewOutcome
from selfos.kernel.events import Event


class TaskEvent(Event):
    """Something that happened to a task, with the containers it lay in then."""

    aggregate: ClassVar[str] = "task_id"

    task_id: UUID
    parent_id: UUID | None = None
    project_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None


class TaskCreated(TaskEvent):
    type: ClassVar[str] = "task.created"


class TaskUpdated(TaskEvent):
    """`fields` are the names of what is different now, place and rank among them."""

    type: ClassVar[str] = "task.updated"

    fields: list[str]


class TaskCompleted(TaskEvent):
    """`on` is the local day it counts for, as chosen when it was written down."""

    type: ClassVar[str] = "task.completed"

    on: date | None = None


class TaskReopened(TaskEvent):
    type: ClassVar[str] = "task.reopened"


class TaskCancelled(TaskEvent):
    type: ClassVar[str] = "task.cancelled"


class TaskSkipped(TaskEvent):
    """One occurrence of a repeating task was left out."""

    type: ClassVar[str] = "task.skipped"


class TaskRepeated(TaskEvent):
    """The next occurrence of a repeating task came to be."""

    type: ClassVar[str] = "task.repeated"

    series_id: UUID


class TaskUnblocked(TaskEvent):
    """The last open task that blocked this one was completed, cancelled or deleted."""

    type: ClassVar[str] = "task.unblocked"


class TaskDeleted(TaskEvent):
    type: ClassVar[str] = "task.deleted"


class TaskRestored(TaskEvent):
    type: ClassVar[str] = "task.restored"


class SeriesEvent(Event):
    """Something that happened to a repeating task as a whole; `task_id` is one occurrence."""

    aggregate: ClassVar[str] = "series_id"

    series_id: UUID
    task_id: UUID | None = None


class SeriesStarted(SeriesEvent):
    type: ClassVar[str] = "series.started"


class SeriesUpdated(SeriesEvent):
    """It repeats differently, or its occurrences to come will look differently."""

    type: ClassVar[str] = "series.updated"


class SeriesFinished(SeriesEvent):
    """Its last occurrence is behind, or somebody `stopped` it before.

    `on` is the local day it ended on, where its last occurrence was written down for that day.
    """

    type: ClassVar[str] = "series.finished"

    stopped: bool = False
    on: date | None = None


class GoalEvent(Event):
    """Something that happened to a goal, with the containers it lay in then."""

    aggregate: ClassVar[str] = "goal_id"

    goal_id: UUID
    project_id: UUID | None = None
    area_id: UUID | None = None


class GoalCreated(GoalEvent):
    type: ClassVar[str] = "goal.created"


class GoalUpdated(GoalEvent):
    """`fields` are the names of what is different now."""

    type: ClassVar[str] = "goal.updated"

    fields: list[str]


class GoalCompleted(GoalEvent):
    type: ClassVar[str] = "goal.completed"


class GoalReopened(GoalEvent):
    type: ClassVar[str] = "goal.reopened"


class GoalDeleted(GoalEvent):
    type: ClassVar[str] = "goal.deleted"


class GoalMeasured(GoalEvent):
    """A data point was recorded, changed or removed; what now counts is read from all of them."""

    type: ClassVar[str] = "goal.measured"

    day: date
    source: PointSource


class GoalRestored(GoalEvent):
    type: ClassVar[str] = "goal.restored"


class GoalPathChanged(GoalEvent):
    """The path of a goal was laid anew from `from_day` on."""

    type: ClassVar[str] = "goal.path_changed"

    change: PathChangeKind
    from_day: date


class GoalSeasonEnded(GoalEvent):
    """Somebody looked back on a season of a goal, and put it away or began the next one."""

    type: ClassVar[str] = "goal.season_ended"

    review_id: UUID
    outcome: ReviewOutcome
    reached: bool


class ProjectEvent(Event):
    """Something that happened to a project, with the area it lay in then."""

    aggregate: ClassVar[str] = "project_id"

    project_id: UUID
    area_id: UUID | None = None


class ProjectCreated(ProjectEvent):
    type: ClassVar[str] = "project.created"


class ProjectCompleted(ProjectEvent):
    type: ClassVar[str] = "project.completed"


class ProjectReopened(ProjectEvent):
    type: ClassVar[str] = "project.reopened"


class ProjectDeleted(ProjectEvent):
    type: ClassVar[str] = "project.deleted"


class ProjectRestored(ProjectEvent):
    type: ClassVar[str] = "project.restored"


class TemplateEvent(Event):
    """Something that happened to a template."""

    aggregate: ClassVar[str] = "template_id"

    template_id: UUID


class TemplateCreated(TemplateEvent):
    type: ClassVar[str] = "template.created"


class TemplateUpdated(TemplateEvent):
    """`fields` are the names of what is different now."""

    type: ClassVar[str] = "template.updated"

    fields: list[str]


class TemplateApplied(TemplateEvent):
    """These tasks were made from it, in the order of its lines."""

    type: ClassVar[str] = "template.applied"

    task_ids: list[UUID]


class TemplateDeleted(TemplateEvent):
    type: ClassVar[str] = "template.deleted"


class AreaEvent(Event):
    """Something that happened to an area."""

    aggregate: ClassVar[str] = "area_id"

    area_id: UUID


class AreaCreated(AreaEvent):
    type: ClassVar[str] = "area.created"


class AreaDeleted(AreaEvent):
    """It was put into the trash with everything inside."""

    type: ClassVar[str] = "area.deleted"


class AreaRestored(AreaEvent):
    """It was taken out of the trash with everything deleted with it."""

    type: ClassVar[str] = "area.restored"
