"""What other slices may ask about the habit that theirs hangs on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from selfos.features.habits.models import Habit
from selfos.features.habits.schemas.words import HabitType
from selfos.features.planning import service as planning
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission


async def lying_in(
    ctx: Context, area_ids: Collection[UUID], row_ids: Collection[UUID]
) -> set[UUID]:
    """Return those of these habits that lie in one of these areas; asks for no right."""
    where = or_(Habit.area_id.in_(area_ids), Habit.goal_id.in_(planning.goals_in(area_ids)))
    return set(await ctx.session.scalars(select(Habit.id).where(where, Habit.id.in_(row_ids))))


async def name_of_kept(ctx: Context, habit_id: UUID, pointer: str) -> str:
    """Return what a habit is called; raise Invalid for one that is missing or in the trash."""
    ctx.require(Permission.HABIT_READ)
    habit = await rows.find(ctx, Habit, habit_id)
    if habit is None:
        raise invalid(pointer, "There is no such habit.")
    if habit.deleted_at is not None:
        raise invalid(pointer, "This habit is in the trash; restore it first.")
    return habit.title


async def check_kept_in_time(ctx: Context, habit_id: UUID, pointer: str) -> None:
    """Raise Invalid unless this is a habit of mine, not put away, that is kept in minutes."""
    ctx.require(Permission.HABIT_READ)
    habit = await rows.find(ctx, Habit, habit_id)
    if habit is None or habit.user_id != ctx.user_id:
        raise invalid(pointer, "There is no such habit of yours.")
    if habit.deleted_at is not None or habit.archived_at is not None:
        raise invalid(pointer, "This habit is put away; bring it back first.")
    if habit.type is not HabitType.DURATION:
        raise invalid(pointer, "This habit is not kept in time.")


def title_of(holder: Any) -> ColumnElement[str | None]:
    """Return a subquery for the title of the habit that `habit_id` of the holder names."""
    return _named_by(holder, select(Habit.title)).scalar_subquery()


def lies_in_trash(holder: Any) -> ColumnElement[bool]:
    """Tell whether the habit that `habit_id` of the holder names is in the trash."""
    return exists(_named_by(holder, select(Habit.id).where(Habit.deleted_at.is_not(None))))


def _named_by(holder: Any, chosen: Any) -> Any:
    named = Habit.id == holder.habit_id
    return chosen.where(Habit.workspace_id == holder.workspace_id, named).correlate(holder)
