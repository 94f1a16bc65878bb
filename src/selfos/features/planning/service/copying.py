"""What an occurrence takes from the one before it: subtasks, opened anew, labels and ties."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid5

from sqlalchemy import or_, select

from selfos.features.planning.models import Label, Task, TaskDependency, TaskLabel
from selfos.features.planning.recurrence.following import same_period
from selfos.features.planning.recurrence.slots import day_of, read_slot
from selfos.features.planning.schemas.words import DependencyKind, TaskState
from selfos.features.planning.series import Series
from selfos.features.planning.service.loading import known
from selfos.features.planning.service.ties import leads_to
from selfos.features.planning.service.tree import descendants
from selfos.kernel.context import Context

COPIED = ("title", "notes", "priority", "duration_minutes", "weight", "assignee_id", "rank")
PLACED = ("project_id", "phase_id", "goal_id", "area_id")


async def copy_subtasks(ctx: Context, source: Task, task: Task) -> None:
    """Give an occurrence the subtasks of the one before, each open and as many days later."""
    found = await ctx.session.scalars(
        select(Task).where(
            Task.id.in_(descendants([source.id])),
            Task.deleted_at.is_(None),
            Task.archived_at.is_(None),
        )
    )
    below: dict[UUID | None, list[Task]] = {}
    for old in found:
        below.setdefault(old.parent_id, []).append(old)
    days = _days_between(source, task)
    copies: dict[UUID, UUID] = {}
    level = [(source.id, task.id)]
    while level:
        deeper: list[tuple[UUID, UUID]] = []
        for old_id, new_id in level:
            for old in below.get(old_id, []):
                copy = _copy_of(old, task, parent_id=new_id, days=days)
                ctx.session.add(copy)
                copies[old.id] = copy.id
                deeper.append((old.id, copy.id))
        # Subtasks name their parent by id alone, so each level must be there before the next.
        await ctx.session.flush()
        level = deeper
    if copies:
        await _copy_labels(ctx, copies)


def _days_between(source: Task, task: Task) -> timedelta:
    if source.slot is None or task.slot is None:
        return timedelta()
    return day_of(read_slot(task.slot)) - day_of(read_slot(source.slot))


def _copy_of(old: Task, task: Task, *, parent_id: UUID, days: timedelta) -> Task:
    copy = Task(
        workspace_id=task.workspace_id,
        # The same on every device that makes this occurrence.
        id=uuid5(task.id, str(old.id)),
        parent_id=parent_id,
        series_id=task.series_id,
        state=TaskState.TODO,
        **{name: getattr(old, name) for name in COPIED},
        **{name: getattr(task, name) for name in PLACED},
    )
    for name in ("due", "start"):
        setattr(copy, f"{name}_date", _later(getattr(old, f"{name}_date"), days))
        setattr(copy, f"{name}_time", getattr(old, f"{name}_time"))
        setattr(copy, f"{name}_zone", getattr(old, f"{name}_zone"))
    copy.deadline = _later(old.deadline, days)
    return copy


def _later(day: date | None, days: timedelta) -> date | None:
    return day + days if day is not None else None


async def _copy_labels(ctx: Context, copies: dict[UUID, UUID]) -> None:
    links = await ctx.session.scalars(select(TaskLabel).where(TaskLabel.task_id.in_(copies)))
    for link in links.all():
        _tag(ctx, copies[link.task_id], link.label_id)


async def put_template_labels(ctx: Context, series: Series, task: Task) -> None:
    """Give an occurrence the labels of its series that still exist."""
    if series.label_ids:
        kept = await ctx.session.scalars(select(Label.id).where(Label.id.in_(series.label_ids)))
        for label_id in kept.all():
            _tag(ctx, task.id, label_id)


async def has_other_labels(ctx: Context, series: Series, task: Task) -> bool:
    """Tell whether an occurrence bears other labels than its series gave it."""
    links = select(TaskLabel.label_id).where(TaskLabel.task_id == task.id)
    given = select(Label.id).where(Label.id.in_(series.label_ids))
    borne, meant = await ctx.session.scalars(links), await ctx.session.scalars(given)
    return set(borne) != set(meant)


def _tag(ctx: Context, task_id: UUID, label_id: UUID) -> None:
    link = TaskLabel(workspace_id=ctx.workspace_id, task_id=task_id, label_id=label_id)
    link.id = uuid5(task_id, str(label_id))
    ctx.session.add(link)


async def copy_ties(ctx: Context, series: Series, source: Task, task: Task) -> None:
    """Tie an occurrence to what it waits for, and to what waits for it.

    What is tied to a series as such is tied at the matching occurrence, whichever of the two comes
    second. What does not repeat stays tied as long as it is open.
    """
    await _keep_plain_ties(ctx, source, task)
    for series_id in series.waits_for:
        blocker = await _partner(ctx, series_id, series, task, waits=True)
        if blocker is not None:
            await _tie(ctx, blocker.id, task.id)
    followers = await ctx.session.scalars(
        select(Series.id).where(Series.template["waits_for"].contains([str(series.id)]))
    )
    for series_id in followers.all():
        blocked = await _partner(ctx, series_id, series, task, waits=False)
        if blocked is not None:
            await _tie(ctx, task.id, blocked.id)


async def _keep_plain_ties(ctx: Context, source: Task, task: Task) -> None:
    ends = or_(TaskDependency.blocker_id == source.id, TaskDependency.blocked_id == source.id)
    edges = await ctx.session.scalars(
        select(TaskDependency).where(ends, TaskDependency.kind == DependencyKind.BLOCKS)
    )
    for edge in edges.all():
        waits = edge.blocked_id == source.id
        other = await known(ctx, Task, edge.blocker_id if waits else edge.blocked_id)
        if other is None or other.slot is not None or not other.is_open or other.deleted_at:
            continue
        await _tie(ctx, *((other.id, task.id) if waits else (task.id, other.id)))


async def _partner(
    ctx: Context, series_id: UUID, series: Series, task: Task, *, waits: bool
) -> Task | None:
    """Return the open occurrence of another series that goes with this one, if there is one.

    With equal periods it is the one in the same period. Otherwise a task waits for the latest
    that comes no later than itself, and never for one that is far ahead.
    """
    theirs = await known(ctx, Series, series_id)
    if theirs is None or task.slot is None:
        return None
    open_ones = await ctx.session.scalars(
        select(Task)
        .where(
            Task.series_id == series_id,
            Task.slot.is_not(None),
            Task.settled_at.is_(None),
            Task.deleted_at.is_(None),
        )
        .order_by(Task.slot)
    )
    candidates = [(read_slot(each.slot), each) for each in open_ones if each.slot]
    rule, mine = theirs.repetition.rule, read_slot(task.slot)
    if rule.has_period_of(series.repetition.rule):
        fitting = [each for slot, each in candidates if same_period(rule, slot, mine)]
    elif waits:
        fitting = [each for slot, each in candidates if day_of(slot) <= day_of(mine)][-1:]
    else:
        fitting = [each for slot, each in candidates if day_of(slot) >= day_of(mine)]
    return fitting[0] if fitting else None


async def _tie(ctx: Context, blocker_id: UUID, blocked_id: UUID) -> None:
    tie_id = uuid5(blocked_id, str(blocker_id))
    if await known(ctx, TaskDependency, tie_id) is not None:
        return
    if await leads_to(ctx, blocked_id, blocker_id):
        return
    ctx.session.add(
        TaskDependency(
            workspace_id=ctx.workspace_id,
            id=tie_id,
            blocker_id=blocker_id,
            blocked_id=blocked_id,
            kind=DependencyKind.BLOCKS,
        )
    )
