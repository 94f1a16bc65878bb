"""Series: making a task repeat, changing one, later or all of its occurrences, stopping it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from selfos.features.identity import service as identity
from selfos.features.planning.events import SeriesFinished, SeriesStarted, SeriesUpdated
from selfos.features.planning.models import Task, TaskLabel
from selfos.features.planning.recurrence.canonical import canonical, moved
from selfos.features.planning.recurrence.following import CatchUp, Mode, usual_catch_up
from selfos.features.planning.recurrence.rules import BadRule, Rule, read
from selfos.features.planning.recurrence.slots import Slot, day_of, read_slot, slot_text
from selfos.features.planning.schemas.inputs import TaskUpdate
from selfos.features.planning.schemas.repeating import Repeat, SeriesUpdate
from selfos.features.planning.schemas.words import Scope, TaskState
from selfos.features.planning.series import SERIES, TEMPLATE_FIELDS, Series, slot_of
from selfos.features.planning.service import labels
from selfos.features.planning.service.occurrences import (
    WAITS,
    last_occurrence,
    make_occurrence,
    moment_of,
    open_missed,
    waiting_occurrences,
)
from selfos.features.planning.service.repeating import read_slots
from selfos.features.planning.service.tree import change_rows, descendants
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.permissions import Permission

LEARNED = frozenset({*TEMPLATE_FIELDS, "start", "deadline", "labels"})


async def get_series(ctx: Context, series_id: UUID) -> Document:
    """Return one series as shown."""
    ctx.require(Permission.TASK_READ)
    return await SERIES.one(ctx, series_id)


async def update_series(ctx: Context, series_id: UUID, change: SeriesUpdate) -> Series:
    """Change how a task repeats, from its current occurrence on."""
    ctx.require(Permission.TASK_WRITE)
    series = await _going_on(ctx, series_id)
    ctx.expect(series)
    given = change.given()
    if {"rule", "mode"} & given.keys():
        now = {name: getattr(series, name) for name in Repeat.model_fields}
        repeat = Repeat.model_validate({**now, "catch_up": None, **given})
        await _replan(ctx, series, await _current(ctx, series), repeat)
    else:
        for name in given:
            setattr(series, name, given[name])
        series.catch_up = series.catch_up or usual_catch_up(read(series.rule))
        _refuse_misfits(series, "")
        await _settle_into(ctx, series)
    ctx.emit(SeriesUpdated(series_id=series.id))
    ctx.describe(f"Changed how “{series.template['title']}” repeats")
    return series


async def stop_series(ctx: Context, series_id: UUID) -> Series:
    """Let a task repeat no longer; what is open of it stays as ordinary tasks."""
    ctx.require(Permission.TASK_WRITE)
    series = await _going_on(ctx, series_id)
    ctx.expect(series)
    await _stop(ctx, series)
    ctx.describe(f"Stopped repeating “{series.template['title']}”")
    return series


async def start_series(
    ctx: Context, task: Task, repeat: Repeat, *, continues: UUID | None = None
) -> Series:
    """Make a task the first occurrence of a series; it moves to the rule's first date."""
    due = slot_of(task)
    if task.parent_id is not None:
        raise invalid("/repeat", "A subtask comes back with its parent; let that repeat.")
    if due is None:
        raise invalid("/due", "A repeating task needs a first date; say when it is due.")
    if not task.is_open:
        raise Conflict("This task is settled; reopen it first.")
    series = Series(
        workspace_id=ctx.workspace_id,
        id=await _series_id(ctx, task),
        owner_id=ctx.actor.user_id,
        continues_id=continues,
        phrase=repeat.phrase,
        zone=task.due_zone,
        mode=repeat.mode,
        exdates=repeat.exdates,
        rdates=repeat.rdates,
        template={"waits_for": []},
    )
    rule = await _canonical(ctx, repeat.rule, due, series, "/repeat/rule")
    series.repeat_by(rule, due)
    series.catch_up = repeat.catch_up or usual_catch_up(rule)
    _refuse_misfits(series, "/repeat")
    first = series.repetition.first()
    if first is None:
        raise invalid("/repeat/rule", "This rule would never come up.")
    await ctx.session.flush()
    series.learn(task, LEARNED, await _label_ids(ctx, task))
    if first != due:
        series.plan(task, first)
        series.anchor = slot_text(first)
    ctx.session.add(series)
    # Tasks name their series by id alone, so it must be there first.
    await ctx.session.flush()
    await _enlist(ctx, task, series.id, slot_text(first))
    ctx.emit(SeriesStarted(series_id=series.id, task_id=task.id))
    if series.catch_up is CatchUp.ALL:
        await _settle_into(ctx, series)
    return series


