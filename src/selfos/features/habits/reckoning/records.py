"""What is reckoned with: an obligation, marks on days, and the days themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from selfos.features.habits.schemas.words import HabitType, Period, Verdict

DAY = timedelta(days=1)
DAYS_PER_WEEK = 7
# A month's share is looked at through a window of this many days, as Loop does.
DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True)
class Obligation:
    """What somebody has set out to do.

    `target` is for the whole period; `times` counts ticks, so it is 1 unless the type is yes_no.
    `due` holds the days of a recurrence rule, None where a quota leaves the days open.
    `forgiven` is how many misses of a month are covered without asking.
    """

    type: HabitType
    target: float = 1.0
    period: Period = Period.DAY
    times: int = 1
    rolling_days: int = 0
    due: frozenset[date] | None = None
    forgiven: int = 0

    @property
    def ticked(self) -> bool:
        """Tell whether days are ticked rather than measured."""
        return self.type is HabitType.YES_NO

    @property
    def limit(self) -> bool:
        """Tell whether less is better."""
        return self.type.is_limit

    @property
    def need(self) -> float:
        """Return what a whole period asks for: ticks or an amount; the limit if it is one."""
        if self.type is HabitType.AVOID:
            return 0.0
        return float(self.times) if self.ticked else self.target

    @property
    def window(self) -> int:
        """Return the days that a period looks back over."""
        match self.period:
            case Period.DAY:
                return 1
            case Period.WEEK:
                return DAYS_PER_WEEK
            case Period.MONTH:
                return DAYS_PER_MONTH
            case Period.ROLLING:
                return self.rolling_days


@dataclass(frozen=True, slots=True)
class Mark:
    """What the records of one day amount to.

    `confirmed` is a record of nothing: somebody says that the day stayed clean.
    """

    amount: float = 0.0
    confirmed: bool = False
    skipped: bool = False


NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one person: where they stand, and which days ask for nothing.

    Days before `final_before` can no longer be recorded in passing; `unlived` days never came, or
    hardly, because a flight went past them.
    """

    start: date
    today: date
    final_before: date
    first_weekday: int = 0
    pauses: Sequence[tuple[date, date | None]] = ()
    unlived: frozenset[date] = frozenset()

    def is_final(self, day: date) -> bool:
        """Tell whether a miss on this day is one for good."""
        return day < self.final_before

    def is_paused(self, day: date) -> bool:
        """Tell whether a pause covers this day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.pauses)

    def week_of(self, day: date) -> date:
        """Return the first day of the week this day belongs to."""
        return day - timedelta(days=(day.weekday() - self.first_weekday) % DAYS_PER_WEEK)

    def period_of(self, day: date, period: Period) -> tuple[date, date]:
        """Return the first and last day of the calendar week or month around a day."""
        if period is Period.WEEK:
            first = self.week_of(day)
            return first, first + timedelta(days=DAYS_PER_WEEK - 1)
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - DAY


@dataclass(slots=True)
class Judged:
    """One day judged. On a tight day no rest was left: leaving it out costs the obligation."""

    day: date
    verdict: Verdict
    amount: float = 0.0
    tight: bool = False


@dataclass(slots=True)
class Stretch:
    """One period judged as a whole; a single day where the obligation is for each day.

    `lacking` are the days, final by now, on which it failed.
    """

    first: date
    last: date
    verdict: Verdict
    lacking: tuple[date, ...] = ()


@dataclass(slots=True)
class Judgement:
    """Days in order, and the periods they make up; where nothing was owed there is no period."""

    days: list[Judged] = field(default_factory=list[Judged])
    stretches: list[Stretch] = field(default_factory=list[Stretch])


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield the days from first to last, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def set_aside(mark: Mark, calendar: Calendar, day: date, *, met: bool) -> Verdict | None:
    """Return why a day asks for nothing, or None; what was done beats a skip and a flight."""
    if mark.skipped and not met:
        return Verdict.SKIPPED
    if calendar.is_paused(day):
        return Verdict.PAUSED
    return Verdict.NOT_DUE if day in calendar.unlived and not met else None
