"""Simulated people with a goal: weeks of work whose coming is not told to the forecast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil, exp
from random import Random

from selfos.features.insights.forecasting import (
    HORIZON,
    Forecast,
    Week,
    foresee,
    missing_weeks,
)

TODAY = date(2026, 5, 4)


def work(random: Random) -> Iterator[Week]:
    """Work on a goal, week by week without end.

    People differ in pace, in how even it is, in weeks off (which come in rows), in how their pace
    wanders, and in how much their work grows.
    """
    pace = random.choice((1, 2, 3, 5, 8))
    rest, lasting = random.uniform(0, 0.3), random.random() * 0.5
    wander, grows = random.choice((0, 0.03, 0.06)), random.choice((0, 0, 0.1, 0.25))
    level, resting = 0.0, False
    while True:
        level = 0.97 * level + random.gauss(0, wander)
        if random.random() >= lasting:
            resting = random.random() < rest
        mean = 0.0 if resting else pace * exp(level)
        done = _poisson(random, random.gammavariate(4, mean / 4)) if mean else 0
        yield Week(float(done), float(sum(random.random() < grows for _ in range(pace))))


def _poisson(random: Random, mean: float) -> int:
    count, left = 0, random.random()
    while left > exp(-mean):
        count, left = count + 1, left * random.random()
    return count


def try_forecast(seed: int, weeks: int, lives: int = 300) -> tuple[Forecast, date] | None:
    """Forecast a goal after some weeks; returns that and the day it is reached, `date.max` never.

    None where there is nothing to forecast: too little was done, or the work grows faster.
    """
    random = Random(seed)
    person = work(random)
    past = [next(person) for _ in range(weeks)]
    net = sum(week.done - week.grown for week in past) / weeks
    if missing_weeks(past) is not None or net <= 0:
        return None
    remaining = max(2.0, round(random.uniform(3, 20) * max(net, 0.5)))
    forecast = foresee(past, remaining, TODAY, random=random, lives=lives)
    left = remaining
    for number in range(HORIZON):
        week = next(person)
        if week.done > 0 and left <= week.done:
            return forecast, TODAY + timedelta(days=ceil((number + left / week.done) * 7))
        left += week.grown - week.done
    return forecast, date.max
