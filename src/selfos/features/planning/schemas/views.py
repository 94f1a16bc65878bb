"""What a client receives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from selfos.features.planning.schemas.repeating import TaskRepetition
from selfos.features.planning.schemas.words import (
    Counting,
    DependencyKind,
    Entity,
    GoalKind,
    GoalPeriod,
    GoalStatus,
    Hue,
    ProjectStatus,
    TaskState,
    When,
)
from selfos.kernel.schema import Page, RowView, View


class KeptView(RowView):
    archived_at: datetime | None
    deleted_at: datetime | None


class AreaView(KeptView):
    name: str
    description: str
    icon: str
    color: Hue
    weight: int
    position: str


class AreaSummary(View):
    area: AreaView
    open_tasks: int
    done_tasks: int
    active_goals: int
    projects: int
    progress: float | None


class PhaseView(View):
    id: UUID
    name: str
    position: str


class ProjectView(KeptView):
    area_id: UUID | None
    name: str
    description: str
    status: ProjectStatus
    priority: int
    start_date: date | None
    target_date: date | None
    completed_at: datetime | None
    phases: list[PhaseView]
    progress: float | None
    open_tasks: int
    done_tasks: int
    position: str


class GoalView(KeptView):
    area_id: UUID | None
    project_id: UUID | None
    title: str
    description: str
    why: str
    status: GoalStatus
    kind: GoalKind
    counting: Counting
    period: GoalPeriod | None
    start_value: float | None
    target_value: float | None
    target_unit: str | None
    start_date: date | None
    target_date: date | None
    completed_at: datetime | None
    value: float | None
    progress: float | None
    open_tasks: int
    done_tasks: int
    position: str


class LabelView(RowView):
    name: str
    color: Hue


class TaskLabelView(View):
    id: UUID
    name: str
    color: Hue


class TaskView(KeptView):
    parent_id: UUID | None
    project_id: UUID | None
    phase_id: UUID | None
    goal_id: UUID | None
    area_id: UUID | None
    title: str
    notes: str
    state: TaskState
    priority: int
    due: When | None
    start: When | None
    deadline: date | None
    duration_minutes: int | None
    weight: float
    labels: list[TaskLabelView]
    assignee_id: UUID | None
    waiting_for: str | None
    waiting_until: date | None
    rank: str
    series_id: UUID | None
    slot: str | None
    repeat: TaskRepetition | None
    blocked: bool
    blocked_by: list[UUID]
    subtasks_open: int
    subtasks_done: int
    progress: float
    completed_at: datetime | None


class DependencyView(RowView):
    """One edge between two tasks; with `blocks`, the blocker comes first."""

    blocker_id: UUID
    blocked_id: UUID
    kind: DependencyKind
    blocker_title: str
    blocked_title: str


class ProgressPart(View):
    kind: Literal["task"] = "task"
    id: UUID
    title: str
    weight: float
    done: bool


class ProgressView(View):
    progress: float | None
    explanation: str
    parts: list[ProgressPart]


class TimelineRow(View):
    kind: Literal["phase", "goal", "task"]
    id: UUID
    title: str
    start_date: date | None
    end_date: date | None
    done: bool


class TimelineView(View):
    items: list[TimelineRow]


class TrashRow(View):
    entity: Entity
    id: UUID
    title: str
    deleted_at: datetime
    purge_at: datetime


class AreaPage(Page):
    items: list[AreaView]


class ProjectPage(Page):
    items: list[ProjectView]


class GoalPage(Page):
    items: list[GoalView]


class TaskPage(Page):
    items: list[TaskView]


class LabelList(View):
    items: list[LabelView]


class DependencyList(View):
    items: list[DependencyView]


class TaskList(View):
    items: list[TaskView]


class TrashList(View):
    items: list[TrashRow]
