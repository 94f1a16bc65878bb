"""Goals that go by numbers, recorded at the end of each week."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from statistics import fmean

from selfos.features.sample.deeds import Make, Measure, Noun, Step
from selfos.features.sample.rhythms import Calendar, moment
from selfos.features.sample.script import YOU, Hours, MeasuredGoal, Script

DAYS_PER_WEEK = 7
BEGUN_AT = time(20, 31)


def measure_goals(script: Script, calendar: Calendar, rng: random.Random) -> Iterator[Step]:
    """Yield the beginning of each measured goal, and what each whole week added to it."""
    for key, goal in script.measured.items():
        begun = calendar.day(goal.start)
        yield Step(datetime.combine(begun, BEGUN_AT), YOU, (_make(key, goal, calendar),))
        for monday in calendar.weeks():
            week = [monday + timedelta(days=n) for n in range(DAYS_PER_WEEK)]
            if begun < monday and week[-1] < calendar.today:
                amount = _amount(goal, week, calendar, rng)
                at = moment(week[-1], Hours.NIGHT, rng)
                yield Step(at, YOU, (Measure(_key(key), amount),))


def _make(key: str, goal: MeasuredGoal, calendar: Calendar) -> Make:
    target, unit = goal.target
    fields = {
        "title": goal.title,
        "why": goal.why,
        "start_value": 0,
        "target_value": target,
        "target_unit": unit,
        "start_date": calendar.day(goal.start).isoformat(),
        "target_date": calendar.day(goal.end).isoformat(),
    }
    return Make(Noun.GOAL, _key(key), fields, {"area_id": f"area.{goal.area}"})


def _amount(goal: MeasuredGoal, week: list[date], calendar: Calendar, rng: random.Random) -> float:
    energy = fmean(calendar.energy(day) for day in week)
    return float(max(1, round(rng.choice(goal.weekly) * energy)))


def _key(key: str) -> str:
    return f"goal.{key}"
