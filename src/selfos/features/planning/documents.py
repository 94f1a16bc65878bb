"""How rows are shown: each noun's JSON, with what is derived from its tasks.

One progress rule: leaves count by weight. A leaf is a task without subtasks that are neither
deleted nor cancelled; the tasks above it progress by it and are not counted themselves.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Numeric,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by
from sqlalchemy.orm import aliased

from selfos.features.planning.measuring import DataPoint, GoalReview
from selfos.features.planning.models import (
    Area,
    Goal,
    Label,
    Phase,
    Project,
    Task,
    TaskDependency,
    TaskLabel,
)
from selfos.features.planning.predicates import blocking, has_subtasks, is_blocked, is_leaf, lives
from selfos.features.planning.schemas.words import (
    Counting,
    GoalKind,
    GoalStatus,
    TaskState,
)
from selfos.features.planning.series import Series
from selfos.kernel.documents import Documents

PROGRESS_DIGITS = 4
NOTHING = cast(literal("[]"), JSON)


def _leaves(column: str, container: Any) -> tuple[Any, Any]:
    """Return an alias of tasks and the select of the living leaves inside a container."""
    task = aliased(Task)
    inside = and_(
        task.workspace_id == container.workspace_id, getattr(task, column) == container.id
    )
    return task, select().where(inside, lives(task), is_leaf(task)).correlate(container)


def progress_of(column: str, container: Any) -> ColumnElement[float | None]:
    """Return done weight by all weight, 0 to 1; null where there is nothing to do.

    What repeats has no end to progress to: it does not count.
    """
    task, leaves = _leaves(column, container)
    leaves = leaves.where(task.series_id.is_(None))
    done = func.coalesce(func.sum(task.weight).filter(task.state == TaskState.DONE), 0.0)
    share = func.round(cast(done / func.sum(task.weight), Numeric), PROGRESS_DIGITS)
    return leaves.with_only_columns(cast(share, Float)).scalar_subquery()


def count_of(column: str, container: Any, *, done: bool) -> ColumnElement[int]:
    """Return how many leaves are open, or done for good: what repeats is never that."""
    task, leaves = _leaves(column, container)
    for_good = and_(task.state == TaskState.DONE, task.series_id.is_(None))
    wanted = for_good if done else task.settled_at.is_(None)
    return leaves.where(wanted).with_only_columns(func.count()).scalar_subquery()


def show_when(day: Any, clock: Any, zone: Any) -> ColumnElement[Any]:
    """Return a plan as JSON from the three columns that hold it."""
    wall = func.to_char(clock, "HH24:MI")
    build = func.json_build_object
    return case(
        (day.is_(None), null()),
        (clock.is_(None), build("kind", "date", "date", day)),
        (zone.is_(None), build("kind", "floating", "date", day, "time", wall)),
        else_=build("kind", "zoned", "date", day, "time", wall, "zone", zone),
    )


def _labels() -> ColumnElement[Any]:
    label = func.json_build_object("id", Label.id, "name", Label.name, "color", Label.color)
    return func.coalesce(
        select(func.json_agg(aggregate_order_by(label, Label.key)))
        .select_from(TaskLabel)
        .join(
            Label,
            and_(Label.workspace_id == TaskLabel.workspace_id, Label.id == TaskLabel.label_id),
        )
        .where(TaskLabel.workspace_id == Task.workspace_id, TaskLabel.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery(),
        NOTHING,
    )


def _blocked_by() -> ColumnElement[Any]:
    ids = func.json_agg(TaskDependency.blocker_id)
    return func.coalesce(blocking(Task).with_only_columns(ids).scalar_subquery(), NOTHING)


def _repeat() -> ColumnElement[Any]:
    """Say how an occurrence repeats, while its series goes on."""
    how = func.json_build_object(
        "rule",
        Series.rule,
        "mode",
        Series.mode,
        "catch_up",
        Series.catch_up,
        "phrase",
        Series.phrase,
        "text",
        Series.words,
    )
    goes_on = (
        Series.workspace_id == Task.workspace_id,
        Series.id == Task.series_id,
        Series.finished_at.is_(None),
    )
    found = select(how).where(*goes_on).correlate(Task).scalar_subquery()
    return case((Task.slot.is_(None), null()), else_=found)


def _subtasks(*, done: bool) -> ColumnElement[int]:
    child = aliased(Task)
    wanted = child.state == TaskState.DONE if done else child.settled_at.is_(None)
    below = and_(child.workspace_id == Task.workspace_id, child.parent_id == Task.id)
    counted = select(func.count()).where(below, child.deleted_at.is_(None), wanted)
    return counted.correlate(Task).scalar_subquery()


def _phases() -> ColumnElement[Any]:
    phase = func.json_build_object("id", Phase.id, "name", Phase.name, "position", Phase.position)
    return func.coalesce(
        select(func.json_agg(aggregate_order_by(phase, Phase.position, Phase.id)))
        .where(Phase.workspace_id == Project.workspace_id, Phase.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery(),
        NOTHING,
    )


def _kept(model: Any) -> dict[str, ColumnElement[Any]]:
    names = ("archived_at", "deleted_at", "created_at", "updated_at", "version")
    return {name: getattr(model, name) for name in names}


def _plain(model: Any, *names: str) -> dict[str, ColumnElement[Any]]:
    return {name: getattr(model, name) for name in names}


def _derived(column: str, container: Any) -> dict[str, ColumnElement[Any]]:
    return {
        "progress": progress_of(column, container),
        "open_tasks": count_of(column, container, done=False),
        "done_tasks": count_of(column, container, done=True),
    }


# What a maintained goal stands at depends on whose week it is; its path tells.
HAS_VALUE = and_(
    Goal.start_value.is_not(None),
    Goal.kind.in_([GoalKind.REACH, GoalKind.REDUCE, GoalKind.HABIT]),
)


def value_of_goal() -> ColumnElement[float | None]:
    """Return where a measured goal stands: its last reading, or its start and all amounts since.

    Sums are taken in decimals, so that ten times 0.1 is 1.
    """
    of_season = and_(
        DataPoint.workspace_id == Goal.workspace_id,
        DataPoint.goal_id == Goal.id,
        or_(Goal.start_date.is_(None), DataPoint.day >= Goal.start_date),
    )
    last = select(DataPoint.value).where(of_season).correlate(Goal)
    last = last.order_by(DataPoint.day.desc(), DataPoint.id.desc()).limit(1).scalar_subquery()
    total = select(func.sum(cast(DataPoint.value, Numeric))).where(of_season).correlate(Goal)
    summed = cast(Goal.start_value, Numeric) + func.coalesce(total.scalar_subquery(), 0)
    return case(
        (not_(HAS_VALUE), null()),
        (Goal.counting == Counting.LAST, func.coalesce(last, Goal.start_value)),
        else_=cast(summed, Float),
    )


def _way_covered() -> ColumnElement[Any]:
    """Return how much of the way from start to target lies behind a goal, 0 to 1."""
    way = func.nullif(Goal.target_value - Goal.start_value, 0)
    share = cast((value_of_goal() - Goal.start_value) / way, Numeric)
    return cast(func.round(func.least(1, func.greatest(0, share)), PROGRESS_DIGITS), Float)


AREAS = Documents(
    Area,
    _plain(Area, "id", "name", "description", "icon", "color", "weight", "position") | _kept(Area),
)

PROJECTS = Documents(
    Project,
    _plain(Project, "id", "area_id", "name", "description", "status", "priority")
    | _plain(Project, "start_date", "target_date", "completed_at", "position")
    | {"phases": _phases()}
    | _derived("project_id", Project)
    | _kept(Project),
)

GOALS = Documents(
    Goal,
    _plain(Goal, "id", "area_id", "project_id", "title", "description", "why", "status")
    | _plain(Goal, "kind", "counting", "period")
    | _plain(Goal, "start_value", "target_value", "target_unit", "start_date", "target_date")
    | _plain(Goal, "completed_at", "position")
    | {"value": value_of_goal()}
    | _derived("goal_id", Goal)
    | {"progress": case((HAS_VALUE, _way_covered()), else_=progress_of("goal_id", Goal))}
    | _kept(Goal),
)

REVIEWS = Documents(
    GoalReview,
    _plain(GoalReview, "id", "goal_id", "day", "outcome", "reflection", "start_date")
    | _plain(GoalReview, "target_date", "start_value", "target_value", "target_unit", "value")
    | _plain(GoalReview, "progress", "created_at", "updated_at", "version"),
)

DATA_POINTS = Documents(
    DataPoint,
    _plain(DataPoint, "id", "goal_id", "day", "value", "note", "source", "source_id")
    | _plain(DataPoint, "created_at", "updated_at", "version"),
)

PHASES = Documents(
    Phase,
    _plain(Phase, "id", "project_id", "name", "position", "created_at", "updated_at", "version"),
)

LABELS = Documents(
    Label, _plain(Label, "id", "name", "color", "created_at", "updated_at", "version")
)

TASKS = Documents(
    Task,
    _plain(Task, "id", "parent_id", "project_id", "phase_id", "goal_id", "area_id")
    | _plain(Task, "title", "notes", "state", "priority")
    | {
        "due": show_when(Task.due_date, Task.due_time, Task.due_zone),
        "start": show_when(Task.start_date, Task.start_time, Task.start_zone),
    }
    | _plain(Task, "deadline", "duration_minutes", "weight")
    | {"labels": _labels()}
    | _plain(Task, "assignee_id", "waiting_for", "waiting_until", "rank", "series_id", "slot")
    | {"repeat": _repeat()}
    | {
        "blocked": is_blocked(Task),
        "blocked_by": _blocked_by(),
        "subtasks_open": _subtasks(done=False),
        "subtasks_done": _subtasks(done=True),
        "progress": case(
            (Task.state == TaskState.DONE, 1.0),
            (has_subtasks(Task), func.task_progress(Task.workspace_id, Task.id)),
            else_=0.0,
        ),
        "completed_at": case((Task.state == TaskState.DONE, Task.settled_at)),
    }
    | _kept(Task),
)


def _tasks_of_area() -> dict[str, ColumnElement[Any]]:
    goals = select(func.count()).where(
        Goal.workspace_id == Area.workspace_id,
        Goal.area_id == Area.id,
        Goal.status == GoalStatus.ACTIVE,
        Goal.deleted_at.is_(None),
        Goal.archived_at.is_(None),
    )
    projects = select(func.count()).where(
        Project.workspace_id == Area.workspace_id,
        Project.area_id == Area.id,
        Project.deleted_at.is_(None),
        Project.archived_at.is_(None),
    )
    derived = _derived("area_id", Area)
    return {
        "area": func.json_build_object(*(part for pair in AREAS.fields.items() for part in pair)),
        "open_tasks": derived["open_tasks"],
        "done_tasks": derived["done_tasks"],
        "active_goals": goals.correlate(Area).scalar_subquery(),
        "projects": projects.correlate(Area).scalar_subquery(),
        "progress": derived["progress"],
    }


SUMMARIES = Documents(Area, _tasks_of_area())


def _dependencies() -> dict[str, ColumnElement[Any]]:
    fields = _plain(TaskDependency, "id", "blocker_id", "blocked_id", "kind")
    for name in ("blocker", "blocked"):
        task = aliased(Task)
        title = select(task.title).where(
            task.workspace_id == TaskDependency.workspace_id,
            task.id == getattr(TaskDependency, f"{name}_id"),
        )
        fields[f"{name}_title"] = title.correlate(TaskDependency).scalar_subquery()
    return fields | _plain(TaskDependency, "created_at", "updated_at", "version")


DEPENDENCIES = Documents(TaskDependency, _dependencies())
