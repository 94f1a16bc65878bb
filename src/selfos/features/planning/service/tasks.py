"""Making, changing and listing tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from selfos.features.planning.documents import TASKS
from selfos.features.planning.events import TaskCreated, TaskDeleted, TaskRestored, TaskUpdated
from selfos.features.planning.filters.compiling import Asker
from selfos.features.planning.filters.tasks import TASK_FIELDS
from selfos.features.planning.filters.tree import Filter
from selfos.features.planning.models import SETTLED, Task, TaskLabel
from selfos.features.planning.schemas.inputs import TaskCreate, TaskMove, TaskQuery, TaskUpdate
from selfos.features.planning.schemas.words import OpenState, Scope, TaskSort, TaskState
from selfos.features.planning.service import keeping, labels
from selfos.features.planning.service.assignees import refuse_stranger
from selfos.features.planning.service.filtering import (
    Asked,
    Wanted,
    as_they_are,
    read_for,
    show_page,
)
from selfos.features.planning.service.listing import kept_conditions, pointing
from selfos.features.planning.service.loading import changeable, series_around
from selfos.features.planning.service.occurrences import advance
from selfos.features.planning.service.ordering import next_rank, rank_after
from selfos.features.planning.service.places import (
    NOWHERE,
    PLACE_FIELDS,
    Given,
    Place,
    place_task,
)
from selfos.features.planning.service.series import carry_on, end_with, start_series
from selfos.features.planning.service.settling import announce_unblocked
from selfos.features.planning.service.telling import surroundings
from selfos.features.planning.service.tree import change_rows, descendants
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, Listing, Order
from selfos.kernel.errors import invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

PLAIN_FIELDS = frozenset(
    {
        "title",
        "notes",
        "priority",
        "deadline",
        "duration_minutes",
        "weight",
        "assignee_id",
        "waiting_for",
    }
)
# A plan is held in three columns, and told as one field.
PLANS = {f"{plan}_{part}": plan for plan in ("due", "start") for part in ("date", "time", "zone")}
# Where a list by date puts tasks without one, and without a time that day: last.
NO_DATE, NO_TIME = date(9999, 12, 31), time.max
# Most people ask for the same few lists.
LISTINGS_KEPT = 256


async def get_task(ctx: Context, task_id: UUID) -> Document:
    """Return one task as shown, also from the trash."""
    ctx.require(Permission.TASK_READ)
    return await TASKS.one(ctx, task_id)


async def list_tasks(ctx: Context, query: TaskQuery) -> Json:
    """Return one page of tasks, by default the open ones in manual order."""
    ctx.require(Permission.TASK_READ)
    if query.q is not None:
        return await _list_filtered(ctx, query, query.q)
    # Frozen models hash by their fields, which the type checker cannot see.
    return await TASKS.show(ctx, _listing(query))  # pyright: ignore[reportArgumentType]


async def create_task(ctx: Context, new: TaskCreate) -> Task:
    """Add a task; without any place it starts in the inbox."""
    ctx.require(Permission.TASK_WRITE)
    given = {name: getattr(new, name) for name in PLACE_FIELDS if getattr(new, name) is not None}
    place = await place_task(ctx, given, NOWHERE, None) if given else NOWHERE
    first = TaskState.INBOX if place == NOWHERE else TaskState.TODO
    task = Task(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        state=first,
        rank=next_rank(ctx),
        **place.columns(),
        **{name: getattr(new, name) for name in PLAIN_FIELDS},
    )
    _refuse_contradiction(new.state, new.waiting_until)
    if new.state is not None:
        task.set_state(new.state)
    task.wait_until(new.waiting_until)
    task.series_id = await series_around(ctx, place.parent_id)
    task.set_due(new.due)
    task.set_start(new.start)
    task.check()
    await refuse_stranger(ctx, new.assignee_id)
    ctx.session.add(task)
    if new.labels:
        await labels.put_labels(ctx, task, new.labels)
    if new.repeat is not None:
        await start_series(ctx, task, new.repeat)
    ctx.emit(TaskCreated(**surroundings(task)))
    ctx.describe(f"Added “{task.title}”")
    return task


async def update_task(ctx: Context, task_id: UUID, change: TaskUpdate) -> Task:
    """Change the given fields; a new place takes the subtasks along."""
    ctx.require(Permission.TASK_WRITE)
    task = await changeable(ctx, Task, task_id)
    await apply_fields(ctx, task, change)
    ctx.describe(f"Changed “{task.title}”")
    return task


async def move_task(ctx: Context, task_id: UUID, move: TaskMove) -> Task:
    """Put a task, with everything below it, elsewhere or behind another one."""
    ctx.require(Permission.TASK_WRITE)
    task = await changeable(ctx, Task, task_id)
    await apply_move(ctx, task, move)
    ctx.describe(f"Moved “{task.title}”")
    return task


async def delete_task(ctx: Context, task_id: UUID, *, scope: Scope = Scope.THIS) -> None:
    """Put a task and its subtasks into the trash for 30 days.

    Of a repeating task only this occurrence goes and the next one comes; with the scope `all` it
    repeats no longer, and whatever is open of it goes.
    """
    ctx.require(Permission.TASK_WRITE)
    task = await changeable(ctx, Task, task_id)
    others = await end_with(ctx, task) if scope is not Scope.THIS else []
    await discard(ctx, task)
    for other in others:
        await discard(ctx, other)


async def restore_task(ctx: Context, task_id: UUID) -> Task:
    """Take a task out of the trash, with the subtasks deleted with it."""
    ctx.require(Permission.TASK_WRITE)
    task = await keeping.restore(ctx, Task, task_id)
    ctx.emit(TaskRestored(**surroundings(task)))
    return task


async def archive_task(ctx: Context, task_id: UUID) -> Task:
    """Put a task and its subtasks out of sight."""
    ctx.require(Permission.TASK_WRITE)
    return await keeping.archive(ctx, Task, task_id)


async def unarchive_task(ctx: Context, task_id: UUID) -> Task:
    """Bring an archived task back."""
    ctx.require(Permission.TASK_WRITE)
    return await keeping.unarchive(ctx, Task, task_id)


async def discard(ctx: Context, task: Task) -> None:
    """Put a loaded task into the trash and tell who waited for it."""
    await keeping.throw_away(ctx, task)
    ctx.emit(TaskDeleted(**surroundings(task)))
    await announce_unblocked(ctx, [task.id])
    if task.is_open:
        await advance(ctx, task, is_passed=True)


async def apply_fields(ctx: Context, task: Task, change: TaskUpdate) -> None:
    """Change the given fields of a loaded task."""
    given, before = change.given(), rows.image(task)
    await _put(ctx, task, {name: given[name] for name in PLACE_FIELDS if name in given})
    for name in PLAIN_FIELDS & given.keys():
        setattr(task, name, given[name])
    _refuse_contradiction(given.get("state"), given.get("waiting_until"))
    if "state" in given:
        task.set_state(change.state)
    if "waiting_until" in given:
        task.wait_until(change.waiting_until)
    if "due" in given:
        task.set_due(change.due)
    if "start" in given:
        task.set_start(change.start)
    if "assignee_id" in given:
        await refuse_stranger(ctx, change.assignee_id)
    relabelled = await _relabel(ctx, task, given)
    task.check()
    _tell_changed(ctx, task, before, ["labels"] if relabelled else [])
    await carry_on(ctx, task, change)


def _refuse_contradiction(state: OpenState | None, waiting_until: date | None) -> None:
    if waiting_until is not None and state not in (None, OpenState.WAITING):
        raise invalid("/waiting_until", "Only a waiting task waits until a day.")


async def _relabel(ctx: Context, task: Task, given: dict[str, Any]) -> bool:
    if "labels" in given:
        if given.keys() & {"labels_add", "labels_remove"}:
            raise invalid("/labels", "Give all labels, or those to add and to take off.")
        return await labels.put_labels(ctx, task, given["labels"])
    added, removed = given.get("labels_add", []), given.get("labels_remove", [])
    return bool(added or removed) and await labels.change_labels(
        ctx, task, added=added, removed=removed
    )


async def apply_move(ctx: Context, task: Task, move: TaskMove) -> None:
    """Put a loaded task elsewhere or behind another one."""
    given, before = move.given(), rows.image(task)
    await _put(ctx, task, {name: given[name] for name in PLACE_FIELDS if name in given})
    if "after_id" in given and move.after_id != task.id:
        task.rank = await rank_after(ctx, Task, move.after_id)
    _tell_changed(ctx, task, before)


def _tell_changed(
    ctx: Context, task: Task, before: dict[str, Any], besides: Sequence[str] = ()
) -> None:
    """Tell which fields hold something else than before; nothing, if none does."""
    fields = {PLANS.get(name, name) for name in rows.changed(task, before)}.union(besides)
    if fields:
        ctx.emit(TaskUpdated(**surroundings(task), fields=sorted(fields)))


async def _put(ctx: Context, task: Task, given: Given) -> None:
    """Put a task somewhere, with everything below it."""
    now = Place.of(task)
    place = await place_task(ctx, given, now, task.id) if given else now
    if place == now:
        return
    if task.slot is not None and place.parent_id is not None:
        raise invalid("/parent_id", "A repeating task stands by itself; stop repeating it first.")
    columns = place.columns()
    if task.slot is None:
        columns["series_id"] = await series_around(ctx, place.parent_id)
    for name, value in columns.items():
        setattr(task, name, value)
    if task.state is TaskState.INBOX and place != NOWHERE:
        task.state = TaskState.TODO
    inherited = {name: value for name, value in columns.items() if name != "parent_id"}
    await change_rows(ctx, Task, [Task.id.in_(descendants([task.id]))], **inherited)


async def _list_filtered(ctx: Context, query: TaskQuery, text: str) -> Json:
    """Return one page of a filter's tasks, all its sections in one list."""
    wanted = await read_for(ctx, text, TASK_FIELDS, pointer="/query/q")
    query = query.model_copy(update=wanted.overruled(query.include))
    if query.completed is None and query.state is None:
        sections = wanted.open_sections()
    else:
        sections = [and_(section, *_settledness(query)) for section in wanted.sections()]
    conditions = (or_(*sections), *_conditions(query))
    return await show_page(ctx, TASKS, query, wanted, *conditions, otherwise=_order(query.sort))