async def repeat_alike(ctx: Context, task: Task, series: Series, slot: str) -> None:
    """Let a copy of the occurrence at this slot repeat by itself, as long as the original does."""
    if series.finished_at is not None:
        return
    alike = await _from_here(ctx, series, read_slot(slot), await _series_id(ctx, task))
    alike.owner_id = ctx.actor.user_id or series.owner_id
    alike.template = {**series.template, "waits_for": []}
    ctx.session.add(alike)
    # Tasks name their series by id alone, so it must be there first.
    await ctx.session.flush()
    await _enlist(ctx, task, alike.id, slot)
    ctx.emit(SeriesStarted(series_id=alike.id, task_id=task.id))
    if alike.catch_up is CatchUp.ALL:
        await _settle_into(ctx, alike)


async def carry_on(ctx: Context, task: Task, change: TaskUpdate) -> None:
    """Carry a change that a task has got to its series, as far as its scope reaches."""
    given = change.given()
    if "repeat" in given and (task.series_id is None or task.slot is None):
        if change.repeat is not None:
            await start_series(ctx, task, change.repeat)
        return
    if task.series_id is None or task.slot is None:
        return
    if "repeat" not in given and change.scope is Scope.THIS:
        return
    series = await _going_on(ctx, task.series_id)
    if "repeat" in given and change.repeat is None:
        await _stop(ctx, series)
        return
    if change.scope is Scope.FOLLOWING and await _earlier(ctx, series, task.slot):
        series = await _split(ctx, series, task)
    named = {*given, *(["labels"] if {"labels_add", "labels_remove"} & given.keys() else [])}
    await _spread(ctx, series, task, named)
    if change.repeat is not None and not task.is_open:
        await _replan(ctx, series, await _current(ctx, series), change.repeat)
    elif "due" in given or change.repeat is not None:
        await _replan(ctx, series, task, change.repeat)
    ctx.emit(SeriesUpdated(series_id=series.id, task_id=task.id))


async def end_with(ctx: Context, task: Task) -> list[Task]:
    """Finish the series of a task that is being deleted; returns its other open occurrences."""
    if task.series_id is None or task.slot is None:
        return []
    series = await rows.get(ctx, Series, task.series_id, lock=True)
    if series.finished_at is None:
        series.finished_at, series.next_on = ctx.now, None
        ctx.emit(SeriesFinished(series_id=series.id, task_id=task.id, stopped=True))
    return [each for each in await waiting_occurrences(ctx, series) if each.id != task.id]


async def _going_on(ctx: Context, series_id: UUID) -> Series:
    series = await rows.get(ctx, Series, series_id, lock=True)
    if series.finished_at is not None:
        raise Conflict("This series has ended; let the task repeat anew.")
    return series


async def _current(ctx: Context, series: Series) -> Task:
    waiting = await waiting_occurrences(ctx, series)
    if not waiting:
        raise Conflict("None of its occurrences is open; restore one first.")
    return waiting[-1]


async def _canonical(ctx: Context, text: str, anchor: Slot, series: Series, pointer: str) -> Rule:
    time = await identity.user_time(ctx) if ctx.actor.user_id else None
    zone = ZoneInfo(series.zone) if series.zone else time.zone if time else None
    follows = series.mode is Mode.COMPLETION
    week_start = time.first_weekday if time else 0
    try:
        return canonical(read(text, zone=zone), anchor, week_start=week_start, follows=follows)
    except BadRule as error:
        raise invalid(pointer, str(error)) from error


def _refuse_misfits(series: Series, pointer: str) -> None:
    """Raise Invalid for exceptions that are no slots of its kind, and for modes that clash."""
    anchor = read_slot(series.anchor)
    for name in ("exdates", "rdates"):
        read_slots(getattr(series, name), anchor, f"{pointer}/{name}")
    if series.mode is Mode.COMPLETION and series.catch_up is CatchUp.ALL:
        raise invalid(
            f"{pointer}/catch_up", "What counts from its completion is never missed more than once."
        )


async def _series_id(ctx: Context, task: Task) -> UUID:
    """Return the id of the series a task starts: the same on every device, new each time."""
    number = 1
    while True:
        series_id = uuid5(task.id, f"series {number}")
        taken = select(Series.id).where(Series.id == series_id)
        if await ctx.session.scalar(taken) is None:
            return series_id
        number += 1


async def _label_ids(ctx: Context, task: Task) -> list[UUID]:
    links = select(TaskLabel.label_id).where(TaskLabel.task_id == task.id)
    return list(await ctx.session.scalars(links))


async def _enlist(ctx: Context, task: Task, series_id: UUID | None, slot: str | None) -> None:
    """Put a task with its subtasks into a series, or take it out."""
    task.series_id, task.slot = series_id, slot
    below = [Task.id.in_(descendants([task.id]))]
    await change_rows(ctx, Task, below, series_id=series_id)


async def _stop(ctx: Context, series: Series) -> None:
    waiting = await waiting_occurrences(ctx, series)
    for task in waiting:
        await _enlist(ctx, task, None, None)
    series.finished_at, series.next_on = ctx.now, None
    last_open = waiting[0].id if waiting else None
    ctx.emit(SeriesFinished(series_id=series.id, task_id=last_open, stopped=True))


