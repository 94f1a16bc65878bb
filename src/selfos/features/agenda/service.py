"""The verbs of the agenda: show Today, show the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from selfos.features.calendar import service as calendar
from selfos.features.habits import service as habits
from selfos.features.habits.schemas.words import Verdict
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.documents import Json, assemble
from selfos.kernel.permissions import Permission

OCCURRENCE = ("series_id", "slot", "due", "title", "text", "area_id", "goal_id", "project_id")
# How far ahead habits are reckoned.
SIGHT = timedelta(days=366)
RESTING = (Verdict.NOT_DUE, Verdict.PAUSED)


async def show_today(ctx: Context, wanted: date | None) -> Json:
    """Return everything about one day, by default the day it is for the acting person."""
    ctx.require(Permission.TASK_READ)
    ctx.require(Permission.HABIT_READ)
    ctx.require(Permission.CALENDAR_READ)
    day = await planning.day_of(ctx, wanted)
    tasks = await planning.tasks_of_day(ctx, day)
    ring = tasks.pop("ring")
    _, of_day = await habits.habits_on(ctx, wanted, clock=day.clock)
    asked = [each for each in of_day if each.reckoning.today.verdict not in RESTING]
    return assemble(
        {
            "date": day.date.isoformat(),
            **tasks,
            "habits": [habits.show_on_day(each) for each in asked],
            "rings": {"tasks": ring, "habits": habits.ring_of(of_day)},
            "events": [each for _, each in await calendar.events_by_day(ctx, day, day.date)],
            "at_risk": await planning.goals_at_risk(ctx, day),
        }
    )


async def show_calendar(ctx: Context, first: date | None, last: date | None) -> Json:
    """Return what is dated from one day to another, both included, day by day.

    A number of queries that does not grow with the days or with what lies on them.
    """
    ctx.require(Permission.TASK_READ)
    day = await planning.day_of(ctx, first)
    dates = calendar.days_asked(day.date, last)
    last = dates[-1]
    parts = {
        "tasks": await planning.tasks_due_between(ctx, day, last),
        "deadlines": await planning.deadlines_between(ctx, day, last),
        "goals": await planning.goals_ending_between(ctx, day, last),
        "habits": await _habits(ctx, day, last),
        "events": await calendar.events_by_day(ctx, day, last),
        "occurrences": await _occurrences(ctx, day, last),
    }
    lists = {name: _by_day(dated) for name, dated in parts.items()}
    days = [
        assemble({"date": each.isoformat(), **{name: of[each] for name, of in lists.items()}})
        for each in dates
    ]
    return assemble({"from": day.date.isoformat(), "to": last.isoformat(), "days": days})


async def _occurrences(ctx: Context, day: planning.Day, last: date) -> list[tuple[date, Any]]:
    """Return what repeating tasks will bring, and is not there yet."""
    found = await planning.upcoming_occurrences(ctx, day, last)
    return [(each.day, {name: getattr(each, name) for name in OCCURRENCE}) for each in found]


async def _habits(ctx: Context, day: planning.Day, last: date) -> list[tuple[date, Any]]:
    """Return what habits ask of these days; nobody knows their habits of the year after next."""
    sight = min(last, day.clock.today(ctx.now) + SIGHT)
    return await habits.habits_between(ctx, day.date, sight, clock=day.clock)


def _by_day(dated: Sequence[tuple[date, Any]]) -> dict[date, list[Any]]:
    lists: dict[date, list[Any]] = defaultdict(list)
    for day, row in dated:
        lists[day].append(row)
    return lists
