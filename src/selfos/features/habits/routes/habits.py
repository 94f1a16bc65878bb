"""Habits and what they amount to, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from selfos.features.habits import service
from selfos.features.habits.schemas.inputs import (
    HabitCreate,
    HabitDayQuery,
    HabitQuery,
    HabitUpdate,
    HistoryQuery,
)
from selfos.features.habits.schemas.views import HabitDayList, HabitHistory, HabitPage, HabitView
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, nothing, shown

READ, WRITE = allow(Permission.HABIT_READ), allow(Permission.HABIT_WRITE)
router = Router(prefix="/habits", tags=["habits"])


@router.get("", response_model=HabitPage, **READ)
async def list_habits(ctx: Ctx, query: Annotated[HabitQuery, Query()]) -> Response:
    return as_json(await service.list_habits(ctx, query))


@router.post("", status_code=201, response_model=HabitView, **WRITE)
async def create_habit(ctx: Ctx, body: HabitCreate) -> Response:
    habit = await service.create_habit(ctx, body)
    return shown(await service.HABITS.one(ctx, habit.id), 201)


@router.get("/today", response_model=HabitDayList, **READ)
async def show_habit_day(ctx: Ctx, query: Annotated[HabitDayQuery, Query()]) -> Response:
    """Show my habits on one day: verdict, streak, strength, and until when I may rest."""
    return as_json(await service.show_habit_day(ctx, query.date))


@router.get("/{habit_id}", response_model=HabitView, **READ)
async def get_habit(ctx: Ctx, habit_id: UUID) -> Response:
    return shown(await service.get_habit(ctx, habit_id))


@router.patch("/{habit_id}", response_model=HabitView, **WRITE)
async def update_habit(ctx: Ctx, habit_id: UUID, body: HabitUpdate) -> Response:
    await service.update_habit(ctx, habit_id, body)
    return shown(await service.HABITS.one(ctx, habit_id))


@router.delete("/{habit_id}", status_code=204, **WRITE)
async def delete_habit(ctx: Ctx, habit_id: UUID) -> Response:
    await service.delete_habit(ctx, habit_id)
    return nothing()


@router.post("/{habit_id}/restore", response_model=HabitView, **WRITE)
async def restore_habit(ctx: Ctx, habit_id: UUID) -> Response:
    await service.restore_habit(ctx, habit_id)
    return shown(await service.HABITS.one(ctx, habit_id))


@router.post("/{habit_id}/archive", response_model=HabitView, **WRITE)
async def archive_habit(ctx: Ctx, habit_id: UUID) -> Response:
    await service.archive_habit(ctx, habit_id)
    return shown(await service.HABITS.one(ctx, habit_id))


@router.post("/{habit_id}/unarchive", response_model=HabitView, **WRITE)
async def unarchive_habit(ctx: Ctx, habit_id: UUID) -> Response:
    await service.unarchive_habit(ctx, habit_id)
    return shown(await service.HABITS.one(ctx, habit_id))


@router.get("/{habit_id}/history", response_model=HabitHistory, **READ)
async def show_habit_history(
    ctx: Ctx, habit_id: UUID, query: Annotated[HistoryQuery, Query()]
) -> Response:
    """Show each day's verdict and strength; it is all derived from the check-ins."""
    return as_json(await service.show_history(ctx, habit_id, query))
