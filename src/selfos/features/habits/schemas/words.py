"""The words habits are spoken in: types, periods, verdicts, and the shapes of single values."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from selfos.kernel.schema import Variant

REMINDERS_PER_HABIT = 12
LONGEST_WINDOW_DAYS = 90
LONGEST_GRACE_HOURS = 36
MINUTES_PER_DAY = 1_440


class HabitType(StrEnum):
    """What is counted: ticks, an amount to reach or to stay below, minutes, or slips."""

    YES_NO = "yes_no"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    DURATION = "duration"
    AVOID = "avoid"

    @property
    def is_limit(self) -> bool:
        """Tell whether less is better, so that silence may be success."""
        return self in (HabitType.AT_MOST, HabitType.AVOID)


class Period(StrEnum):
    """The stretch of time a target is for; a rolling one is any so many days in a row."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ROLLING = "rolling"


class Window(StrEnum):
    """The part of the day a habit belongs to."""

    ANYTIME = "anytime"
    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Verdict(StrEnum):
    """What became of a day or a period; an open one may still become anything."""

    DONE = "done"
    PARTIAL = "partial"
    MISSED = "missed"
    SKIPPED = "skipped"
    PAUSED = "paused"
    NOT_DUE = "not_due"
    OPEN = "open"


class StreakUnit(StrEnum):
    """What a streak counts: periods in which the obligation was met."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    TIMES = "times"


class CheckInKind(StrEnum):
    """A record of having done something, or the reasoned decision not to."""

    LOG = "log"
    SKIP = "skip"


class Whose(StrEnum):
    """Mine, or everybody's in this workspace."""

    MINE = "mine"
    ALL = "all"


def _not_a_number(value: Any) -> Any:
    if isinstance(value, str) and (not value[:4].isdecimal() or value[4:5] != "-"):
        raise ValueError("write a day as 2026-11-27")
    return value


Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
# Text in a URL is read leniently, which would take "0" for a day in 1970.
WrittenDay = Annotated[Day, BeforeValidator(_not_a_number)]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
IconName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Amount = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Conversion = Annotated[
    float,
    Field(gt=0, le=1e9, allow_inf_nan=False, description="What one of it adds to the goal."),
]
Times = Annotated[int, Field(ge=1, le=LONGEST_WINDOW_DAYS)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
RollingDays = Annotated[int, Field(ge=2, le=LONGEST_WINDOW_DAYS)]
GraceHours = Annotated[
    int,
    Field(ge=0, le=LONGEST_GRACE_HOURS, description="How long after a day it can be recorded."),
]
SkipBudget = Annotated[int, Field(ge=0, le=10, description="Forgiven misses per month.")]
Reminders = Annotated[list[WallTime], Field(max_length=REMINDERS_PER_HABIT)]


class ByRule(Variant):
    """On the days of a recurrence rule (RFC 5545), such as each Monday and Thursday."""

    kind: Literal["rule"]
    rule: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class ByQuota(Variant):
    """So many times in each period, on days of one's own choice."""

    kind: Literal["quota"]
    times: Times = 1


Schedule = Annotated[ByRule | ByQuota, Field(discriminator="kind")]
