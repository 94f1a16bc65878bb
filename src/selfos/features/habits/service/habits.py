"""Making, changing and putting away habits."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from selfos.features.habits.documents import HABITS
from selfos.features.habits.events import (
    HabitCreated,
    HabitDeleted,
    HabitRestored,
    HabitUpdated,
)
from selfos.features.habits.models import Habit
from selfos.features.habits.schemas.inputs import HabitCreate, HabitQuery, HabitUpdate
from selfos.features.habits.schemas.words import ByRule, HabitType, Schedule, Whose
from selfos.features.habits.service.asking import list_asked, listed
from selfos.features.habits.service.loading import (
    changeable,
    refuse_ancient,
    refuse_bad_place,
    today_of,
)
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

PUT_APART = frozenset({"id", "schedule", "target", "start_day", "unit"})
FREE_TARGETS = {HabitType.YES_NO: 1.0, HabitType.AVOID: 0.0}
MINUTES = "min"


async def get_habit(ctx: Context, habit_id: UUID) -> Document:
    """Return one habit as shown, also from the trash."""
    ctx.require(Permission.HABIT_READ)
    return await HABITS.one(ctx, habit_id)


async def list_habits(ctx: Context, query: HabitQuery) -> Json:
    """Return one page of habits in the order they were made, by default my own."""
    ctx.require(Permission.HABIT_READ)
    if query.q is not None:
        return await list_asked(ctx, query, query.q)
    conditions = listed(query)
    if query.whose is not Whose.ALL:
        conditions.append(Habit.user_id == ctx.user_id)
    return await HABITS.page(ctx, query, *conditions)


async def create_habit(ctx: Context, new: HabitCreate) -> Habit:
    """Add a habit of the acting person."""
    ctx.require(Permission.HABIT_WRITE)
    await refuse_bad_place(ctx, area_id=new.area_id, goal_id=new.goal_id)
    habit = Habit(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        user_id=ctx.user_id,
        target=FREE_TARGETS.get(new.type, 0.0) if new.target is None else new.target,
        unit=new.unit or (MINUTES if new.type is HabitType.DURATION else ""),
        start_day=new.start_day or await today_of(ctx),
        **new.model_dump(exclude=set(PUT_APART)),
    )
    refuse_ancient(ctx, habit.start_day, "/start_day")
    habit.set_schedule(await _canonical(ctx, new.schedule, habit.start_day))
    habit.check()
    ctx.session.add(habit)
    ctx.emit(HabitCreated(**surroundings(habit)))
    ctx.describe(f"Added the habit “{habit.title}”")
    return habit


async def update_habit(ctx: Context, habit_id: UUID, change: HabitUpdate) -> Habit:
    """Change the given fields; all days are judged by the new ones."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await changeable(ctx, habit_id)
    given = change.given()
    if not given:
        return habit
    await refuse_bad_place(ctx, area_id=given.get("area_id"), goal_id=given.get("goal_id"))
    for name in given.keys() - {"schedule"}:
        setattr(habit, name, given[name])
    refuse_ancient(ctx, habit.start_day, "/start_day")
    if "schedule" in given:
        habit.set_schedule(await _canonical(ctx, change.schedule, habit.start_day))
    habit.check()
    ctx.emit(HabitUpdated(**surroundings(habit), fields=sorted(given)))
    ctx.describe(f"Changed the habit “{habit.title}”")
    return habit


async def archive_habit(ctx: Context, habit_id: UUID) -> Habit:
    """Put a habit out of sight with all its records."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await changeable(ctx, habit_id)
    if habit.archived_at is not None:
        raise Conflict("This habit is archived already.")
    habit.archived_at = ctx.now
    ctx.emit(HabitUpdated(**surroundings(habit), fields=["archived_at"]))
    ctx.describe(f"Archived “{habit.title}”")
    return habit


async def unarchive_habit(ctx: Context, habit_id: UUID) -> Habit:
    """Bring an archived habit back."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await changeable(ctx, habit_id)
    if habit.archived_at is None:
        raise Conflict("This habit is not archived.")
    habit.archived_at = None
    ctx.emit(HabitUpdated(**surroundings(habit), fields=["archived_at"]))
    ctx.describe(f"Brought “{habit.title}” back from the archive")
    return habit


async def delete_habit(ctx: Context, habit_id: UUID) -> None:
    """Put a habit into the trash for 30 days; its records stay with it."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await changeable(ctx, habit_id)
    habit.deleted_at = ctx.now
    ctx.emit(HabitDeleted(**surroundings(habit)))
    ctx.describe(f"Deleted “{habit.title}”")


async def restore_habit(ctx: Context, habit_id: UUID) -> Habit:
    """Take a habit out of the trash."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await rows.get(ctx, Habit, habit_id)
    ctx.expect(habit)
    if habit.deleted_at is None:
        raise Conflict("This habit is not in the trash.")
    habit.deleted_at = None
    ctx.emit(HabitRestored(**surroundings(habit)))
    ctx.describe(f"Restored “{habit.title}”")
    return habit


async def _canonical(ctx: Context, schedule: Schedule, start: date) -> Schedule:
    """Return a schedule as it is stored: rules count from the first day of the habit."""
    if not isinstance(schedule, ByRule):
        return schedule
    first_weekday = (await identity.user_time(ctx)).first_weekday
    rule = planning.canonical_rule(
        schedule.rule, start, week_start=first_weekday, pointer="/schedule/rule"
    )
    return ByRule(kind="rule", rule=rule)


def surroundings(habit: Habit) -> dict[str, Any]:
    """Return what every event about a habit tells."""
    return {"habit_id": habit.id, "goal_id": habit.goal_id, "area_id": habit.area_id}
