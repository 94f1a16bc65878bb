"""Pauses: days on which one habit, or all of somebody's habits, ask for nothing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from selfos.features.habits.documents import PAUSES
from selfos.features.habits.events import PauseCreated, PauseDeleted, PauseUpdated
from selfos.features.habits.models import Habit, HabitPause
from selfos.features.habits.schemas.inputs import PauseCreate, PauseUpdate
from selfos.features.habits.service.loading import checkable, today_of
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

SHOWN = 500


async def list_pauses(ctx: Context, habit_id: UUID | None = None) -> Json:
    """Return the pauses of one habit, or all of mine, the latest first."""
    ctx.require(Permission.HABIT_READ)
    condition: ColumnElement[bool] = HabitPause.user_id == ctx.user_id
    if habit_id is not None:
        await rows.get(ctx, Habit, habit_id)
        condition = HabitPause.habit_id == habit_id
    order = [HabitPause.first_day.desc(), HabitPause.id.desc()]
    return assemble({"items": await PAUSES.many(ctx, condition, order_by=order, limit=SHOWN)})


async def pause_of_all(ctx: Context, day: date) -> HabitPause | None:
    """Return the pause of everything of mine that a day lies in, or None."""
    ctx.require(Permission.HABIT_READ)
    return await ctx.session.scalar(
        select(HabitPause)
        .where(
            HabitPause.user_id == ctx.user_id,
            HabitPause.habit_id.is_(None),
            HabitPause.first_day <= day,
            or_(HabitPause.last_day.is_(None), HabitPause.last_day >= day),
        )
        .order_by(HabitPause.last_day.desc().nulls_first(), HabitPause.id)
        .limit(1)
    )


async def create_pause(ctx: Context, new: PauseCreate, habit_id: UUID | None = None) -> HabitPause:
    """Pause one habit, or everything of mine."""
    ctx.require(Permission.HABIT_WRITE)
    habit = await checkable(ctx, habit_id) if habit_id is not None else None
    owner = habit.user_id if habit else ctx.user_id
    pause = HabitPause(
        workspace_id=ctx.workspace_id,
        id=new.id or new_id(),
        user_id=owner,
        habit_id=habit_id,
        first_day=new.first_day or await today_of(ctx, owner),
        last_day=new.last_day,
        reason=new.reason,
    )
    pause.check()
    ctx.session.add(pause)
    ctx.emit(PauseCreated(pause_id=pause.id, habit_id=habit_id))
    ctx.describe(f"Paused “{habit.title}”" if habit else "Paused all habits")
    return pause


async def update_pause(ctx: Context, pause_id: UUID, change: PauseUpdate) -> HabitPause:
    """Change when a pause begins or ends, or why it is."""
    ctx.require(Permission.HABIT_WRITE)
    pause = await rows.get(ctx, HabitPause, pause_id)
    ctx.expect(pause)
    given = change.given()
    for name, value in given.items():
        setattr(pause, name, value)
    pause.check()
    if given:
        ctx.emit(PauseUpdated(pause_id=pause.id, habit_id=pause.habit_id))
        ctx.describe("Changed a pause")
    return pause


async def delete_pause(ctx: Context, pause_id: UUID) -> None:
    """Take a pause back; its days ask for what they ask for."""
    ctx.require(Permission.HABIT_WRITE)
    pause = await rows.get(ctx, HabitPause, pause_id)
    ctx.expect(pause)
    await ctx.session.delete(pause)
    ctx.emit(PauseDeleted(pause_id=pause.id, habit_id=pause.habit_id))
    ctx.describe("Took a pause back")
