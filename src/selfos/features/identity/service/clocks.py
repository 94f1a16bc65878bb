"""How somebody counts time: their zones over the years, when their day turns, their week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from selfos.features.identity.models import User, ZoneChange
from selfos.features.identity.schemas import WeekStart

FIRST_WEEKDAY = {WeekStart.MONDAY: 0, WeekStart.SATURDAY: 5, WeekStart.SUNDAY: 6}
UTC_NAME = "UTC"
# One row for each zone somebody has lived in, oldest first.
USER_CLOCKS = (
    select(
        User.id,
        User.time_zone,
        User.day_start_minutes,
        User.week_start,
        ZoneChange.from_instant,
        ZoneChange.zone,
    )
    .outerjoin(ZoneChange, ZoneChange.user_id == User.id)
    .order_by(ZoneChange.from_instant, ZoneChange.id)
)
USER_CLOCK = USER_CLOCKS.where(User.id == bindparam("user_id"))


@dataclass(frozen=True, slots=True)
class UserTime:
    """How somebody counts time: their zone, when their day turns, when their week begins.

    `changes` is where they lived before: instants in order, each with the zone from then on.
    """

    zone: ZoneInfo
    day_start_minutes: int
    week_start: WeekStart
    changes: tuple[tuple[datetime, ZoneInfo], ...] = ()

    @classmethod
    def of(cls, found: Sequence[Any]) -> UserTime:
        """Read the rows of USER_CLOCK."""
        last = found[-1]
        changes = tuple((row.from_instant, ZoneInfo(row.zone)) for row in found if row.zone)
        return cls(ZoneInfo(last.time_zone), last.day_start_minutes, last.week_start, changes)

    @property
    def first_weekday(self) -> int:
        """Return the weekday their week begins with; Monday is 0."""
        return FIRST_WEEKDAY[self.week_start]

    def zone_at(self, instant: datetime) -> ZoneInfo:
        """Return the zone they lived in then; before all we know it is the oldest known."""
        known = self.changes[0][1] if self.changes else self.zone
        for start, zone in self.changes:
            if start > instant:
                break
            known = zone
        return known

    def local_day(self, instant: datetime) -> date:
        """Return the day an instant belongs to where they lived then."""
        return self._day(instant, self.zone_at(instant))

    def today(self, now: datetime) -> date:
        """Return the day it is for them; before the start of their day it is still yesterday."""
        return self._day(now, self.zone)

    def week_of(self, day: date) -> date:
        """Return the first day of the week this day belongs to."""
        return day - timedelta(days=(day.weekday() - self.first_weekday) % 7)

    def _day(self, instant: datetime, zone: ZoneInfo) -> date:
        wall = instant.astimezone(zone).replace(tzinfo=None)
        return (wall - timedelta(minutes=self.day_start_minutes)).date()


def local_day_of(user_id: Any, now: ColumnElement[datetime]) -> ColumnElement[date]:
    """Return a subquery for the day it is now for the user in this column; for nobody, in UTC."""
    turn = func.make_interval(0, 0, 0, 0, 0, User.day_start_minutes)
    theirs = select(cast(func.timezone(User.time_zone, now) - turn, Date)).where(User.id == user_id)
    in_utc = cast(func.timezone(literal(UTC_NAME), now), Date)
    return func.coalesce(theirs.correlate_except(User).scalar_subquery(), in_utc)