async def ask_tasks(ctx: Context, chosen: Filter, asker: Asker) -> Asked:
    """Return a filter of tasks ready to be looked at: open ones, unless it says otherwise."""
    ctx.require(Permission.TASK_READ)
    wanted = Wanted(chosen, TASK_FIELDS, asker)
    kept = kept_conditions(Task, wanted.overruled(None).get("include"))
    sections = [and_(section, *kept) for section in wanted.open_sections()]
    return Asked(wanted, TASKS, sections, _order(TaskSort.RANK), as_they_are)


@lru_cache(maxsize=LISTINGS_KEPT)
def _listing(query: TaskQuery) -> Listing:
    """Build the statement of a list; it names no workspace, so all who ask alike share it."""
    conditions = [*_conditions(query), *_settledness(query)]
    return TASKS.listing(query, *conditions, order=_order(query.sort))


def _conditions(query: TaskQuery) -> list[ColumnElement[bool]]:
    pointers = ("project_id", "phase_id", "goal_id", "area_id", "parent_id", "assignee_id")
    wanted = {name: getattr(query, name) for name in (*pointers, "state")}
    conditions = [*kept_conditions(Task, query.include), *pointing(Task, **wanted)]
    if query.due_before is not None:
        conditions.append(Task.due_date < query.due_before)
    if query.due_after is not None:
        conditions.append(Task.due_date > query.due_after)
    if query.label_id is not None:
        link = TaskLabel.label_id == query.label_id, TaskLabel.task_id == Task.id
        conditions.append(exists(select(TaskLabel.id).where(*link).correlate(Task)))
    return conditions


def _settledness(query: TaskQuery) -> list[ColumnElement[bool]]:
    if query.completed or (query.completed is None and query.state in SETTLED):
        return [Task.settled_at.is_not(None)]
    return [Task.settled_at.is_(None)]


def _order(sort: TaskSort) -> Order:
    match sort:
        case TaskSort.RANK:
            return Order((Task.rank,))
        case TaskSort.DUE:
            day, clock = Task.due_date, Task.due_time
            return Order((func.coalesce(day, NO_DATE), func.coalesce(clock, NO_TIME), Task.rank))
        case TaskSort.CREATED:
            return Order((Task.created_at,), descending=True)
        case TaskSort.UPDATED:
            return Order((Task.updated_at,), descending=True)
