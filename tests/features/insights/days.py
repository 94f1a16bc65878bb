"""Simulated people: days with moods, habits and tasks, of which the truth is known."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

from selfos.features.insights.association import Days

FIRST = date(2026, 1, 5)
RUN = UUID(int=1)
HABITS = 6


def live(
    random: Random, count: int, *, effect: float = 0.0, memory: float = 0.0, lasting: float = 0.0
) -> Days:
    """Live some days.

    `effect` is what a run adds to the mood; `memory` is how much of a mood is left on the next
    day, `lasting` how often a habit does as it did the day before.
    """
    days = [FIRST + timedelta(days=i) for i in range(count)]
    habits = {UUID(int=n + 1): _habit(random, days, lasting) for n in range(HABITS)}
    mood: dict[date, float] = {}
    energy: dict[date, float] = {}
    hours: dict[date, list[int]] = {}
    state = 0.0
    for day in days:
        state = memory * state + random.gauss(0, (1 - memory * memory) ** 0.5)
        felt = 3.3 + 0.8 * state + effect * habits[RUN][day]
        if random.random() < 0.85:
            mood[day] = min(5, max(1, round(felt)))
        if random.random() < 0.5:
            energy[day] = min(5, max(1, round(random.gauss(3, 1))))
        done = int(random.expovariate(1 / 3))
        if done:
            hours[day] = [min(23, max(5, int(random.gauss(13, 4)))) for _ in range(done)]
    return Days(FIRST, count, mood, energy, hours, habits)


def _habit(random: Random, days: list[date], lasting: float) -> dict[date, bool]:
    often, done = random.uniform(0.25, 0.75), False
    kept: dict[date, bool] = {}
    for day in days:
        if random.random() >= lasting:
            done = random.random() < often
        kept[day] = done
    return kept
