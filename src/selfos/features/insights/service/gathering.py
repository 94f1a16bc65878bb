"""Reading somebody's days: moods, tasks, habits. Never a word of theirs."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from statistics import fmean
from uuid import UUID

from selfos.features.habits import service as habits
from selfos.features.habits.schemas.words import Verdict
from selfos.features.identity import service as identity
from selfos.features.insights.association import Days
from selfos.features.journal import service as journal
from selfos.features.planning import service as planning
from selfos.kernel.context import Context

MOST_DAYS = 400
# What a habit's verdict says of its day; of the others nothing is known.
DONE = {
    Verdict.DONE: True,
    Verdict.MISSED: False,
    Verdict.PARTIAL: False,
    Verdict.NOT_DUE: False,
    Verdict.SKIPPED: False,
}


async def days_of(ctx: Context, *, with_habits: bool) -> Days:
    """Return the acting person's days up to yesterday: today is not over."""
    clock = await identity.user_time(ctx)
    today = clock.today(ctx.now)
    since = today - timedelta(days=MOST_DAYS)
    moods: dict[date, list[float]] = defaultdict(list)
    energies: dict[date, list[float]] = defaultdict(list)
    for each in await journal.checked_since(ctx, since):
        if each.mood is not None:
            moods[each.day].append(each.mood)
        if each.energy is not None:
            energies[each.day].append(each.energy)
    hours: dict[date, list[int]] = defaultdict(list)
    for task in await planning.finished_since(ctx, since):
        hours[task.day].append(task.at.astimezone(clock.zone_at(task.at)).hour)
    done = await _habits(ctx, clock, since) if with_habits else {}
    for known in (moods, energies, hours):
        known.pop(today, None)
    return Days(
        first=since,
        count=MOST_DAYS,
        mood={day: fmean(each) for day, each in moods.items()},
        energy={day: fmean(each) for day, each in energies.items()},
        hours=hours,
        habits=done,
    )


async def _habits(
    ctx: Context, clock: identity.UserTime, since: date
) -> dict[UUID, dict[date, bool]]:
    today, gathered = await habits.habits_on(ctx, None, clock=clock)
    return {
        each.id: {
            judged.day: DONE[judged.verdict]
            for judged in each.reckoning.days
            if since <= judged.day < today and judged.verdict in DONE
        }
        for each in gathered
    }
