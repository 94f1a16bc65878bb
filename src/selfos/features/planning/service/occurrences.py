"""Occurrences: what comes after one is settled, and taking exactly that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, delete, func, or_, select

from selfos.features.identity import service as identity
from selfos.features.planning.events import SeriesFinished, TaskRepeated
from selfos.features.planning.models import Task, TaskDependency, TaskLabel
from selfos.features.planning.recurrence.following import CatchUp, Mode, begin_of
from selfos.features.planning.recurrence.slots import Slot, day_of, read_slot, slot_text
from selfos.features.planning.schemas.words import TaskState
from selfos.features.planning.series import Series
from selfos.features.planning.service.copying import (
    copy_subtasks,
    copy_ties,
    has_other_labels,
    put_template_labels,
)
from selfos.features.planning.service.places import CONTAINER_FIELDS, NOWHERE, Place
from selfos.features.planning.service.telling import surroundings
from selfos.features.planning.service.tree import descendants
from selfos.features.workspaces import service as workspaces
from selfos.kernel import rows
from selfos.kernel.context import Context

# How many missed occurrences stay open each; more would be a wall nobody works off.
MOST_OPEN = 50
OCCURS = (Task.slot.is_not(None), Task.deleted_at.is_(None))
WAITS = (*OCCURS, Task.settled_at.is_(None))
# What is used up of a count; a skipped one is not.
COUNTS = or_(Task.state == TaskState.DONE, Task.settled_at.is_(None))


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant by the clocks a series goes by: the wall time, and the day it belongs to."""

    wall: datetime
    today: date


async def moment_of(ctx: Context, series: Series, on: date | None = None) -> Moment:
    """Return the present by the series' own zone or its person's; `on` is a past day of theirs."""
    who = ctx.actor.user_id or series.owner_id
    time = await identity.user_time(ctx, who) if who is not None else None
    theirs = time.zone if time is not None else ZoneInfo("UTC")
    wall = ctx.now.astimezone(ZoneInfo(series.zone) if series.zone else theirs)
    here = time.today(ctx.now) if time is not None else ctx.now.astimezone(UTC).date()
    today = wall.date() if series.zone else here
    if on is not None and on < here:
        today, wall = on, datetime.combine(on, wall.time())
    return Moment(wall.replace(tzinfo=None, second=0, microsecond=0), today)


async def advance(
    ctx: Context, task: Task, *, on: date | None = None, is_passed: bool = False
) -> None:
    """Open what comes after a settled occurrence, or finish the series after its last."""
    if task.series_id is None or task.slot is None:
        return
    series = await rows.get(ctx, Series, task.series_id, lock=True)
    if series.finished_at is not None:
        return
    moment = await moment_of(ctx, series, on)
    if series.mode is Mode.SCHEDULE and series.catch_up is CatchUp.ALL:
        await open_missed(ctx, series, task, moment.today)
    else:
        step = series.repetition.passing if is_passed else series.repetition.following
        await _open_next(ctx, series, task, step(read_slot(task.slot), moment.wall, moment.today))
    if not await _count(ctx, series, *WAITS):
        series.finished_at = ctx.now
        ctx.emit(SeriesFinished(series_id=series.id, task_id=task.id, on=on))


async def open_missed(ctx: Context, series: Series, source: Task, today: date) -> None:
    """Open each slot that has come since the latest stored one, and one to come if none waits."""
    waiting = await _count(ctx, series, *WAITS)
    left = await left_of(ctx, series)
    series.next_on = None
    for slot in series.repetition.slots(await _latest_slot(ctx, series)):
        if left == 0 or waiting >= MOST_OPEN:
            return
        if waiting and day_of(slot) > today:
            series.next_on = day_of(slot)
            return
        await make_occurrence(ctx, series, source, slot)
        waiting += 1
        left = left - 1 if left is not None else None


async def _open_next(ctx: Context, series: Series, source: Task, slot: Slot | None) -> None:
    """Open the occurrence at this slot, or the first after it that is not there in any state."""
    if await left_of(ctx, series) == 0:
        return
    while slot is not None:
        there = await ctx.session.scalar(_at(series, slot))
        if there is None:
            await make_occurrence(ctx, series, source, slot)
            return
        if there.is_open and there.deleted_at is None:
            return
        slot = series.repetition.following(slot, begin_of(slot), day_of(slot))


async def make_occurrence(ctx: Context, series: Series, source: Task, slot: Slot) -> Task:
    """Make the occurrence at a slot from the template; it lies where `source` lies."""
    place = {name: getattr(source, name) for name in CONTAINER_FIELDS}
    task = Task(
        workspace_id=ctx.workspace_id,
        id=series.occurrence_id(slot),
        state=TaskState.INBOX if Place(**place) == NOWHERE else TaskState.TODO,
        rank=source.rank,
        **place,
    )
    series.fill(task, slot)
    if task.assignee_id and not await workspaces.is_active_member(ctx, task.assignee_id):
        task.assignee_id = None
    ctx.session.add(task)
    await ctx.session.flush()
    await put_template_labels(ctx, series, task)
    await copy_subtasks(ctx, source, task)
    await copy_ties(ctx, series, source, task)
    ctx.emit(TaskRepeated(**surroundings(task), series_id=series.id))
    await ctx.session.flush()
    return task


