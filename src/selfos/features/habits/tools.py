"""Habits for assistants: how they stand on a day, and checking in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.habits import service as habits
from selfos.features.habits.schemas.inputs import CheckInCreate, HabitCreate, HabitUpdate
from selfos.features.habits.schemas.words import (
    Amount,
    ByQuota,
    Day,
    HabitType,
    Period,
    Reminders,
    RollingDays,
    Schedule,
    Unit,
    Window,
)
from selfos.features.planning.schemas.filters import FilterText
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import ABSENT, Input, Prose, Title
from selfos.kernel.tools import ActTool, Change, Deed, Group, Operation, ReadTool

MOST_LISTED = 50


class ListHabits(Input):
    q: Annotated[
        FilterText | None,
        Field(description="A filter of how they stand today, such as `is:due strength:<0.5`."),
    ] = None
    date: Annotated[Day | None, Field(description="Default: the user's own today.")] = None


class CheckInHabit(Change):
    habit_id: UUID
    day: Annotated[Day | None, Field(description="The day it counts for, if not today.")] = None
    amount: Annotated[Amount | None, Field(description="How much; a tick needs none.")] = None
    note: Prose = ""


class CreateHabit(Change):
    title: Title
    description: Prose = ""
    type: HabitType = HabitType.YES_NO
    target: Annotated[
        Amount | None, Field(description="How much for the whole period; a tick needs none.")
    ] = None
    unit: Unit = ""
    period: Period = Period.DAY
    rolling_days: RollingDays | None = None
    schedule: Annotated[
        Schedule, Field(description="So many times a period, or the days of an RRULE.")
    ] = ByQuota(kind="quota")
    window: Window = Window.ANYTIME
    reminder_times: Reminders = []
    area_id: UUID | None = None
    goal_id: UUID | None = None


class UpdateHabit(Change):
    """What is left out stays as it is."""

    habit_id: UUID
    title: Title = ABSENT
    description: Prose = ABSENT
    target: Amount = ABSENT
    schedule: Schedule = ABSENT
    window: Window = ABSENT
    reminder_times: Reminders = ABSENT


class ArchiveHabit(Change):
    habit_id: UUID


class Nothing(Input):
    """A deed that needs to know no more."""


async def _list(ctx: Context, asked: ListHabits) -> Json:
    if asked.q is None:
        return await habits.show_habit_day(ctx, asked.date)
    if asked.date is not None:
        raise invalid("/date", "A filter is about today; leave out one of the two.")
    return await habits.find_on_today(ctx, asked.q, limit=MOST_LISTED)


async def _create(ctx: Context, habit_id: UUID, new: HabitCreate) -> None:
    await habits.create_habit(ctx, new.model_copy(update={"id": habit_id}))


async def _archive(ctx: Context, habit_id: UUID, _: Nothing) -> None:
    await habits.archive_habit(ctx, habit_id)


TOOLS = (
    ReadTool(
        name="list_habits",
        description="List the user's habits as they stand on a day: verdict, streak, strength.",
        group=Group.HABITS,
        permission=Permission.HABIT_READ,
        arguments=ListHabits,
        verb=_list,
    ),
    ActTool(
        name="check_in_habit",
        description="Record a habit as done for a day; amounts of one day add up.",
        group=Group.HABITS,
        permission=Permission.HABIT_WRITE,
        arguments=CheckInHabit,
        subject="habit_id",
        deed=Deed("habit", Operation.CHECK_IN, CheckInCreate, habits.check_habit, habits.get_habit),
    ),
    ActTool(
        name="create_habit",
        description="Add a habit: what to do, how often, how much.",
        group=Group.HABITS,
        permission=Permission.HABIT_WRITE,
        arguments=CreateHabit,
        deed=Deed("habit", Operation.CREATE, HabitCreate, _create, habits.get_habit),
    ),
    ActTool(
        name="update_habit",
        description="Change a habit: how much, how often, at what time of the day.",
        group=Group.HABITS,
        permission=Permission.HABIT_WRITE,
        arguments=UpdateHabit,
        subject="habit_id",
        deed=Deed("habit", Operation.UPDATE, HabitUpdate, habits.update_habit, habits.get_habit),
    ),
    ActTool(
        name="archive_habit",
        description="Put a habit to rest with all its records; it can come back.",
        group=Group.HABITS,
        permission=Permission.HABIT_WRITE,
        arguments=ArchiveHabit,
        subject="habit_id",
        deed=Deed("habit", Operation.ARCHIVE, Nothing, _archive, habits.get_habit),
    ),
)