async def _earlier(
    ctx: Context, series: Series, slot: str | None, *conditions: ColumnElement[bool]
) -> int:
    """Count the occurrences before this slot."""
    earlier = select(func.count()).where(Task.series_id == series.id, Task.slot < slot)
    return (await ctx.session.scalar(earlier.where(*conditions))) or 0


async def _split(ctx: Context, series: Series, task: Task) -> Series:
    """End a series before this occurrence and continue it with a new one from here on."""
    slot = read_slot(task.slot or "")
    rest = await _from_here(ctx, series, slot, uuid5(series.id, f"from {task.slot}"))
    rest.continues_id = series.id
    ctx.session.add(rest)
    await ctx.session.flush()
    followers = await ctx.session.scalars(
        select(Series).where(Series.template["waits_for"].contains([str(series.id)]))
    )
    for follower in followers.all():
        follower.wait_for(rest.id)
    for each in await waiting_occurrences(ctx, series):
        if each.slot is not None and read_slot(each.slot) >= slot:
            await _enlist(ctx, each, rest.id, each.slot)
    last_day = day_of(slot) - timedelta(days=1)
    ended = replace(series.repetition.rule, count=None, until=last_day)
    series.repeat_by(ended, read_slot(series.anchor))
    if not await _earlier(ctx, series, task.slot, *WAITS):
        series.finished_at = ctx.now
    series.next_on = None
    ctx.emit(SeriesStarted(series_id=rest.id, task_id=task.id))
    return rest


async def _from_here(ctx: Context, series: Series, slot: Slot, row_id: UUID) -> Series:
    """Return a new series that goes on from this slot as the given one does."""
    rest = Series(
        workspace_id=ctx.workspace_id,
        id=row_id,
        owner_id=series.owner_id,
        phrase=series.phrase,
        zone=series.zone,
        mode=series.mode,
        catch_up=series.catch_up,
        exdates=[text for text in series.exdates if text >= slot_text(slot)],
        rdates=[text for text in series.rdates if text >= slot_text(slot)],
        template=series.template,
    )
    rule = series.repetition.rule
    if rule.count is not None:
        # The count is shared: what was done before has used up its part.
        used = await _earlier(ctx, series, slot_text(slot), Task.state == TaskState.DONE)
        rule = replace(rule, count=max(1, rule.count - used))
    rest.repeat_by(rule, slot)
    return rest


async def _spread(ctx: Context, series: Series, task: Task, names: Collection[str]) -> None:
    """Give these fields of an occurrence to the template and to its other open occurrences."""
    fields = LEARNED & set(names)
    if not fields:
        return
    label_ids = await _label_ids(ctx, task)
    series.learn(task, fields, label_ids)
    for other in await waiting_occurrences(ctx, series):
        if other.id == task.id:
            continue
        for name in fields & set(TEMPLATE_FIELDS):
            setattr(other, name, getattr(task, name))
        if fields & {"start", "deadline"} and other.slot:
            series.plan(other, read_slot(other.slot))
        if "labels" in fields:
            await labels.put_label_ids(ctx, other, label_ids)


async def _replan(ctx: Context, series: Series, task: Task, repeat: Repeat | None) -> None:
    """Follow a new date, a new rule or both, from this occurrence on."""
    new = slot_of(task)
    if new is None:
        raise invalid("/due", "A repeating task needs a date; let it stop repeating first.")
    rule = series.repetition.rule
    series.zone = task.due_zone
    if repeat is not None:
        series.mode, series.phrase = repeat.mode, repeat.phrase
        series.exdates, series.rdates = repeat.exdates, repeat.rdates
        rule = await _canonical(ctx, repeat.rule, new, series, "/repeat/rule")
        series.catch_up = repeat.catch_up or usual_catch_up(rule)
    elif series.mode is Mode.SCHEDULE:
        rule = moved(rule, read_slot(task.slot or ""), new)
    series.repeat_by(rule, new)
    _refuse_misfits(series, "/repeat")
    first = series.repetition.first() if repeat is not None else new
    if first is None:
        raise invalid("/repeat/rule", "This rule would never come up.")
    if first != new:
        series.plan(task, first)
        series.anchor = slot_text(first)
    if not await _is_stored(ctx, series, first):
        task.slot = slot_text(first)
    await _settle_into(ctx, series)


async def _is_stored(ctx: Context, series: Series, slot: Slot) -> bool:
    there = select(Task.id).where(Task.series_id == series.id, Task.slot == slot_text(slot))
    return await ctx.session.scalar(there) is not None


async def _settle_into(ctx: Context, series: Series) -> None:
    """Open what the series, as it is now, says is open already."""
    source = await last_occurrence(ctx, series)
    if source is None or source.slot is None:
        return
    for slot in series.repetition.added:
        if slot_text(slot) < source.slot and not await _is_stored(ctx, series, slot):
            await make_occurrence(ctx, series, source, slot)
    series.next_on = None
    if series.catch_up is CatchUp.ALL:
        await open_missed(ctx, series, source, (await moment_of(ctx, series)).today)