async def retreat(ctx: Context, task: Task, settled_at: datetime) -> None:
    """Take back what `advance` did at this instant: what it opened, unless somebody touched it."""
    if task.series_id is None or task.slot is None:
        return
    series = await rows.get(ctx, Series, task.series_id, lock=True)
    if series.finished_at == settled_at:
        series.finished_at = None
    opened = await ctx.session.scalars(
        select(Task).where(
            *WAITS,
            Task.series_id == series.id,
            Task.slot > task.slot,
            Task.created_at == settled_at,
            Task.version == 1,
        )
    )
    for following in opened.all():
        below = select(Task.id).where(Task.id.in_(descendants([following.id])))
        tree = [following.id, *await ctx.session.scalars(below)]
        relabelled = await has_other_labels(ctx, series, following)
        if not relabelled and not await _is_touched(ctx, tree, settled_at):
            await _unmake(ctx, following, tree)
    if series.mode is Mode.SCHEDULE and series.catch_up is CatchUp.ALL:
        await open_missed(ctx, series, task, (await moment_of(ctx, series)).today)


async def _is_touched(ctx: Context, tree: list[UUID], made_at: datetime) -> bool:
    """Tell whether anything in an occurrence's tree is not as it was made."""
    changed = select(Task.id).where(
        Task.id.in_(tree), or_(Task.version > 1, Task.created_at != made_at)
    )
    tied = select(TaskDependency.id).where(
        or_(TaskDependency.blocker_id.in_(tree), TaskDependency.blocked_id.in_(tree)),
        TaskDependency.created_at != made_at,
    )
    return bool(await ctx.session.scalar(select(or_(changed.exists(), tied.exists()))))


async def _unmake(ctx: Context, task: Task, tree: list[UUID]) -> None:
    """Delete an occurrence; what hangs on it first: undo puts things back in reverse order."""
    ties = or_(TaskDependency.blocker_id.in_(tree), TaskDependency.blocked_id.in_(tree))
    for statement in (
        delete(TaskLabel).where(TaskLabel.task_id.in_(tree)),
        delete(TaskDependency).where(ties),
        delete(Task).where(Task.id.in_(tree[1:])),
    ):
        await ctx.session.execute(statement.execution_options(synchronize_session=False))
    await ctx.session.delete(task)
    await ctx.session.flush()


async def left_of(ctx: Context, series: Series) -> int | None:
    """Return how many more occurrences may be made, or None without end; done and open count."""
    count = series.repetition.rule.count
    if count is None:
        return None
    return max(0, count - await _count(ctx, series, *OCCURS, COUNTS))


async def left_of_each(ctx: Context, many: Sequence[Series]) -> dict[UUID, int]:
    """Return, for those of these series that end after a count, how many occurrences are left."""
    ends = {each.id: each.repetition.rule.count for each in many}
    counts = {series_id: count for series_id, count in ends.items() if count is not None}
    if not counts:
        return {}
    found = await ctx.session.execute(
        select(Task.series_id, func.count())
        .where(Task.series_id.in_(counts), *OCCURS, COUNTS)
        .group_by(Task.series_id)
    )
    made = {row[0]: row[1] for row in found}
    return {
        series_id: max(0, count - made.get(series_id, 0)) for series_id, count in counts.items()
    }


async def _count(ctx: Context, series: Series, *conditions: ColumnElement[bool]) -> int:
    counted = select(func.count()).where(Task.series_id == series.id, *conditions)
    return (await ctx.session.scalar(counted)) or 0


async def _latest_slot(ctx: Context, series: Series) -> Slot | None:
    latest = select(func.max(Task.slot)).where(Task.series_id == series.id)
    text = await ctx.session.scalar(latest)
    return read_slot(text) if text else None


def _at(series: Series, slot: Slot) -> Select[Task]:
    return select(Task).where(Task.series_id == series.id, Task.slot == slot_text(slot))


async def waiting_occurrences(ctx: Context, series: Series) -> list[Task]:
    """Return the open occurrences of a series, the earliest first."""
    query = select(Task).where(Task.series_id == series.id, *WAITS).order_by(Task.slot)
    return list(await ctx.session.scalars(query))


async def last_occurrence(ctx: Context, series: Series) -> Task | None:
    """Return the stored occurrence with the latest slot."""
    query = select(Task).where(Task.series_id == series.id, *OCCURS)
    return await ctx.session.scalar(query.order_by(Task.slot.desc()).limit(1))
