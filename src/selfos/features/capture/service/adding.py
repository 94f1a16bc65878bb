"""Adding what a line says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from selfos.features.capture.grammar import Fields, Habit, Parsed
from selfos.features.capture.schemas import Defaults, QuickAdd
from selfos.features.capture.service.reading import as_json, read
from selfos.features.habits import service as habits
from selfos.features.habits.schemas.inputs import HabitCreate
from selfos.features.notes import service as notes
from selfos.features.notes.schemas import NoteCreate
from selfos.features.notifications import service as notifications
from selfos.features.notifications.schemas.reminders import ReminderCreate
from selfos.features.notifications.schemas.words import Anchor
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.inputs import GoalCreate, TaskCreate
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json, assemble
from selfos.kernel.errors import FieldProblem, Invalid, invalid
from selfos.kernel.permissions import Permission

PLACES = ("project", "phase", "goal", "area", "parent")
NOTE_PLACES = ("goal_id", "project_id", "area_id")
NO_TITLE = "Write what it is about, too; so far the text has only a date, a place or the like."


async def add(ctx: Context, new: QuickAdd) -> Json:
    """Make what a line says and return it; warnings tell what was not taken as meant."""
    ctx.require(Permission.TASK_WRITE)
    parsed = await read(ctx, new)
    if not parsed.title:
        raise invalid("/text", NO_TITLE)
    try:
        made = await MAKERS[parsed.kind](ctx, new, parsed)
    except ValidationError as error:
        raise invalid("/text", _sentence(error)) from error
    except Invalid as problem:
        raise Invalid(problem.detail, tuple(map(_pointed, problem.errors))) from problem
    warnings = as_json(parsed.warnings)
    return assemble({"kind": parsed.kind, parsed.kind: made.body, "warnings": warnings})


async def _add_task(ctx: Context, new: QuickAdd, parsed: Parsed) -> Document:
    said = parsed.fields
    usual: Any = None if said.someday else new.defaults.due
    given: dict[str, Any] = {
        "due": as_json(said.due) if said.due else usual,
        "repeat": as_json(said.repeat),
        "start": as_json(said.start),
        "deadline": said.deadline,
        "duration_minutes": said.duration_minutes,
        "state": "todo" if said.someday else None,
        "assignee_id": UUID(said.assignee.id) if said.assignee else None,
        "labels": said.labels,
        **_place(said, new.defaults),
    }
    task = await planning.create_task(
        ctx,
        TaskCreate(
            id=new.id,
            title=parsed.title,
            notes=said.notes,
            priority=said.priority or 4,
            **{name: value for name, value in given.items() if value is not None},
        ),
    )
    await _remind(ctx, task, said)
    return await planning.TASKS.one(ctx, task.id)


async def _remind(ctx: Context, task: planning.Task, said: Fields) -> None:
    """Set the reminders that the line asks for: before the task is due, or at a time that day."""
    for each in said.reminders:
        when: dict[str, Any] = {"minutes_before": each.minutes_before}
        if each.time is not None:
            when = {"time": f"{each.time:%H:%M}"}
            if task.due_date is None:
                day = await notifications.next_day_with(ctx, each.time)
                when |= {"anchor": Anchor.AT, "on_date": day}
        await notifications.schedule_reminder(ctx, ReminderCreate(subject_id=task.id, **when))


async def _add_goal(ctx: Context, new: QuickAdd, parsed: Parsed) -> Document:
    said = parsed.fields
    place = _place(said, new.defaults)
    day = said.deadline or (said.due.date if said.due else None)
    target = said.target
    goal = await planning.create_goal(
        ctx,
        GoalCreate(
            id=new.id,
            title=parsed.title,
            description=said.notes,
            project_id=place.get("project_id"),
            area_id=place.get("area_id"),
            target_date=day,
            target_value=target.value if target else None,
            target_unit=target.unit or None if target else None,
        ),
    )
    return await planning.GOALS.one(ctx, goal.id)


async def _add_note(ctx: Context, new: QuickAdd, parsed: Parsed) -> Document:
    place = _place(parsed.fields, new.defaults)
    task_id = place.pop("parent_id", None)
    # A note hangs on one thing; the first of these is the nearest.
    on = {"task_id": task_id, **{name: place.get(name) for name in NOTE_PLACES}}
    nearest: dict[str, Any] = dict([each for each in on.items() if each[1]][:1])
    written = NoteCreate(id=new.id, title=parsed.title, body=parsed.fields.notes, **nearest)
    note = await notes.create_note(ctx, written)
    return await notes.NOTES.one(ctx, note.id)


async def _add_habit(ctx: Context, new: QuickAdd, parsed: Parsed) -> Document:
    said, asked = parsed.fields, parsed.fields.habit or Habit()
    place = _place(said, new.defaults)
    # A rule names its days, so it goes with a daily target only.
    by_rule = said.repeat is not None and asked.period == "day" and asked.times in (None, 1)
    rule = {"kind": "rule", "rule": said.repeat.rule} if said.repeat and by_rule else None
    habit = await habits.create_habit(
        ctx,
        HabitCreate.model_validate(
            {
                "id": new.id and str(new.id),
                "title": parsed.title,
                "description": said.notes,
                "area_id": _text(place.get("area_id")),
                "goal_id": _text(place.get("goal_id")),
                "type": asked.type,
                "target": asked.target,
                "unit": asked.unit,
                "period": asked.period,
                "rolling_days": asked.rolling_days,
                "schedule": rule or {"kind": "quota", "times": asked.times or 1},
                "reminder_times": _reminder_times(said),
            }
        ),
    )
    return await habits.HABITS.one(ctx, habit.id)


def _text(found: UUID | None) -> str | None:
    return str(found) if found else None


def _reminder_times(said: Fields) -> list[str]:
    """Return when to remind of a habit: at its time, at named times, before its time."""
    wall = said.due.wall if said.due and said.due.time else None
    named = [each.time for each in said.reminders if each.time]
    early = [
        (wall - timedelta(minutes=each.minutes_before)).time()
        for each in said.reminders
        if wall and each.minutes_before
    ]
    times = [*named, *early] or ([wall.time()] if wall else [])
    return sorted({f"{each:%H:%M}" for each in times})


def _place(said: Fields, defaults: Defaults) -> dict[str, UUID]:
    """Return where it goes: where the text says, else where it was typed."""
    named = {f"{noun}_id": getattr(said, noun) for noun in PLACES}
    spoken = {name: UUID(found.id) for name, found in named.items() if found}
    if spoken:
        return spoken
    usual = {name: getattr(defaults, name) for name in named}
    return {name: place for name, place in usual.items() if place}


def _pointed(wrong: FieldProblem) -> FieldProblem:
    """Point at what came in: the text, or the page's own fields."""
    field = wrong.pointer.split("/")[1]
    pointer = f"/defaults{wrong.pointer}" if field in Defaults.model_fields else "/text"
    return FieldProblem(pointer, wrong.detail)


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"]))
    return f"The {field} of this does not fit: {first['msg']}."


MAKERS: Mapping[str, Callable[[Context, QuickAdd, Parsed], Awaitable[Document]]] = {
    "task": _add_task,
    "goal": _add_goal,
    "habit": _add_habit,
    "note": _add_note,
}
