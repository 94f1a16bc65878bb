"""Which questions are asked of somebody's days: few, fixed before looking, none about itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID

from selfos.features.insights.association.testing import Question

SATURDAY, NOON = 5, 12
# Everything asked makes everything else harder to see.
MOST_HABITS = 12
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORTH_AN_HOUR = 2


class DayOutcome(StrEnum):
    """What may differ between days."""

    MOOD = "mood"
    ENERGY = "energy"
    TASKS = "tasks"


class DayFactor(StrEnum):
    """What days may have or not."""

    HABIT = "habit"
    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    MANY_TASKS = "many_tasks"
    MORNING = "morning"
    GOOD_MOOD_BEFORE = "good_mood_before"


@dataclass(frozen=True, slots=True)
class Days:
    """Somebody's days in a row from `first` on; what is not known of a day is absent.

    `habits` says for each habit whether it was done; `hours` are the local hours at which tasks
    were done on a day. A day without a task done counts as none from the first such day on.
    """

    first: date
    count: int
    mood: Mapping[date, float]
    energy: Mapping[date, float]
    hours: Mapping[date, Sequence[int]]
    habits: Mapping[UUID, Mapping[date, bool]]

    def each(self) -> list[date]:
        """Return the days, oldest first."""
        return [self.first + timedelta(days=i) for i in range(self.count)]

    def data_days(self) -> int:
        """Return on how many days something is known that may differ: what looks are counted by."""
        return max(len(self.mood), len(self.energy), len(self.hours))


def questions(days: Days) -> list[Question]:
    """Return all questions of one look, in a fixed order."""
    every = days.each()
    outcomes: dict[DayOutcome, list[float | None]] = {
        DayOutcome.MOOD: [days.mood.get(day) for day in every],
        DayOutcome.ENERGY: [days.energy.get(day) for day in every],
        DayOutcome.TASKS: _tasks(days, every),
    }
    return [
        Question(
            key=key,
            outcome_key=outcome,
            outcome=values,
            present=present,
            weekday=days.first.weekday(),
            keeps_week=key.startswith((DayFactor.WEEKDAY, DayFactor.WEEKEND)),
        )
        for outcome, values in outcomes.items()
        for key, present in _factors(days, every, outcome)
    ]


def _tasks(days: Days, every: Sequence[date]) -> list[float | None]:
    began = min(days.hours, default=None)
    return [
        float(len(days.hours.get(day, ()))) if began is not None and day >= began else None
        for day in every
    ]


def _factors(
    days: Days, every: Sequence[date], outcome: DayOutcome
) -> Iterator[tuple[str, list[bool | None]]]:
    recorded = sorted(days.habits, key=lambda each: (-sum(days.habits[each].values()), each))
    for habit in recorded[:MOST_HABITS]:
        yield f"{DayFactor.HABIT}:{habit}", [days.habits[habit].get(day) for day in every]
    if outcome is DayOutcome.TASKS:
        for number, name in enumerate(WEEKDAYS):
            yield f"{DayFactor.WEEKDAY}:{name}", [day.weekday() == number for day in every]
        yield DayFactor.GOOD_MOOD_BEFORE, [_good(days, day - timedelta(days=1)) for day in every]
        return
    yield DayFactor.WEEKEND, [day.weekday() >= SATURDAY for day in every]
    counts = _tasks(days, every)
    usual = median([count for count in counts if count is not None] or [0.0])
    yield DayFactor.MANY_TASKS, [None if count is None else count > usual for count in counts]
    yield DayFactor.MORNING, [_mostly_before_noon(days.hours.get(day, ())) for day in every]


def _good(days: Days, day: date) -> bool | None:
    mood = days.mood.get(day)
    return None if mood is None else mood >= 4  # noqa: PLR2004 - "good" and "very good"


def _mostly_before_noon(hours: Sequence[int]) -> bool | None:
    if len(hours) < WORTH_AN_HOUR:
        return None
    return 2 * sum(hour < NOON for hour in hours) > len(hours)
