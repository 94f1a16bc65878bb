"""What the coming weeks hold, what a new plan adds to them, and the cheapest way to make room.

Pure, as the planner is. Work counts in the week it is due. All times are minutes; weeks go by
their first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from uuid import UUID

from selfos.features.ai.planner.model import week_of

# How far the weeks are looked at, and how far beyond them work may be put off.
MOST_WEEKS = 53
FARTHEST_WEEKS = 26
# What was promised before is dearer to move than what is only planned.
PROMISED_COSTS = 2.0
# An hour that stays too much is as bad as an hour that waits so many weeks.
LEFT_COSTS = 20.0
MINUTES_PER_HOUR = 60
_WEEK = timedelta(days=7)
# Less than this over is rounding, and no reason to move anything.
TOLERANCE = 3.0


class WayKind(StrEnum):
    """How room is made: the plan waits or takes fewer hours, or what was promised waits."""

    FEWER_HOURS = "fewer_hours"
    LATER = "later"
    MAKE_ROOM = "make_room"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something with a day and a length; `latest` is the last day it may stand on.

    What is `fixed` stays where it is. Of two that could move, the one with the higher `priority`
    number goes first.
    """

    id: UUID
    title: str
    due: date
    minutes: float
    latest: date | None = None
    fixed: bool = False
    priority: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What there is already: work by its day, and minutes of each week that cannot move."""

    today: date
    week_start: int
    capacity: float
    promised: tuple[Work, ...] = ()
    steady: Mapping[date, float] = field(default_factory=dict[date, float])

    def week(self, day: date) -> date:
        """Return the first day of the week of a day."""
        return week_of(day, self.week_start)

    def capacity_of(self, week: date) -> float:
        """Return what a week can hold; of the running one, what is left."""
        left = 7 - max(0, (self.today - week).days)
        return self.capacity * min(7, max(0, left)) / 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be added: dated steps in their order, and rhythms by week."""

    steps: tuple[Work, ...]
    rhythm: Mapping[date, float] = field(default_factory=dict[date, float])


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week with its minutes, by where they come from."""

    week_start: date
    promised: float
    steady: float
    planned: float
    capacity: float

    @property
    def total(self) -> float:
        """Return everything in this week."""
        return self.promised + self.steady + self.planned

    @property
    def over(self) -> float:
        """Return what does not fit."""
        excess = self.total - self.capacity
        return excess if excess > TOLERANCE else 0.0

    @property
    def added(self) -> float:
        """Return how much of what does not fit is the plan's doing."""
        return min(self.over, self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that would wait."""

    work: Work
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to make room. `cost` counts hours of work times weeks of waiting.

    `weeks` are as they would be then, and `finish` is when the plan's last step would be due.
    `hours` a week are what a plan made anew would go by.
    """

    kind: WayKind
    moves: tuple[Move, ...]
    weeks: tuple[Week, ...]
    finish: date
    cost: float
    hours: float | None = None

    @property
    def left(self) -> float:
        """Return the minutes that would still be too many because of the plan."""
        return sum(week.added for week in self.weeks)

    @property
    def price(self) -> float:
        """Return what is paid in all: waiting, and what stays too much."""
        return self.cost + LEFT_COSTS * self.left / MINUTES_PER_HOUR


def forecast(life: Life, plan: Plan) -> tuple[Week, ...]:
    """Add a plan to a life, week by week, from this week to the last one of the plan."""
    promised, planned = _by_week(life, life.promised), _by_week(life, plan.steps)
    first = life.week(life.today)
    last = max([first, *planned, *plan.rhythm])
    count = min((last - first).days // 7 + 1, MOST_WEEKS)
    return tuple(
        Week(
            week_start=week,
            promised=promised.get(week, 0.0),
            steady=life.steady.get(week, 0.0),
            planned=planned.get(week, 0.0) + plan.rhythm.get(week, 0.0),
            capacity=life.capacity_of(week),
        )
        for week in (first + number * _WEEK for number in range(count))
    )


def ways_to_fit(life: Life, plan: Plan) -> tuple[Way, ...]:
    """Find ways to make room for a plan, the cheapest first.

    None of them makes a week fuller that was full, moves anything to an earlier day, beyond its
    last day or past what follows it.
    """
    return best_first(life, plan, (later(life, plan), make_room(life, plan)))


def best_first(life: Life, plan: Plan, ways: Iterable[Way | None]) -> tuple[Way, ...]:
    """Keep the ways that help, the cheapest first: what stays too much has its price too."""
    before = sum(week.added for week in forecast(life, plan))
    helpful = [way for way in ways if way is not None and way.left < before - TOLERANCE]
    return tuple(sorted(helpful, key=lambda way: (way.price, way.kind)))


def planned_anew(kind: WayKind, life: Life, old: Plan, new: Plan, hours: float) -> Way:
    """Weigh a plan made anew against the old one: half its work waits for the new finish."""
    days = (_finish(life, new) - _finish(life, old)).days
    work = sum(step.minutes for step in new.steps) + sum(new.rhythm.values())
    waiting = work * max(0, days) / 7 / 2
    return Way(
        kind=kind,
        moves=(),
        weeks=forecast(life, new),
        finish=_finish(life, new),
        cost=round(waiting / MINUTES_PER_HOUR, 1),
        hours=hours,
    )


def _by_week(life: Life, works: Iterable[Work]) -> dict[date, float]:
    weeks = dict[date, float]()
    for work in works:
        week = life.week(work.due)
        weeks[week] = weeks.get(week, 0.0) + work.minutes
    return weeks


@dataclass(slots=True)
class _Board:
    """The weeks while things are moved about."""

    life: Life
    used: dict[date, float]

    def free(self, week: date) -> float:
        return self.life.capacity_of(week) - self.used.get(week, 0.0)

    def add(self, week: date, minutes: float) -> None:
        self.used[week] = self.used.get(week, 0.0) + minutes

    def first_room(self, work: Work, earliest: date, latest: date | None) -> date | None:
        """Find the first day, whole weeks after its own and not before `earliest`, with room."""
        weeks = max(0, -(-(earliest - work.due).days // 7))
        for number in range(weeks, weeks + FARTHEST_WEEKS):
            due = work.due + number * _WEEK
            if latest is not None and due > latest:
                return None
            if work.minutes <= 0 or self.free(self.life.week(due)) >= work.minutes:
                return due
        return None


def later(life: Life, plan: Plan) -> Way | None:
    """Let each step of the plan wait for the first week with room, in their order."""
    used = _by_week(life, life.promised)
    board = _Board(life, used)
    for week, minutes in (*life.steady.items(), *plan.rhythm.items()):
        board.add(week, minutes)
    for step in plan.steps:
        if step.fixed:
            board.add(life.week(step.due), step.minutes)
    limits = _limits(plan.steps)
    placed, earliest = list[Work](), date.min
    for step, latest in zip(plan.steps, limits, strict=True):
        due = step.due if step.fixed else board.first_room(step, earliest, latest)
        if due is None:
            return None
        if not step.fixed:
            board.add(life.week(due), step.minutes)
        earliest = max(earliest, due)
        placed.append(replace(step, due=due))
    moved = replace(plan, steps=tuple(placed))
    return _way(WayKind.LATER, life, moved, _moves(plan.steps, placed), 1.0)


def _limits(steps: Sequence[Work]) -> list[date | None]:
    """Return for each step its last day: its own, or that of what must come after it."""
    ends = [step.due if step.fixed else step.latest for step in steps]
    return list(accumulate(reversed(ends), _sooner))[::-1]


def _sooner(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days, default=None)


def make_room(life: Life, plan: Plan) -> Way | None:
    """Let what was promised wait, the least important first, where the plan makes a week full."""
    weeks = forecast(life, plan)
    board = _Board(life, {week.week_start: week.total for week in weeks})
    for week, minutes in _beyond(life, weeks[-1].week_start):
        board.add(week, minutes)
    placed = {work.id: work for work in life.promised}
    for week in weeks:
        if week.added <= 0:
            continue
        for work in _movable(life, week.week_start):
            excess = -board.free(week.week_start)
            if excess <= TOLERANCE:
                break
            due = board.first_room(work, work.due + _WEEK, work.latest)
            if due is not None:
                board.add(week.week_start, -work.minutes)
                board.add(life.week(due), work.minutes)
                placed[work.id] = replace(work, due=due)
    after = [placed[work.id] for work in life.promised]
    moves = _moves(life.promised, after)
    if not moves:
        return None
    return _way(
        WayKind.MAKE_ROOM, replace(life, promised=tuple(after)), plan, moves, PROMISED_COSTS
    )


def _beyond(life: Life, last: date) -> Iterable[tuple[date, float]]:
    """Yield what lies in the weeks after the last one shown."""
    promised = _by_week(life, life.promised)
    for weeks in (promised, life.steady):
        yield from ((week, minutes) for week, minutes in weeks.items() if week > last)


def _movable(life: Life, week: date) -> list[Work]:
    there = [w for w in life.promised if not w.fixed and w.minutes and life.week(w.due) == week]
    return sorted(there, key=lambda w: (-w.priority, w.latest is not None, -w.minutes, w.id))


def _moves(before: Iterable[Work], after: Iterable[Work]) -> tuple[Move, ...]:
    pairs = zip(before, after, strict=True)
    return tuple(Move(work=old, due=new.due) for old, new in pairs if new.due != old.due)


def _way(kind: WayKind, life: Life, plan: Plan, moves: tuple[Move, ...], price: float) -> Way:
    waiting = (m.work.minutes * (m.due - m.work.due).days / 7 for m in moves)
    return Way(
        kind=kind,
        moves=moves,
        weeks=forecast(life, plan),
        finish=_finish(life, plan),
        cost=round(price * sum(waiting) / MINUTES_PER_HOUR, 1),
    )


def _finish(life: Life, plan: Plan) -> date:
    return max((step.due for step in plan.steps), default=life.today)
