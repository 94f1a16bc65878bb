"""The rhythms of a year: hours of the day, weekdays, seasons, holidays, and a week of flu."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from selfos.features.sample.script import Hours

# First and last minute of the day at which something is done.
SPANS = {
    Hours.DAWN: (6 * 60 + 10, 7 * 60 + 50),
    Hours.MORNING: (8 * 60 + 30, 11 * 60 + 40),
    Hours.AFTERNOON: (13 * 60 + 30, 17 * 60 + 20),
    Hours.EVENING: (17 * 60 + 50, 21 * 60 + 30),
    Hours.NIGHT: (20 * 60 + 40, 22 * 60 + 50),
    Hours.WEEKEND: (9 * 60 + 20, 16 * 60 + 30),
    Hours.WORK: (9 * 60 + 5, 17 * 60 + 40),
}
SATURDAY = 5
SECONDS_PER_MINUTE = 60
# How much of what was planned gets done, by weekday and by month.
WEEKDAYS = (1.03, 1.02, 1.0, 0.97, 0.9, 1.02, 1.04)
MONTHS = (1.06, 0.98, 1.02, 1.03, 1.03, 1.0, 0.93, 0.92, 1.05, 1.02, 0.97, 0.9)
IN_BED, ON_HOLIDAY = 0.04, 0.7
# When flu comes: about so many days ago.
FLU_DAYS_AGO = (244, 258)
FLU_DAYS = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """One year that ends today, with the days on which life is not as usual."""

    today: date
    days: int
    flu: date

    @classmethod
    def of(cls, today: date, days: int, rng: random.Random) -> Calendar:
        """Return the calendar; chance says when the flu comes."""
        return cls(today, days, today - timedelta(days=rng.randint(*FLU_DAYS_AGO)))

    @property
    def first(self) -> date:
        """Return the first day."""
        return self.day(-self.days)

    def day(self, offset: int) -> date:
        """Return the day so many days after today."""
        return self.today + timedelta(days=offset)

    def is_holiday(self, day: date) -> bool:
        """Tell whether nobody works: the turn of the year, or two weeks in August."""
        midwinter = (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)
        return midwinter or (day.month == 8 and 4 <= day.day <= 18)  # noqa: PLR2004 - a date

    def is_flu(self, day: date) -> bool:
        """Tell whether one lies in bed."""
        return self.flu <= day < self.flu + timedelta(days=FLU_DAYS)

    def energy(self, day: date) -> float:
        """Return the factor on how likely a plan for this day is kept."""
        if self.is_flu(day):
            return IN_BED
        usual = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1]
        return usual * ON_HOLIDAY if self.is_holiday(day) else usual

    def healthy(self, day: date) -> date:
        """Return this day, or the first one out of bed."""
        while self.is_flu(day):
            day += timedelta(days=1)
        return day

    def working(self, day: date) -> date:
        """Return this day, or the next one at work."""
        while day.weekday() >= SATURDAY or self.is_holiday(day):
            day += timedelta(days=1)
        return day

    def weeks(self) -> Iterator[date]:
        """Yield the Monday of every week, the present one last."""
        monday = self.first - timedelta(days=self.first.weekday())
        while monday <= self.today:
            yield monday
            monday += timedelta(days=7)


def moment(day: date, hours: Hours, rng: random.Random) -> datetime:
    """Return a wall time on this day, rather in the middle of these hours than at their ends."""
    first, last = SPANS[hours]
    if hours is Hours.DAWN and day.weekday() >= SATURDAY:
        first, last = SPANS[Hours.WEEKEND]
    minutes = rng.triangular(first, last)
    return datetime.combine(day, time()) + timedelta(seconds=int(minutes * SECONDS_PER_MINUTE))


def shortly_after(clock: str, day: date, minutes: int, rng: random.Random) -> datetime:
    """Return when something that begins at a wall time is ticked off."""
    begun = datetime.combine(day, time.fromisoformat(clock))
    late = rng.randint(0, 12 * SECONDS_PER_MINUTE)
    return begun + timedelta(minutes=minutes, seconds=late)
