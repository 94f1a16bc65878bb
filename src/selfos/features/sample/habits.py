"""Habits kept over a year, written down week by week, and day by day in the present one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from selfos.features.habits.schemas.words import Period
from selfos.features.sample.deeds import Log, Make, Noun, Step
from selfos.features.sample.moods import write_down
from selfos.features.sample.rhythms import Calendar, moment
from selfos.features.sample.script import YOU, HabitScript, Hours, Script

DAYS_PER_WEEK = 7
# It takes a while: at the start of the year less is kept than at its end.
AT_FIRST = 0.8
IN_BED = "In bed with flu"
NIGHTFALL = time(22, 30)


def keep_habits(script: Script, calendar: Calendar, rng: random.Random) -> Iterator[Step]:
    """Begin all habits in the first week and keep them, as energy allows, until yesterday."""
    if not script.habits:
        return
    begun = calendar.day(DAYS_PER_WEEK - calendar.days)
    yield Step(
        moment(begun, Hours.MORNING, rng),
        YOU,
        tuple(_make(key, habit, begun) for key, habit in script.habits.items()),
        "Began some habits",
    )
    # Moods are there to be learnt from.
    writes = any(habit.lifts for habit in script.habits.values())
    for monday in calendar.weeks():
        week = [monday + timedelta(days=n) for n in range(DAYS_PER_WEEK)]
        lived = [day for day in week if begun <= day < calendar.today]
        for days in [lived] if lived == week else [[day] for day in lived]:
            logs = _logs(script, days, calendar, rng)
            if logs:
                yield Step(datetime.combine(days[-1], NIGHTFALL), YOU, logs, "Ticked habits off")
            if writes:
                yield from write_down(days, _lifts(script, logs), calendar)


def _make(key: str, habit: HabitScript, begun: date) -> Make:
    fields = {
        "title": habit.title,
        "description": habit.about,
        "icon": habit.icon,
        "type": habit.type,
        "target": habit.target,
        "unit": habit.unit,
        "period": habit.period,
        "schedule": {"kind": "quota", "times": habit.times},
        "window": habit.window,
        "start_day": begun,
    }
    return Make(Noun.HABIT, _key(key), fields, {"area_id": f"area.{habit.area}"})


def _logs(
    script: Script, days: Sequence[date], calendar: Calendar, rng: random.Random
) -> tuple[Log, ...]:
    logs = (_log(key, habit, days, calendar, rng) for key, habit in script.habits.items())
    return tuple(log for log in logs if log.amounts or log.skipped)


def _log(
    key: str, habit: HabitScript, days: Sequence[date], calendar: Calendar, rng: random.Random
) -> Log:
    amounts: dict[date, float | None] = {}
    for day in days:
        grown = 1 - (calendar.today - day).days / calendar.days
        share = habit.share * (AT_FIRST + (1 - AT_FIRST) * grown)
        if rng.random() < share * calendar.energy(day):
            amounts[day] = rng.choice(habit.amounts) if habit.amounts else None
    daily = habit.period is Period.DAY and not habit.type.is_limit
    in_bed = {day: IN_BED for day in days if daily and calendar.is_flu(day) and day not in amounts}
    return Log(_key(key), amounts, in_bed)


def _lifts(script: Script, logs: Sequence[Log]) -> dict[date, float]:
    """Return how much better each day was for what was done on it."""
    lifts: dict[date, float] = {}
    by_key = {_key(key): habit.lifts for key, habit in script.habits.items()}
    for log in logs:
        for day in log.amounts:
            lifts[day] = lifts.get(day, 0) + by_key[log.key]
    return lifts


def _key(key: str) -> str:
    return f"habit.{key}"
