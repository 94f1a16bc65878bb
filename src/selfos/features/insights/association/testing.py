"""Testing many questions about the same days as one family, by permuting blocks of days.

A question asks whether an outcome (mood) differs between days with something and days without.
What every week repeats and what only drifts over the months is taken out of both first, by least
squares (Frisch, Waugh, Lovell); a question about a weekday leaves the weekdays in. The statistic is
the regression coefficient on its null scale, z = sum(x y) / (sd(y) sqrt(sum(x x))).

Days are no independent draws: a good day follows a good day. So both sides are whitened first, as
the outcome's own lag-one correlation asks (Cochrane and Orcutt, 1949; over a gap of g days its g-th
power), and what is left is shuffled in short blocks of days. The largest |z| of all questions is
noted each time, and a question stands if hardly a shuffle had a larger one (Westfall and Young's
maximum, 1993). That bounds the chance of *any* false answer, not only the share of them. Shuffling
stops once enough have been larger (Besag and Clifford, 1991), so that those with nothing to see
cost little.

The interval is two standard deviations of the shuffled effects around the effect. It is as wide as
the data ask for, but not corrected for having been chosen: the largest effects shrink later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt
from operator import mul
from random import Random
from statistics import fmean

WEEK = 7
SHUFFLES = 1_999
# Shuffles above the best question before we stop.
ENOUGH_ABOVE = 20
# What is taken out first: a mean, a drift, and six more for the week.
FITTED, FITTED_WEEK = 2, 8
STRONGEST_MEMORY = 0.9
# The fewest days on either side, and all together.
LEAST_DAYS, LEAST_EACH = 28, 10
NORMAL_95 = 1.96
SMALLEST_SPREAD = 1e-9
SPREAD_SHUFFLES = 400


@dataclass(frozen=True, slots=True)
class Question:
    """Does the outcome differ between days with (True) and without (False)?

    `present` and `outcome` are of the same days, in order; None where nothing is known. `weekday`
    is the weekday of the first day; `keeps_week` leaves the pattern of the week in.
    """

    key: str
    outcome_key: str
    outcome: Sequence[float | None]
    present: Sequence[bool | None]
    weekday: int
    keeps_week: bool = False


@dataclass(frozen=True, slots=True)
class Association:
    """An answer that stood: days, means, effect and interval in the outcome's own unit."""

    key: str
    outcome_key: str
    with_days: int
    without_days: int
    with_mean: float
    without_mean: float
    effect: float
    low: float
    high: float
    p: float
    questions: int


