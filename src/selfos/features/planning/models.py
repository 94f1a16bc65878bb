"""Areas, projects, goals, tasks and what hangs on them; the rules of one row are its methods."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, and_, column
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.planning.measuring import Measured
from selfos.features.planning.schemas.words import (
    DependencyKind,
    Floating,
    GoalStatus,
    Hue,
    OnDate,
    OpenState,
    ProjectStatus,
    TaskState,
    When,
    Zoned,
)
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.tables import found_by, inside, of_tenant

NOT_SETTLED = (column("settled_at").is_(None), column("deleted_at").is_(None))
SETTLED = frozenset({TaskState.DONE, TaskState.CANCELLED, TaskState.SKIPPED})


class Kept:
    """A row that can be archived, and lies in the trash for 30 days before it is gone."""

    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class Area(Tenant, Versioned, Kept, Model):
    """A part of life, such as health; its weight says how much it matters, 1 to 10."""

    __tablename__ = "areas"
    __table_args__ = (of_tenant(), found_by("areas", "deleted_at"))

    name: Mapped[str]
    description: Mapped[str]
    icon: Mapped[str]
    color: Mapped[Hue]
    weight: Mapped[int]
    position: Mapped[str]

    @property
    def title(self) -> str:
        """Return what people call it."""
        return self.name


class Project(Tenant, Versioned, Kept, Model):
    """Work with an end, perhaps in phases."""

    __tablename__ = "projects"
    __table_args__ = (
        of_tenant(),
        inside("area_id", "areas"),
        found_by("projects", "area_id"),
        found_by("projects", "deleted_at"),
    )

    area_id: Mapped[UUID | None]
    name: Mapped[str]
    description: Mapped[str]
    status: Mapped[ProjectStatus]
    priority: Mapped[int]
    start_date: Mapped[date | None]
    target_date: Mapped[date | None]
    completed_at: Mapped[datetime | None]
    position: Mapped[str]

    @property
    def title(self) -> str:
        """Return what people call it."""
        return self.name

    def check(self) -> None:
        """Refuse a project that ends before it starts."""
        check_span(self.start_date, self.target_date)

    def complete(self, now: datetime) -> None:
        """Complete it once; completing it again is a conflict."""
        if self.status is ProjectStatus.COMPLETED:
            raise Conflict("This project is already completed.")
        self.status, self.completed_at = ProjectStatus.COMPLETED, now

    def reopen(self) -> None:
        """Make it active again; only a completed one can be reopened."""
        if self.status is not ProjectStatus.COMPLETED:
            raise Conflict("Only a completed project can be reopened.")
        self.status, self.completed_at = ProjectStatus.ACTIVE, None


class Phase(Tenant, Versioned, Model):
    """A stretch of a project."""

    __tablename__ = "phases"
    __table_args__ = (
        of_tenant(),
        inside("project_id", "projects", ondelete="CASCADE"),
        found_by("phases", "project_id"),
    )

    project_id: Mapped[UUID]
    name: Mapped[str]
    position: Mapped[str]


class Goal(Tenant, Versioned, Kept, Measured, Model):
    """Something that shall be true; its progress comes from its data points or its tasks alone."""

    __tablename__ = "goals"
    __table_args__ = (
        of_tenant(),
        inside("area_id", "areas"),
        inside("project_id", "projects"),
        found_by("goals", "area_id"),
        found_by("goals", "project_id"),
        found_by("goals", "deleted_at"),
    )

    area_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    title: Mapped[str]
    description: Mapped[str]
    why: Mapped[str]
    status: Mapped[GoalStatus]
    completed_at: Mapped[datetime | None]
    position: Mapped[str]

    def check(self) -> None:
        """Refuse a goal that ends before it starts, or whose numbers contradict its kind."""
        check_span(self.start_date, self.target_date)
        self.check_numbers()

    def complete(self, now: datetime) -> None:
        """Complete it once; completing it again is a conflict."""
        if self.status is GoalStatus.COMPLETED:
            raise Conflict("This goal is already completed.")
        self.status, self.completed_at = GoalStatus.COMPLETED, now

    def reopen(self) -> None:
        """Make it active again; an active one cannot be reopened."""
        if self.status is GoalStatus.ACTIVE:
            raise Conflict("This goal is active already.")
        self.status, self.completed_at = GoalStatus.ACTIVE, None


class Task(Tenant, Versioned, Kept, Model):
    """One thing to do. Plans are dates or wall times, never instants.

    `settled_at` is when it was done or cancelled, `settled_on` the local day that counts for it;
    an open task has neither. What repeats has `series_id`, and an occurrence itself its `slot`.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        of_tenant(),
        inside("parent_id", "tasks", ondelete="CASCADE"),
        inside("project_id", "projects"),
        inside("phase_id", "phases"),
        inside("goal_id", "goals"),
        inside("area_id", "areas"),
        inside("series_id", "series"),
        ForeignKeyConstraint(
            ["workspace_id", "assignee_id"],
            ["members.workspace_id", "members.user_id"],
            ondelete="SET NULL (assignee_id)",
        ),
        Index(
            "tasks_open_idx",
            "workspace_id",
            "rank",
            "id",
            postgresql_where=and_(*NOT_SETTLED, column("archived_at").is_(None)),
        ),
        Index(
            "tasks_due_idx",
            "workspace_id",
            "due_date",
            postgresql_where=and_(*NOT_SETTLED, column("due_date").is_not(None)),
        ),
        Index(
            "tasks_waiting_idx",
            "workspace_id",
            "waiting_until",
            postgresql_where=and_(*NOT_SETTLED, column("waiting_until").is_not(None)),
        ),
        found_by("tasks", "parent_id"),
        found_by("tasks", "project_id"),
        found_by("tasks", "phase_id"),
        found_by("tasks", "goal_id"),
        found_by("tasks", "area_id"),
        found_by("tasks", "assignee_id"),
        found_by("tasks", "settled_on"),
        Index(
            "tasks_series_id_slot_idx",
            "workspace_id",
            "series_id",
            "slot",
            unique=True,
            postgresql_where=column("series_id").is_not(None),
        ),
        found_by("tasks", "deleted_at"),
    )

    parent_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    phase_id: Mapped[UUID | None]
    goal_id: Mapped[UUID | None]
    area_id: Mapped[UUID | None]
    title: Mapped[str]
    notes: Mapped[str]
    state: Mapped[TaskState]
    priority: Mapped[int]
    due_date: Mapped[date | None]
    due_time: Mapped[time | None]
    due_zone: Mapped[str | None]
    start_date: Mapped[date | None]
    start_time: Mapped[time | None]
    start_zone: Mapped[str | None]
    deadline: Mapped[date | None]
    duration_minutes: Mapped[int | None]
    weight: Mapped[float]
    assignee_id: Mapped[UUID | None]
    waiting_for: Mapped[str | None]
    # Only a waiting task has one; on that day it comes back.
    waiting_until: Mapped[date | None]
    rank: Mapped[str]
    settled_at: Mapped[datetime | None]
    settled_on: Mapped[date | None]
    series_id: Mapped[UUID | None]
    slot: Mapped[str | None]

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits to be done."""
        return self.settled_at is None

    def check(self) -> None:
        """Refuse a task that starts after it is due."""
        if self.start_date and self.due_date and self.start_date > self.due_date:
            raise invalid("/start", "A task cannot start after it is due.")

    def set_due(self, when: When | None) -> None:
        """Plan when it is due, or clear that."""
        self.due_date, self.due_time, self.due_zone = columns_of(when)

    def due_on(self, day: date) -> When:
        """Return its due on another day, at the same time of day if it has one."""
        if self.due_time is None:
            return OnDate(kind="date", date=day)
        clock = f"{self.due_time:%H:%M}"
        if self.due_zone is None:
            return Floating(kind="floating", date=day, time=clock)
        return Zoned(kind="zoned", date=day, time=clock, zone=self.due_zone)

    def set_start(self, when: When | None) -> None:
        """Plan when it starts to matter, or clear that."""
        self.start_date, self.start_time, self.start_zone = columns_of(when)

    def set_state(self, state: OpenState) -> None:
        """Move an open task between open states; settling and reopening are verbs of their own."""
        if not self.is_open:
            raise Conflict("This task is settled; reopen it first.")
        self.state = TaskState(state)
        if state is not OpenState.WAITING:
            self.waiting_until = None

    def wait_until(self, day: date | None) -> None:
        """Let it wait until a day, or for as long as it takes."""
        if day is not None and self.state is not TaskState.WAITING:
            self.set_state(OpenState.WAITING)
        self.waiting_until = day

    def settle(self, state: TaskState, now: datetime, day: date) -> None:
        """Complete or cancel it once, for this day; doing so again is a conflict."""
        if self.state is state:
            raise Conflict(f"This task is already {state}.")
        self.state, self.settled_at, self.settled_on = state, now, day

    def reopen(self) -> None:
        """Make it a thing to do again; an open one cannot be reopened."""
        if self.is_open:
            raise Conflict("This task is open already.")
        self.state, self.settled_at, self.settled_on = TaskState.TODO, None, None


class TaskDependency(Tenant, Versioned, Model):
    """An edge between two tasks; with `blocks` the blocker comes first."""

    __tablename__ = "task_dependencies"
    __table_args__ = (
        of_tenant(),
        inside("blocker_id", "tasks", ondelete="CASCADE"),
        inside("blocked_id", "tasks", ondelete="CASCADE"),
        UniqueConstraint("workspace_id", "blocked_id", "blocker_id", "kind"),
        Index("task_dependencies_blocker_idx", "workspace_id", "blocker_id"),
    )

    blocker_id: Mapped[UUID]
    blocked_id: Mapped[UUID]
    kind: Mapped[DependencyKind]


class Label(Tenant, Versioned, Model):
    """A word to find tasks by; in one workspace it exists once, whatever its case."""

    __tablename__ = "labels"
    __table_args__ = (of_tenant(), UniqueConstraint("workspace_id", "key"))

    name: Mapped[str]
    # The name in one case: what makes two labels the same.
    key: Mapped[str]
    color: Mapped[Hue]

    def rename(self, name: str) -> None:
        """Call it differently."""
        self.name, self.key = name, label_key(name)


class TaskLabel(Tenant, Model):
    """A label on a task."""

    __tablename__ = "task_labels"
    __table_args__ = (
        of_tenant(),
        inside("task_id", "tasks", ondelete="CASCADE"),
        inside("label_id", "labels", ondelete="CASCADE"),
        UniqueConstraint("workspace_id", "task_id", "label_id"),
        Index("task_labels_label_idx", "workspace_id", "label_id"),
    )

    task_id: Mapped[UUID] = mapped_column()
    label_id: Mapped[UUID] = mapped_column()


def label_key(name: str) -> str:
    """Return what two spellings of one label have in common."""
    return name.casefold()


def check_span(start: date | None, target: date | None) -> None:
    """Refuse a span that ends before it starts."""
    if start and target and start > target:
        raise invalid("/target_date", "The target date lies before the start.")


def columns_of(when: When | None) -> tuple[date | None, time | None, str | None]:
    """Take a plan apart into the three columns that hold it."""
    match when:
        case None:
            return None, None, None
        case OnDate(date=day):
            return day, None, None
        case Floating(date=day, time=clock):
            return day, time.fromisoformat(clock), None
        case Zoned(date=day, time=clock, zone=zone):
            return day, time.fromisoformat(clock), zone
