"""Lays steps on the calendar: earliest day that order, weekly hours and pacing allow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from selfos.features.ai.planner.drafting import Blank
from selfos.features.ai.planner.model import PlanStep, WeekLoad, week_of
from selfos.features.ai.planner.progressions import BUFFER

# Taper, revision and last calls belong right before the race, the exam or the wedding.
_EVENT_BUFFER_DAYS = 3
# A rhythm may fill this much of a week; the rest stays for the steps.
_RHYTHM_SHARE = 0.9
# A short step waits this many weeks for room before it is spread over several.
_PATIENCE_WEEKS = 3
# With no free hour in so many weeks there is no plan to lay out.
_HORIZON_WEEKS = 1600
_NOTHING = 1e-6
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The time there is: from today to the finish, hours a week, hours already promised."""

    today: date
    finish: date
    hours: float
    busy: Mapping[date, float]
    week_start: int

    def usable_days(self, *, eventful: bool) -> int:
        """Days before the buffer ahead of the finish; a plan with its own day runs up to it."""
        days = (self.finish - self.today).days
        buffer = math.ceil(days * BUFFER)
        return max(0, days - (min(buffer, _EVENT_BUFFER_DAYS) if eventful else buffer))


@dataclass(slots=True)
class _Week:
    begins: date
    first: date
    days: int
    capacity: float
    used: float = 0
    rhythm: float = 0

    @property
    def free(self) -> float:
        return max(0.0, self.capacity - self.used - self.rhythm)


@dataclass(frozen=True, slots=True)
class Layout:
    """Dated steps and weekly load; `rhythm_share` is how much of the habits found room."""

    steps: tuple[PlanStep, ...]
    weeks: tuple[_Week, ...]
    last_due: date
    rhythm_share: float

    def load(self) -> tuple[WeekLoad, ...]:
        """Give the hours of each week against its capacity."""
        return tuple(
            WeekLoad(
                week_start=week.begins,
                hours=round((week.used + week.rhythm) / 60, 2),
                capacity_hours=round(week.capacity / 60, 2),
                rhythm_hours=round(week.rhythm / 60, 2),
            )
            for week in self.weeks
        )


def lay_out(blanks: Sequence[Blank], frame: Frame, *, paced: bool) -> Layout:
    """Date every step; paced spreads them over the plan, otherwise each comes when it can."""
    return _Board(frame, paced=paced).place_all(blanks)


@dataclass(slots=True)
class _Board:
    """The weeks while they fill up, in minutes."""

    frame: Frame
    paced: bool
    weeks: list[_Week] = field(default_factory=list["_Week"])
    rhythms: list[tuple[date, int]] = field(default_factory=list[tuple[date, int]])
    due: dict[str, date] = field(default_factory=dict[str, date])
    asked: float = 0
    given: float = 0
    origin: date = date.min
    usable_days: int = 0

    def __post_init__(self) -> None:
        self.origin = week_of(self.frame.today, self.frame.week_start)

    def place_all(self, blanks: Sequence[Blank]) -> Layout:
        eventful = any(blank.event for blank in blanks)
        self.usable_days = self.frame.usable_days(eventful=eventful)
        placed = [self._place(blank) for blank in blanks]
        steps = tuple(sorted(placed, key=lambda step: step.due))
        last = max((s.due for s in steps if s.minutes and not s.event), default=self.frame.today)
        through = max(last, self.frame.finish)
        while self._week_at(len(self.weeks)).first + _WEEK <= through:
            pass
        shown = tuple(week for week in self.weeks if week.first <= through)
        return Layout(steps, shown, last, self.given / self.asked if self.asked else 1)

    def _place(self, blank: Blank) -> PlanStep:
        begin = max([self._wanted(blank), *(self.due[key] for key in blank.depends_on)])
        start: date | None = None
        if blank.event:
            due = max(begin, self.frame.finish)
        elif blank.minutes == 0:
            due = begin
        else:
            start, due = self._spend(blank, begin)
        self.due[blank.key] = due
        if blank.habit_minutes:
            self._begin_rhythm(due, blank.habit_minutes)
        return PlanStep(
            key=blank.key,
            phase=blank.phase,
            title=blank.title,
            minutes=blank.minutes,
            due=due,
            start=start if start != due else None,
            reason=blank.reason,
            depends_on=blank.depends_on,
            kind=blank.kind,
            habit=blank.habit,
            habit_minutes=blank.habit_minutes,
            whole=blank.whole,
            event=blank.event,
        )

    def _wanted(self, blank: Blank) -> date:
        # A rung of a ladder says how far the work is by then, so it never comes early.
        if not self.paced and not blank.rung:
            return self.frame.today
        days = math.floor(self.usable_days * min(blank.position, 1))
        return self.frame.today + timedelta(days=days)

    def _spend(self, blank: Blank, begin: date) -> tuple[date | None, date]:
        first = self._index(begin)
        for index in range(first, first + _PATIENCE_WEEKS):
            week = self._week_at(index)
            if week.free >= blank.minutes:
                return None, self._book(week, blank.minutes, begin)
        return self._spread(blank.minutes, first, begin)

    def _spread(self, minutes: float, first: int, begin: date) -> tuple[date, date]:
        start, due, left = begin, begin, minutes
        for index in range(first, first + _HORIZON_WEEKS):
            week = self._week_at(index)
            part = min(week.free, left)
            if part <= 0:
                continue
            due = self._book(week, part, begin)
            start = due if left == minutes else start
            left -= part
            if left <= _NOTHING:
                break
        return min(start, due), due

    def _book(self, week: _Week, minutes: float, begin: date) -> date:
        # Where the middle of the work falls when the week is used up evenly.
        middle = week.used + minutes / 2
        week.used += minutes
        room = max(week.capacity - week.rhythm, _NOTHING)
        day = min(week.days - 1, math.floor(min(1.0, middle / room) * week.days))
        return max(begin, week.first + timedelta(days=day))

    def _begin_rhythm(self, since: date, minutes: int) -> None:
        self.rhythms.append((since, minutes))
        for week in self.weeks:
            self._reserve(week, since, minutes)

    def _reserve(self, week: _Week, since: date, minutes: int) -> None:
        end = week.first + timedelta(days=week.days)
        active = (min(end, self.frame.finish) - max(week.first, since)).days
        if active <= 0:
            return
        wanted = minutes * active / 7
        room = max(0.0, min(week.capacity * _RHYTHM_SHARE - week.rhythm, week.free))
        week.rhythm += min(wanted, room)
        self.asked += wanted
        self.given += min(wanted, room)

    def _index(self, day: date) -> int:
        return (day - self.origin).days // 7

    def _week_at(self, index: int) -> _Week:
        while len(self.weeks) <= index:
            self._add_week()
        return self.weeks[index]

    def _add_week(self) -> None:
        begins = self.origin + len(self.weeks) * _WEEK
        first = max(begins, self.frame.today)
        days = 7 - (first - begins).days
        hours = max(0.0, self.frame.hours - self.frame.busy.get(begins, 0.0))
        week = _Week(begins, first, days, hours * 60 * days / 7)
        self.weeks.append(week)
        for since, minutes in self.rhythms:
            self._reserve(week, since, minutes)
