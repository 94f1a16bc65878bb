"""Stretches of days: the periods a span of time is cut into, and the span before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
DAYS_PER_WEEK = 7
MONDAY = 0
MONTHS_PER_YEAR = 12


class Unit(StrEnum):
    """How long one period of a series is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def before(self) -> Span:
        """Return the stretch of as many days right before."""
        return Span(self.first - timedelta(days=self.days), self.first - DAY)

    def covers(self, day: date) -> bool:
        """Tell whether this day lies in it."""
        return self.first <= day <= self.last

    def each(self) -> Iterator[date]:
        """Yield its days in order."""
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            yield date.fromordinal(ordinal)


def first_of(day: date, unit: Unit, first_weekday: int) -> date:
    """Return the first day of the period a day lies in; Monday is weekday 0."""
    match unit:
        case Unit.DAY:
            return day
        case Unit.WEEK:
            return day - timedelta(days=(day.weekday() - first_weekday) % DAYS_PER_WEEK)
        case Unit.MONTH:
            return day.replace(day=1)


def last_of(first: date, unit: Unit) -> date:
    """Return the last day of the period that begins on this day."""
    match unit:
        case Unit.DAY:
            return first
        case Unit.WEEK:
            return first + timedelta(days=DAYS_PER_WEEK - 1)
        case Unit.MONTH:
            return months_on(first, 1) - DAY


def months_on(first: date, months: int) -> date:
    """Return the first day of the month so many months on, or back."""
    months += first.year * MONTHS_PER_YEAR + first.month - 1
    return date(months // MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1, 1)


def cut(span: Span, unit: Unit, first_weekday: int) -> list[Span]:
    """Cut a span into its periods; the first and the last may be parts of one."""
    periods: list[Span] = []
    day = span.first
    while day <= span.last:
        end = last_of(first_of(day, unit, first_weekday), unit)
        periods.append(Span(day, min(end, span.last)))
        day = end + DAY
    return periods