@dataclass(frozen=True, slots=True)
class _Series:
    """The days with a known outcome, with week and drift taken out of it."""

    places: tuple[int, ...]
    values: tuple[float, ...]
    memory: float
    fitted: int

    @property
    def spread(self) -> float:
        """Return the standard deviation of what was shuffled."""
        return sqrt(fmean([value * value for value in self.values])) if self.values else 0.0

    @property
    def honest_spread(self) -> float:
        """Return it as the fit leaves it: what was fitted is missing from the rest."""
        count = len(self.values)
        return self.spread * sqrt(count / max(count - self.fitted, 1))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A question as a vector of weights over the days of its series."""

    question: Question
    series: tuple[str, bool]
    weights: tuple[float, ...]
    square: float

    def effect(self, values: Sequence[float]) -> float:
        """Return the difference in the outcome that goes with the factor."""
        return sum(map(mul, self.weights, values)) / self.square

    def score(self, values: Sequence[float], spread: float) -> float:
        """Return that on the scale that all questions share."""
        return abs(self.effect(values)) * sqrt(self.square) / spread


def look(
    asked: Sequence[Question], *, risk: float, random: Random, shuffles: int = SHUFFLES
) -> list[Association]:
    """Return the associations that stand in one look, strongest first; any by chance at `risk`."""
    ready, series = _prepare(asked)
    if not ready:
        return []
    scores = [
        each.score(series[each.series].values, series[each.series].honest_spread) for each in ready
    ]
    chances = _chances(ready, series, scores, random=random, shuffles=shuffles, risk=risk)
    standing = [
        _association(each, series[each.series], chance, len(ready), random)
        for each, chance in zip(ready, chances, strict=True)
        if chance <= risk
    ]
    # What turns around once the week is taken out cannot be told in one sentence.
    told = [each for each in standing if each.effect * (each.with_mean - each.without_mean) > 0]
    return sorted(told, key=lambda each: (each.p, -abs(each.effect)))


def _prepare(
    asked: Sequence[Question],
) -> tuple[list[_Ready], dict[tuple[str, bool], _Series]]:
    series: dict[tuple[str, bool], _Series] = {}
    ready: list[_Ready] = []
    for question in asked:
        name = question.outcome_key, question.keeps_week
        if name not in series:
            series[name] = _series(question)
        prepared = _weights(question, series[name], name)
        if prepared is not None and series[name].spread > SMALLEST_SPREAD:
            ready.append(prepared)
    return ready, series


def _series(question: Question) -> _Series:
    places = tuple(i for i, value in enumerate(question.outcome) if value is not None)
    known = [value for value in question.outcome if value is not None]
    cleared = _cleared(known, places, question)
    memory = _memory(cleared, places)
    fitted = FITTED if question.keeps_week else FITTED_WEEK
    return _Series(places, tuple(_whitened(cleared, places, memory)), memory, fitted)


def _memory(values: Sequence[float], places: Sequence[int]) -> float:
    """Return how much of a day is left on the next one, 0 to 0.9.

    The usual estimate is too small by about (1 + 4 r) / n after a fit, which is added again.
    """
    pairs = [
        (values[i], values[i + 1]) for i in range(len(values) - 1) if places[i + 1] - places[i] == 1
    ]
    square = sum(value * value for value in values)
    if len(pairs) < LEAST_EACH or square <= 0:
        return 0.0
    together = sum(a * b for a, b in pairs) / len(pairs)
    memory = together / (square / len(values))
    return min(max(memory + (1 + 4 * memory) / len(values), 0.0), STRONGEST_MEMORY)


def _whitened(values: Sequence[float], places: Sequence[int], memory: float) -> list[float]:
    """Take from each day what the day before foretold of it, all days spread alike afterwards."""
    if memory <= 0 or not values:
        return list(values)
    white = [values[0]]
    for i in range(1, len(values)):
        kept = memory ** (places[i] - places[i - 1])
        white.append((values[i] - kept * values[i - 1]) / sqrt(1 - kept * kept))
    return white


def _weights(question: Question, series: _Series, name: tuple[str, bool]) -> _Ready | None:
    inside = [i for i, place in enumerate(series.places) if question.present[place] is not None]
    marks = [float(bool(question.present[series.places[i]])) for i in inside]
    present = sum(marks)
    if len(marks) < LEAST_DAYS or min(present, len(marks) - present) < LEAST_EACH:
        return None
    cleared = _cleared(marks, [series.places[i] for i in inside], question)
    # A factor that the week explains nearly whole cannot be told from the week.
    if sum(value * value for value in cleared) < present / 10:
        return None
    filled = [0.0] * len(series.places)
    for i, value in zip(inside, cleared, strict=True):
        filled[i] = value
    weights = _whitened(filled, series.places, series.memory)
    return _Ready(question, name, tuple(weights), sum(value * value for value in weights))


def _cleared(values: Sequence[float], places: Sequence[int], question: Question) -> list[float]:
    """Take out the mean, a straight drift and, unless it is asked for, the pattern of the week.

    Least squares by turns (backfitting), which converges to the joint fit.
    """
    left = list(values)
    middle = fmean(places) if places else 0.0
    steps = [place - middle for place in places]
    length = sum(step * step for step in steps)
    weekdays = [0 if question.keeps_week else (question.weekday + place) % WEEK for place in places]
    for _ in range(3):
        by_day: dict[int, list[float]] = {}
        for weekday, value in zip(weekdays, left, strict=True):
            by_day.setdefault(weekday, []).append(value)
        means = {weekday: fmean(each) for weekday, each in by_day.items()}
        left = [value - means[weekday] for weekday, value in zip(weekdays, left, strict=True)]
        slope = sum(map(mul, steps, left)) / length if length else 0.0
        left = [value - slope * step for value, step in zip(left, steps, strict=True)]
    mean = fmean(left) if left else 0.0
    return [value - mean for value in left]


def _chances(
    ready: Sequence[_Ready],
    series: dict[tuple[str, bool], _Series],
    scores: Sequence[float],
    *,
    random: Random,
    shuffles: int,
    risk: float,
) -> list[float]:
    """Return for each question how often the best of a shuffle was as good as it."""
    best, above = max(scores), 0
    maxima: list[float] = []
    for done in range(1, shuffles + 1):
        shuffled = {name: shuffled_blocks(each.values, random) for name, each in series.items()}
        top = max(each.score(shuffled[each.series], series[each.series].spread) for each in ready)
        maxima.append(top)
        above += top >= best
        if above >= ENOUGH_ABOVE and above / done > 2 * risk:
            break
    count = len(maxima) + 1
    return [(1 + sum(top >= score for top in maxima)) / count for score in scores]


def shuffled_blocks(values: Sequence[float], random: Random) -> list[float]:
    """Return the values with blocks of days in another order.

    Their lengths are random (geometric) around half the cube root of the number of days, at least
    two: for what whitening leaves, and of no length that a week divides.
    """
    mean = max(2.0, 0.5 * len(values) ** (1 / 3))
    blocks: list[Sequence[float]] = []
    start = 0
    while start < len(values):
        length = 1 + int(log(1.0 - random.random()) / log(1.0 - 1.0 / mean))
        blocks.append(values[start : start + length])
        start += length
    random.shuffle(blocks)
    return list(chain.from_iterable(blocks))


def _association(
    ready: _Ready, series: _Series, chance: float, questions: int, random: Random
) -> Association:
    question = ready.question
    effect = ready.effect(series.values)
    rest = [
        value - effect * weight for value, weight in zip(series.values, ready.weights, strict=True)
    ]
    spread = sqrt(
        fmean(ready.effect(shuffled_blocks(rest, random)) ** 2 for _ in range(SPREAD_SHUFFLES))
    )
    sides: tuple[list[float], list[float]] = ([], [])
    for value, present in zip(question.outcome, question.present, strict=True):
        if value is not None and present is not None:
            sides[present].append(value)
    without, with_ = sides
    return Association(
        key=question.key,
        outcome_key=question.outcome_key,
        with_days=len(with_),
        without_days=len(without),
        with_mean=fmean(with_),
        without_mean=fmean(without),
        effect=effect,
        low=effect - NORMAL_95 * spread,
        high=effect + NORMAL_95 * spread,
        p=chance,
        questions=questions,
    )
