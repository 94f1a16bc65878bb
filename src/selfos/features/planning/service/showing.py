"""Which rows show something of other rows: what else looks different when one has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from selfos.features.planning.measuring import DataPoint
from selfos.features.planning.models import Phase, Task, TaskDependency, TaskLabel
from selfos.features.planning.service.tree import WALK
from selfos.kernel.context import Context

SHOWING = ("task", "label", "phase", "data_point", "series")


async def rows_showing(
    ctx: Context, changed: Mapping[str, Collection[UUID]]
) -> dict[str, set[UUID]]:
    """Return what shows these tasks, labels, phases, data points and series, by kind.

    A task shows in the tasks above it, in its project and goal, in those it blocks, in its ties
    and its series; a label shows on its tasks, a phase in its project, a data point in its goal,
    a series in its occurrences.
    """
    tasks, labels, phases, points, series = (changed.get(kind, ()) for kind in SHOWING)
    found: dict[str, set[UUID]] = defaultdict(set)
    if not (tasks or labels or phases or points or series):
        return found
    above = _above(tasks)
    holders = (
        select(Task.project_id, Task.goal_id, Task.series_id)
        .where(_among(Task.id, tasks))
        .subquery()
    )
    tie = TaskDependency
    ends = or_(_among(tie.blocker_id, tasks), _among(tie.blocked_id, tasks))
    shown = union_all(
        select(literal("task"), above.c.id),
        select(literal("project"), holders.c.project_id).where(holders.c.project_id.is_not(None)),
        select(literal("goal"), holders.c.goal_id).where(holders.c.goal_id.is_not(None)),
        select(literal("series"), holders.c.series_id).where(holders.c.series_id.is_not(None)),
        select(literal("task"), Task.id).where(_among(Task.series_id, series)),
        select(literal("task"), tie.blocked_id).where(_among(tie.blocker_id, tasks)),
        select(literal("dependency"), tie.id).where(ends),
        select(literal("task"), TaskLabel.task_id).where(_among(TaskLabel.label_id, labels)),
        select(literal("goal"), DataPoint.goal_id).where(_among(DataPoint.id, points)),
        select(literal("project"), Phase.project_id).where(_among(Phase.id, phases)),
    )
    for kind, row_id in await ctx.session.execute(shown):
        found[kind].add(row_id)
    return found


def _above(tasks: Collection[UUID]) -> Any:
    start = (
        select(Task.parent_id.label("id"), literal(1).label("depth"))
        .where(_among(Task.id, tasks), Task.parent_id.is_not(None))
        .cte("above", recursive=True)
    )
    parent = aliased(Task)
    higher = (
        select(parent.parent_id, start.c.depth + 1)
        .join(start, and_(parent.id == start.c.id, start.c.depth < WALK))
        .where(parent.parent_id.is_not(None))
    )
    return start.union(higher)


def _among(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(Uuid())))
