"""The words planning is spoken in: states, kinds, and the shapes of single values."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from selfos.kernel.schema import Name, Variant

BULK_LIMIT = 500
LABELS_PER_TASK = 50
MINUTES_PER_YEAR = 525_600


class Hue(StrEnum):
    """The eight hues of life; each is readable on light and on dark."""

    CAREER = "career"
    GROWTH = "growth"
    HEALTH = "health"
    HOME = "home"
    MIND = "mind"
    MONEY = "money"
    PEOPLE = "people"
    PLAY = "play"


class ProjectStatus(StrEnum):
    """Where a project stands."""

    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"


class GoalStatus(StrEnum):
    """Where a goal stands."""

    ACTIVE = "active"
    COMPLETED = "completed"
    DROPPED = "dropped"


class GoalKind(StrEnum):
    """What a goal asks for.

    A value by a date, at least so much in each period, less of something, a list of milestones,
    or what habits add up to.
    """

    REACH = "reach"
    MAINTAIN = "maintain"
    REDUCE = "reduce"
    MILESTONES = "milestones"
    HABIT = "habit"


class Counting(StrEnum):
    """How data points make a value: amounts that add up, or readings of which the last counts."""

    SUM = "sum"
    LAST = "last"


class GoalPeriod(StrEnum):
    """In which stretch a goal to maintain asks for its amount."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class PointSource(StrEnum):
    """Where a data point comes from: a person's hand, a check-in, or a task."""

    MANUAL = "manual"
    HABIT = "habit"
    TASK = "task"


class PathChangeKind(StrEnum):
    """Why a path was laid anew: asked less, asked more, or begun again after falling off."""

    EASE = "ease"
    STEEPEN = "steepen"
    RESPITE = "respite"


class PathState(StrEnum):
    """Where a goal stands on its path: days to spare, some, none left, or past it."""

    AHEAD = "ahead"
    ON = "on"
    AT_RISK = "at_risk"
    OFF = "off"


class ReviewOutcome(StrEnum):
    """What follows a season: the goal is put away, or goes on with a new one."""

    ARCHIVE = "archive"
    RENEW = "renew"


class OpenState(StrEnum):
    """Where an open task stands."""

    INBOX = "inbox"
    TODO = "todo"
    DOING = "doing"
    WAITING = "waiting"


class TaskState(StrEnum):
    """Where a task stands."""

    INBOX = "inbox"
    TODO = "todo"
    DOING = "doing"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class Scope(StrEnum):
    """What a change of a repeating task reaches: one occurrence, it and later ones, or all."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class DependencyKind(StrEnum):
    """How two tasks hang together."""

    BLOCKS = "blocks"
    RELATES = "relates"
    DUPLICATES = "duplicates"


class Entity(StrEnum):
    """What can lie in the trash."""

    AREA = "area"
    PROJECT = "project"
    GOAL = "goal"
    TASK = "task"


class TaskSort(StrEnum):
    """How tasks can be listed: by hand, by date, newest first, last touched first."""

    RANK = "rank"
    DUE = "due"
    CREATED = "created"
    UPDATED = "updated"


@cache
def known_zones() -> frozenset[str]:
    """Return the names of the time zones we accept, without the machine-dependent ones."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def _known_zone(name: str) -> str:
    if name not in known_zones():
        raise ValueError("there is no such time zone; use a name such as Europe/Berlin")
    return name


def _not_a_number(value: str) -> str:
    if not value[:4].isdecimal() or value[4:5] != "-":
        raise ValueError("write a day as 2026-11-27")
    return value


Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
# Text in a URL is read leniently, which would take "0" for a day in 1970.
WrittenDay = Annotated[Day, BeforeValidator(_not_a_number)]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
ZoneName = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
IconName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Priority = Annotated[int, Field(ge=1, le=4, description="1 is highest, 4 is none.")]
AreaWeight = Annotated[int, Field(ge=1, le=10)]
TaskWeight = Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=1, le=MINUTES_PER_YEAR)]
LabelNames = Annotated[list[Name], Field(max_length=LABELS_PER_TASK)]


class OnDate(Variant):
    """A day, wherever one is."""

    kind: Literal["date"]
    date: Day


class Floating(Variant):
    """A wall time that follows the user from zone to zone."""

    kind: Literal["floating"]
    date: Day
    time: WallTime


class Zoned(Variant):
    """A wall time in one zone, such as a meeting in Berlin."""

    kind: Literal["zoned"]
    date: Day
    time: WallTime
    zone: ZoneName


When = Annotated[OnDate | Floating | Zoned, Field(discriminator="kind")]
