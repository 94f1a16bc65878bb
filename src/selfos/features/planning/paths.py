"""The path of a goal: where it should stand on each day, and what the smallest way back is.

A path is a line through knots, straight between two of them, flat before the first and after the
last, and it never turns back. What is measured moves in steps, and nobody reads a thirtieth of a
book: a step is due once the line has reached it, not before. What a day asks for is due by its end:
while the day runs, falling short of it is a risk; once the day is over, it is a fact. Numbers are
fractions, so that no verdict hangs on rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from math import ceil
from uuid import UUID

from selfos.features.planning.schemas.words import Counting, PathState

# With a week to spare one may look elsewhere for a while.
AHEAD_DAYS = 7
DAY = timedelta(days=1)
ZERO = Fraction(0)
# Finer than any unit people count in.
FINEST_DECIMALS = 3
FINEST_STEP = Fraction(1, 10**FINEST_DECIMALS)


def exact(number: float) -> Fraction:
    """Return the number as it is written, so that 0.1 is a tenth."""
    return Fraction(str(number))


def step_between(*numbers: float) -> Fraction:
    """Return the smallest amount worth naming: one of the last decimal place these numbers use."""
    places = 0
    while places < FINEST_DECIMALS and any(
        (exact(number) * 10**places).denominator > 1 for number in numbers
    ):
        places += 1
    return Fraction(1, 10**places)


@dataclass(frozen=True, slots=True)
class Knot:
    """Where a path stands at the end of one day."""

    day: date
    value: Fraction


@dataclass(frozen=True, slots=True)
class Path:
    """A line through knots, in the order of their days; `step` is what its value moves in.

    Without a step it moves by whatever there is, such as the weights of milestones.
    """

    knots: tuple[Knot, ...]
    step: Fraction | None = Fraction(1)

    @property
    def first(self) -> Knot:
        """Return where it begins."""
        return self.knots[0]

    @property
    def last(self) -> Knot:
        """Return where it leads."""
        return self.knots[-1]

    @property
    def sign(self) -> int:
        """Return 1 where more is better, -1 where less is."""
        return 1 if self.last.value >= self.first.value else -1

    def value_on(self, day: date) -> Fraction:
        """Return where the line lies at the end of this day."""
        if day <= self.first.day:
            return self.first.value
        for before, after in pairwise(self.knots):
            if day <= after.day:
                share = Fraction((day - before.day).days, (after.day - before.day).days)
                return before.value + (after.value - before.value) * share
        return self.last.value

    def due_on(self, day: date) -> Fraction:
        """Return what is due by the end of this day: the steps that the line has reached.

        They are counted back from where it leads, so that its end asks for all of it.
        """
        line, sign = self.value_on(day), self.sign
        if self.step is None:
            return line
        left = ceil(sign * (self.last.value - line) / self.step) * self.step
        return sign * max(sign * self.first.value, sign * self.last.value - left)

    def asks_more(self, value: Fraction, day: date) -> bool:
        """Tell whether this value falls short of what is due by the end of this day."""
        return self.sign * (self.due_on(day) - value) > 0

    def first_day_short(self, value: Fraction) -> date | None:
        """Return the first day at which more than this value is due, or None if it never is."""
        if not self.asks_more(value, self.last.day):
            return None
        # The path never turns back, so the days part into those before and those after.
        low, high = self.first.day - DAY, self.last.day
        while (high - low).days > 1:
            middle = low + (high - low) // 2
            low, high = (low, middle) if self.asks_more(value, middle) else (middle, high)
        return high


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a value stands: `buffer` days remain before something is due, None if forever.

    Zero days: due today. Below zero: so many days ago the path was lost.
    """

    state: PathState
    buffer: int | None


def standing(path: Path, value: Fraction, today: date) -> Standing:
    """Return where this value stands today if nothing more is done."""
    short = path.first_day_short(value)
    if short is None:
        return Standing(PathState.AHEAD, None)
    buffer = (short - today).days
    if buffer < 0:
        return Standing(PathState.OFF, buffer)
    if buffer == 0:
        return Standing(PathState.AT_RISK, buffer)
    # Waiting for the first of a few large steps is no lead: only who is above the line has one.
    line = path.value_on(today + (AHEAD_DAYS - 1) * DAY)
    leads = path.sign * (value - line) >= 0
    return Standing(PathState.AHEAD if leads else PathState.ON, buffer)


@dataclass(frozen=True, slots=True)
class Action:
    """The smallest thing that restores the path: `amount` steps closer, or this `reading`."""

    by: date
    amount: Fraction
    reading: Fraction


def restoring(
    path: Path, value: Fraction, today: date, *, week_end: date, counting: Counting
) -> Action | None:
    """Return the smallest action after which the path is kept, or None if it is kept already.

    What is due today is due today; who has lost the path has until the end of the week.
    """
    state = standing(path, value, today).state
    if state not in (PathState.AT_RISK, PathState.OFF):
        return None
    by = today if state is PathState.AT_RISK else max(today, week_end)
    wanted, sign, step = path.due_on(by), path.sign, path.step or FINEST_STEP
    if counting is Counting.LAST:
        reading = sign * ceil(sign * wanted / step) * step
        return Action(by, abs(reading - value), reading)
    amount = ceil(sign * (wanted - value) / step) * step
    return Action(by, amount, value + sign * amount)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One dated task of a list of milestones."""

    id: UUID
    title: str
    weight: Fraction
    day: date
    done: bool


def milestone_path(milestones: Sequence[Milestone]) -> Path | None:
    """Return the path of a list: after each date, the share of the weight due until then.

    Between two dates nothing new is asked. None where nothing has a date.
    """
    ordered = sorted(milestones, key=lambda each: each.day)
    if not ordered:
        return None
    whole = sum((each.weight for each in ordered), ZERO)
    due = [
        (day, sum((each.weight for each in together), ZERO) / whole)
        for day, together in groupby(ordered, key=lambda each: each.day)
    ]
    totals = accumulate(share for _, share in due)
    knots = [Knot(due[0][0] - DAY, ZERO)]
    for (day, _), total in zip(due, totals, strict=True):
        if knots[-1].day < day - DAY:
            knots.append(Knot(day - DAY, knots[-1].value))
        knots.append(Knot(day, total))
    return Path(tuple(knots), step=None)


def share_done(milestones: Sequence[Milestone]) -> Fraction:
    """Return the share of done weight."""
    whole = sum((each.weight for each in milestones), ZERO)
    return sum((each.weight for each in milestones if each.done), ZERO) / whole


def milestones_to_finish(
    milestones: Sequence[Milestone], today: date, *, week_end: date
) -> tuple[date, list[Milestone]]:
    """Return by when to finish which milestones, the oldest first, to be back on the path.

    None of them can be left out at the end of the list; an empty list says that nothing is due.
    """
    path = milestone_path(milestones)
    if path is None:
        return today, []
    value = share_done(milestones)
    state = standing(path, value, today).state
    if state not in (PathState.AT_RISK, PathState.OFF):
        return today, []
    by = today if state is PathState.AT_RISK else max(today, week_end)
    whole = sum((each.weight for each in milestones), ZERO)
    chosen: list[Milestone] = []
    for each in sorted(milestones, key=lambda each: (each.day, each.title, each.id)):
        if not path.asks_more(value, by):
            break
        if not each.done:
            value += each.weight / whole
            chosen.append(each)
    return by, chosen
