"""Habits for assistants: how they stand on a day, and checking in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.habits import service as habits
from selfos.features.habits.schemas.inputs import CheckInCreate
from selfos.features.habits.schemas.words import Amount, Day
from selfos.features.planning.schemas.filters import FilterText
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input, Prose
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


async def _list(ctx: Context, asked: ListHabits) -> Json:
    if asked.q is None:
        return await habits.show_habit_day(ctx, asked.date)
    if asked.date is not None:
        raise invalid("/date", "A filter is about today; leave out one of the two.")
    return await habits.find_on_today(ctx, asked.q, limit=MOST_LISTED)


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
)
