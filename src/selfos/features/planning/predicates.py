"""What is true of a task, said to the database: alive, split up, blocked, waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, select, true
from sqlalchemy.orm import aliased

from selfos.features.planning.models import Task, TaskDependency
from selfos.features.planning.schemas.words import DependencyKind, TaskState


def lives(task: Any) -> ColumnElement[bool]:
    """Tell whether a task counts: neither deleted nor given up."""
    given_up = (TaskState.CANCELLED, TaskState.SKIPPED)
    return and_(task.deleted_at.is_(None), task.state.not_in(given_up))


def found(query: Any) -> ColumnElement[bool]:
    """Tell whether the query finds a row: looked up for each row by index.

    EXISTS would be turned into a join, and while a workspace is young the planner has no
    statistics and joins by walking all of its tasks.
    """
    probe = query.with_only_columns(true()).limit(1).scalar_subquery()
    return func.coalesce(probe, false())


def is_leaf(task: Any) -> ColumnElement[bool]:
    """Tell whether no living subtask stands for this task."""
    return not_(has_subtasks(task))


def has_subtasks(task: Any) -> ColumnElement[bool]:
    """Tell whether a living subtask stands for this task."""
    child = aliased(Task)
    below = and_(child.workspace_id == task.workspace_id, child.parent_id == task.id)
    return found(select(child.id).where(below, lives(child)).correlate(task))


def is_blocked(task: Any) -> ColumnElement[bool]:
    """Tell whether an open task has to be settled before this one."""
    return found(blocking(task))


def waiting_for(task: Any, wanted: Callable[[Any], ColumnElement[Any]]) -> Any:
    """Select something of the open tasks that wait until this one is settled."""
    waiting = aliased(Task)
    return (
        select(wanted(waiting))
        .select_from(TaskDependency)
        .join(
            waiting,
            and_(
                waiting.workspace_id == TaskDependency.workspace_id,
                waiting.id == TaskDependency.blocked_id,
            ),
        )
        .where(
            TaskDependency.workspace_id == task.workspace_id,
            TaskDependency.blocker_id == task.id,
            TaskDependency.kind == DependencyKind.BLOCKS,
            waiting.settled_at.is_(None),
            waiting.deleted_at.is_(None),
        )
        .correlate(task)
    )


def blocking(task: Any) -> Any:
    """Select the edges from open tasks to this one; the edge first, then its blocker."""
    blocker = aliased(Task)
    waits = and_(blocker.settled_at.is_(None), blocker.deleted_at.is_(None))
    is_open = (
        select(waits)
        .where(
            blocker.workspace_id == TaskDependency.workspace_id,
            blocker.id == TaskDependency.blocker_id,
        )
        .correlate(TaskDependency)
        .scalar_subquery()
    )
    return (
        select(TaskDependency.id)
        .where(
            TaskDependency.workspace_id == task.workspace_id,
            TaskDependency.blocked_id == task.id,
            TaskDependency.kind == DependencyKind.BLOCKS,
            is_open,
        )
        .correlate(task)
    )
