"""Today and the calendar over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from selfos.features.agenda import service
from selfos.features.agenda.schemas import CalendarView, TodayQuery, TodayView
from selfos.features.calendar.schemas import DaysQuery
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json

READ = allow(Permission.TASK_READ)
router = Router(tags=["agenda"])


@router.get("/today", response_model=TodayView, **READ)
async def show_today(ctx: Ctx, query: Annotated[TodayQuery, Query()]) -> Response:
    return as_json(await service.show_today(ctx, query.date))


@router.get("/calendar", response_model=CalendarView, **READ)
async def show_calendar(ctx: Ctx, query: Annotated[DaysQuery, Query()]) -> Response:
    return as_json(await service.show_calendar(ctx, query.first, query.last))
