"""What somebody's weeks hold already: tasks, what repeats, appointments, habits, timed goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from selfos.features.ai.planner.capacity import (
    FARTHEST_WEEKS,
    MINUTES_PER_HOUR,
    MOST_WEEKS,
    Life,
    Work,
)
from selfos.features.calendar import service as calendar
from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.kernel.context import Context

WEEK = timedelta(days=7)
SIGHT_WEEKS = MOST_WEEKS + FARTHEST_WEEKS


@dataclass(frozen=True, slots=True)
class Known:
    """The life as far as it is known, and what has no length and so counts nothing."""

    life: Life
    unknown: tuple[str, ...]


async def life_of(ctx: Context) -> Known:
    """Gather what the acting person has promised for the coming year and a half."""
    day = await planning.day_of(ctx, None)
    weeks = [day.week_first + number * WEEK for number in range(SIGHT_WEEKS)]
    last = weeks[-1] + WEEK - timedelta(days=1)
    promised = await planning.promised_tasks(ctx, day, last)
    lengths = await habits.lengths_of_habits(ctx, day.date)
    steady = dict.fromkeys(weeks, 0.0)
    for due, minutes in (await planning.upcoming_minutes(ctx, day, last)).items():
        steady[day.clock.week_of(due)] += minutes
    for on, minutes in (await calendar.busy_minutes(ctx, day, last)).items():
        steady[day.clock.week_of(on)] += minutes
    by_habits = {length.goal_id for length in lengths}
    goals = [
        goal for goal in await planning.timed_goals(ctx, day.date) if goal.goal_id not in by_habits
    ]
    for week in weeks:
        steady[week] += sum(_of_habits(lengths, week)) + sum(_of_goals(goals, day.date, week))
    nameless = sum(length.minutes is None for length in lengths)
    life = Life(
        today=day.date,
        week_start=day.clock.first_weekday,
        capacity=await identity.free_hours(ctx) * MINUTES_PER_HOUR,
        promised=tuple(_work(task) for task in promised),
        steady={week: minutes for week, minutes in steady.items() if minutes},
    )
    return Known(life, (f"{nameless} of your habits say no minutes.",) if nameless else ())


def busy_beside(life: Life, hours: float) -> dict[date, float]:
    """Return how much of so many hours a week is taken, so that only free ones are planned.

    Whoever gives a goal more hours than they said they have, has them.
    """
    used = dict(life.steady)
    for work in life.promised:
        week = life.week(work.due)
        used[week] = used.get(week, 0.0) + work.minutes
    there_are = max(life.capacity / MINUTES_PER_HOUR, hours)
    taken = {week: hours - there_are + minutes / MINUTES_PER_HOUR for week, minutes in used.items()}
    return {week: busy for week, busy in taken.items() if busy > 0}


def _work(task: planning.Promised) -> Work:
    return Work(
        id=task.id,
        title=task.title,
        due=task.day,
        minutes=task.minutes,
        latest=task.latest,
        fixed=task.tied,
        priority=task.priority,
    )


def _of_habits(lengths: list[habits.Length], week: date) -> Iterator[float]:
    yield from (each.minutes or 0.0 for each in lengths if each.since < week + WEEK)


def _of_goals(goals: list[planning.TimedGoal], today: date, week: date) -> Iterator[float]:
    for goal in goals:
        if week <= goal.until:
            yield goal.minutes / max(1.0, (goal.until - today).days / 7)
