"""Days for assistants: Today and the calendar."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from selfos.features.agenda import service as agenda
from selfos.features.planning.schemas.words import Day
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input
from selfos.kernel.tools import Group, ReadTool


class GetToday(Input):
    date: Annotated[Day | None, Field(description="Default: the user's own today.")] = None


class GetCalendar(Input):
    first: Annotated[Day | None, Field(description="Default: the user's own today.")] = None
    last: Annotated[Day | None, Field(description="Default: two weeks in all.")] = None


async def _today(ctx: Context, asked: GetToday) -> Json:
    return await agenda.show_today(ctx, asked.date)


async def _calendar(ctx: Context, asked: GetCalendar) -> Json:
    return await agenda.show_calendar(ctx, asked.first, asked.last)


TOOLS = (
    ReadTool(
        name="get_today",
        description="Show a day: overdue and due tasks, events, habits, what was done, risks.",
        group=Group.OVERVIEW,
        permission=Permission.TASK_READ,
        arguments=GetToday,
        verb=_today,
    ),
    ReadTool(
        name="get_calendar",
        description="Show what is dated, day by day: tasks, repetitions, events, deadlines, goals.",
        group=Group.OVERVIEW,
        permission=Permission.TASK_READ,
        arguments=GetCalendar,
        verb=_calendar,
    ),
)
