"""Habits, their check-ins and pauses."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Literal
from uuid import UUID

from selfos.features.habits import service as habits
from selfos.features.habits.schemas.inputs import (
    CheckInCreate,
    CheckInUpdate,
    HabitCreate,
    HabitUpdate,
    PauseCreate,
    PauseUpdate,
    SkipCreate,
)
from selfos.features.sync.merging import Kind
from selfos.features.sync.service.nouns import DELETED, Noun, Row, Verb, changing, creating, plain
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict
from selfos.kernel.permissions import Permission


class CheckInMake(CheckInCreate):
    """A record says of which habit, and whether it is done or left out for the reason noted."""

    habit_id: UUID
    kind: Literal["log", "skip"] = "log"


class PauseMake(PauseCreate):
    """A pause is one habit's, or everything's."""

    habit_id: UUID | None = None


async def _check(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    """Record something; ticking or skipping a day that others have dealt with is no news."""
    habit, day = given.habit_id, given.day
    if given.kind == "skip":
        # What is done is done: a skip of the same day does not take it back.
        if not await _recorded(ctx, habit, day, "log", "skip"):
            await habits.skip_habit(ctx, habit, SkipCreate(id=given.id, day=day, reason=given.note))
        return
    new = CheckInCreate(id=given.id, day=day, amount=given.amount, note=given.note)
    try:
        await habits.check_habit(ctx, habit, new)
    except Conflict:
        if not await _is_ticked(ctx, habit, day):
            raise


async def _is_ticked(ctx: Context, habit_id: UUID, day: date) -> bool:
    """Tell whether there is nothing left to tick on this day; amounts add up instead."""
    shown = json.loads((await habits.HABITS.one(ctx, habit_id)).body)
    return shown["type"] == "yes_no" and await _recorded(ctx, habit_id, day, "log")


async def _recorded(ctx: Context, habit_id: UUID, day: date, *kinds: str) -> bool:
    model = habits.CHECK_INS.model
    found = await habits.CHECK_INS.many(
        ctx, model.habit_id == habit_id, model.day == day, model.kind.in_(kinds), limit=1
    )
    return bool(found)


async def _correct(ctx: Context, thing: UUID, given: Any, row: Row) -> None:
    await habits.update_check_in(ctx, UUID(row["habit_id"]), thing, given)


async def _uncheck(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    await habits.uncheck_habit(ctx, UUID(row["habit_id"]), thing)


async def _pause(ctx: Context, thing: UUID, given: Any, row: Row) -> None:  # noqa: ARG001
    fields = given.model_dump(exclude={"habit_id"})
    await habits.create_pause(ctx, PauseCreate(**fields), given.habit_id)


HABIT = Noun(
    "habit",
    habits.HABITS,
    Permission.HABIT_READ,
    Permission.HABIT_WRITE,
    creating(habits.create_habit, HabitCreate),
    {
        "update": changing(habits.update_habit, HabitUpdate),
        "archive": plain(habits.archive_habit, archived=True),
        "unarchive": plain(habits.unarchive_habit, archived=False),
        "delete": plain(habits.delete_habit, deleted=True),
        "restore": plain(habits.restore_habit, deleted=False),
    },
    kinds={"description": Kind.TEXT},
    columns={"schedule": ("rule", "times")},
)
CHECK_IN = Noun(
    "check_in",
    habits.CHECK_INS,
    Permission.HABIT_READ,
    Permission.HABIT_WRITE,
    Verb(_check, CheckInMake, dated="day"),
    {
        "update": Verb(_correct, CheckInUpdate),
        "delete": Verb(_uncheck, None, {DELETED: True}),
    },
    kinds={"note": Kind.TEXT},
)
PAUSE = Noun(
    "habit_pause",
    habits.PAUSES,
    Permission.HABIT_READ,
    Permission.HABIT_WRITE,
    Verb(_pause, PauseMake, dated="first_day"),
    {
        "update": changing(habits.update_pause, PauseUpdate),
        "delete": plain(habits.delete_pause, deleted=True),
    },
    kinds={"reason": Kind.TEXT},
)

NOUNS = (HABIT, CHECK_IN, PAUSE)
