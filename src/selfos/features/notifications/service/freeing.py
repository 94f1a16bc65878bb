"""Where somebody's days have room, from tasks, appointments, their hours and their quiet hours."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from selfos.features.calendar import service as calendar
from selfos.features.identity import service as identity
from selfos.features.notifications.models import NotificationPreference
from selfos.features.notifications.moments import instant_of
from selfos.features.notifications.service.choosing import quiet_hours
from selfos.features.notifications.slots import DAYS_AHEAD, Taken, awake, next_free
from selfos.features.planning import service as planning
from selfos.kernel import rows
from selfos.kernel.context import Context

# What nobody gave a length; and how little a snoozed thing needs.
USUAL_LENGTH, LEAST = timedelta(minutes=30), timedelta(minutes=15)
MINUTES_PER_HOUR, DAYS_PER_WEEK = 60, 7
SETTLED = ("done", "cancelled")


async def next_slot(ctx: Context, subject_id: UUID | None) -> datetime | None:
    """Return when the acting person has room next for this, or None if their two weeks are full.

    Tasks with a time take it for as long as they are meant to, appointments as they stand; a day
    whose tasks come to more than a seventh of the week's hours is full.
    """
    day = await planning.day_of(ctx, None)
    last = day.date + timedelta(days=DAYS_AHEAD)
    zone = day.clock.zone
    taken: list[Taken] = []
    minutes: Counter[date] = Counter()
    length = LEAST
    for on, written in await planning.tasks_due_between(ctx, day, last):
        task = json.loads(written)
        if task["id"] == str(subject_id):
            length = max(LEAST, timedelta(minutes=task["duration_minutes"] or 0))
        elif task["state"] not in SETTLED:
            minutes[on] += task["duration_minutes"] or 0
            taken += _taken(task["due"], task["duration_minutes"], zone)
    for each in await planning.upcoming_occurrences(ctx, day, last):
        taken += _taken(each.due, None, zone)
    for on, more in (await planning.upcoming_minutes(ctx, day, last)).items():
        minutes[on] += round(more)
    taken += [Taken(*times) for times in await calendar.busy_times(ctx, day, last)]
    room = await identity.free_hours(ctx) * MINUTES_PER_HOUR / DAYS_PER_WEEK
    mine = await rows.find(ctx, NotificationPreference, ctx.user_id)
    hours = awake(quiet_hours(mine))
    full = {on for on, planned in minutes.items() if planned >= room}
    return next_free(ctx.now, taken, length=length, zone=zone, hours=hours, full=full)


def _taken(due: Any, minutes: int | None, zone: ZoneInfo) -> list[Taken]:
    if not due or due.get("time") is None:
        return []
    there = ZoneInfo(due["zone"]) if due.get("zone") else zone
    wall = datetime.combine(date.fromisoformat(str(due["date"])), time.fromisoformat(due["time"]))
    start = instant_of(wall, there)
    return [Taken(start, start + (timedelta(minutes=minutes) if minutes else USUAL_LENGTH))]
