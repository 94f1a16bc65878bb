"""What has been achieved, and when: a pure reading of days by rules.

Each rule sees a source as amounts by day and looks at all there ever was, so it only rises; it
falls only when what it rests on is undone, reopened or thrown away. The day a tier was earned is
the day on which the value first came to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from selfos.features.progress.spans import Unit, first_of, last_of

Amounts = Mapping[date, float]


class Source(StrEnum):
    """What is looked at; `areas` are counted apart by day, week and month."""

    DONE = "done"
    ON_TIME = "on_time"
    KEPT = "kept"
    MINUTES = "minutes"
    AREAS = "areas"
    HABIT_DAYS = "habit_days"
    HABITS_EACH = "habits_each"
    RECORDED = "recorded"
    GOALS = "goals"
    GOALS_ON_TIME = "goals_on_time"
    RETURNS = "returns"
    STREAK_DAYS = "streak_days"
    STREAK_WEEKS = "streak_weeks"
    STRENGTH = "strength"


class How(StrEnum):
    """How a source is looked at."""

    TOTAL = "total"
    BEST_DAY = "best_day"
    BEST_WEEK = "best_week"
    BEST_MONTH = "best_month"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    RUN_DAYS = "run_days"
    RUN_WEEKS = "run_weeks"
    RUN_MONTHS = "run_months"

    @property
    def unit(self) -> Unit:
        """Return how long the periods are that it looks at."""
        word = self.value.rpartition("_")[2].removesuffix("s")
        return Unit.DAY if self is How.TOTAL else Unit(word)


class Rule(BaseModel):
    """One achievement as it stands in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    key: str
    group: str
    title: str
    text: str
    source: Source
    how: How
    tiers: tuple[int, ...]
    at_least: float = 1.0


RULES = TypeAdapter(tuple[Rule, ...])


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a rule has come, and the day each tier was earned."""

    rule: Rule
    value: float
    earned: Mapping[int, date]


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of the file, in its order."""
    text = (files(__package__ or "") / "achievements.yaml").read_text(encoding="utf-8")
    loaded: list[dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return RULES.validate_python(loaded, strict=False)


def judge(
    wanted: Sequence[Rule],
    amounts: Mapping[Source, Amounts],
    areas: Mapping[date, frozenset[Any]],
    first_weekday: int,
) -> list[Standing]:
    """Return how far each rule has come, given amounts by day and the areas of each day."""
    return [_standing(rule, amounts, areas, first_weekday) for rule in wanted]


def _standing(
    rule: Rule,
    amounts: Mapping[Source, Amounts],
    areas: Mapping[date, frozenset[Any]],
    first_weekday: int,
) -> Standing:
    unit = rule.how.unit

    def period(day: date) -> date:
        return first_of(day, unit, first_weekday)

    if rule.source is Source.AREAS:
        steps = _spread(areas, period)
    else:
        steps = _added(amounts.get(rule.source, {}), period)
    value, earned = 0.0, dict[int, date]()
    for day, reached in _course(rule, steps, unit):
        value = max(value, reached)
        for tier in rule.tiers:
            if tier not in earned and value >= tier:
                earned[tier] = day
    return Standing(rule, round(value, 2), earned)


def _added(
    amounts: Amounts, period: Callable[[date], date]
) -> Iterator[tuple[date, date, float, float]]:
    """Yield each day with its period, what the period has come to, and what the day added."""
    sums: dict[date, float] = {}
    for day in sorted(amounts):
        first = period(day)
        sums[first] = sums.get(first, 0.0) + amounts[day]
        yield day, first, sums[first], amounts[day]


def _spread(
    areas: Mapping[date, frozenset[Any]], period: Callable[[date], date]
) -> Iterator[tuple[date, date, float, float]]:
    """The same for areas, of which each counts once in a period."""
    seen: dict[date, set[Any]] = {}
    for day in sorted(areas):
        known = seen.setdefault(period(day), set())
        fresh = areas[day] - known
        known |= fresh
        yield day, period(day), float(len(known)), float(len(fresh))


def _course(
    rule: Rule, steps: Iterator[tuple[date, date, float, float]], unit: Unit
) -> Iterator[tuple[date, float]]:
    """Yield the value as it stands after each day."""
    total, met, run = 0.0, 0, 0
    last_met: date | None = None
    for day, first, in_period, amount in steps:
        total += amount
        if rule.how is How.TOTAL:
            yield day, total
        elif rule.how.value.startswith("best"):
            yield day, in_period
        elif in_period >= rule.at_least and last_met != first:
            follows = last_met is not None and last_of(last_met, unit).toordinal() + 1
            run = run + 1 if follows == first.toordinal() else 1
            met, last_met = met + 1, first
            yield day, float(run if rule.how.value.startswith("run") else met)
