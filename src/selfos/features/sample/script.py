"""What is known of an invented life before chance has its say; days count from today."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from selfos.features.calendar.schemas import EventStatus, Transparency
from selfos.features.habits.schemas.words import HabitType, Period, Window
from selfos.features.planning.schemas.words import Hue, OpenState, WallTime

YOU = "you"
MONDAY_FIRST = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(StrEnum):
    """When in a day something tends to be done."""

    DAWN = "dawn"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"
    WORK = "work"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MemberScript(_Part):
    name: str


class AreaScript(_Part):
    name: str
    icon: str
    color: Hue
    weight: int
    about: str = ""


class ProjectScript(_Part):
    """`end` is when it shall be done, and when it is unless it is still active or resting."""

    name: str
    area: str
    about: str = ""
    priority: int = 4
    start: int
    end: int
    ending: Literal["active", "on_hold", "completed", "archived"]
    phases: list[str]


class Chore(_Part):
    """One thing to do, with whatever is known of it."""

    do: str
    area: str | None = None
    project: str | None = None
    goal: str | None = None
    phase: str | None = None
    who: str = YOU
    minutes: int | None = None
    priority: int = 4
    notes: str = ""
    labels: list[str] = []
    steps: list[str] = []


class OpenChore(Chore):
    """Something not done yet, due on a `day` from today or on none, written down `made` days ago.

    With `done` it is ticked off at that time of its day.
    """

    day: int | None = None
    made: int
    clock: WallTime | None = None
    done: WallTime | None = None
    state: OpenState | None = None
    waiting: str | None = None


class DroppedChore(Chore):
    """Something written down and thrown away again."""

    made: int
    gone: int


class GoalScript(_Part):
    """A goal and its way; with `chain` each task waits for the one before."""

    title: str
    why: str = ""
    area: str | None = None
    project: str | None = None
    start: int
    end: int
    ending: Literal["lasting", "dropped"] = "lasting"
    drop: int = 0
    target: tuple[float, str] | None = None
    labels: list[str] = []
    at: Hours
    minutes: int = 30
    chain: bool = False
    tasks: list[Chore | str]

    def chores(self) -> list[Chore]:
        """Return the tasks with what the goal says for all of them."""
        given = (task if isinstance(task, Chore) else Chore(do=task) for task in self.tasks)
        common = {"labels": self.labels}
        return [
            chore.model_copy(update={**common, "minutes": chore.minutes or self.minutes})
            for chore in given
        ]


class MeasuredGoal(_Part):
    """A goal that goes by a number; an ordinary week adds one of the `weekly` amounts to it."""

    title: str
    why: str = ""
    area: str
    start: int
    end: int
    target: tuple[float, str]
    weekly: list[float]


class Routine(Chore):
    """What comes again: on weekdays every so many weeks, or on a day of each month.

    `share` is how often it gets done on an ordinary day; `words` fill the braces.
    """

    weekdays: list[Weekday] = []
    monthly: int | None = None
    every: int = 1
    months: list[int] = list(range(1, 13))
    at: Hours
    clock: WallTime | None = None
    share: Annotated[float, Field(gt=0, le=1)]
    kind: Literal["life", "work"] = "life"
    words: dict[str, list[str]] = {}


class HabitScript(_Part):
    """What is done again and again, as often as `share` of its days.

    `amounts` are those of a day, drawn by chance; ticks have none. A day with it is felt to be
    better by `lifts`, on the scale of moods.
    """

    title: str
    area: str
    icon: str
    about: str = ""
    type: HabitType = HabitType.YES_NO
    target: float | None = None
    unit: str = ""
    period: Period = Period.DAY
    times: int = 1
    window: Window = Window.ANYTIME
    share: Annotated[float, Field(gt=0, le=1)]
    amounts: list[float] = []
    lifts: float = 0


class Appointment(_Part):
    """Something of the owner's calendar, on a `day` from today and written down `made` days ago.

    Without a `clock` it lasts whole days, to `until` if that is another; with a `rule` it repeats.
    """

    title: str
    day: int
    made: int
    until: int | None = None
    clock: WallTime | None = None
    minutes: int | None = None
    rule: str | None = None
    location: str = ""
    transparency: Transparency = Transparency.BUSY
    status: EventStatus = EventStatus.CONFIRMED


class Script(_Part):
    """Everything about one invented workspace."""

    name: str
    days: int
    members: dict[str, MemberScript] = {}
    areas: dict[str, AreaScript]
    projects: dict[str, ProjectScript]
    goals: dict[str, GoalScript]
    measured: dict[str, MeasuredGoal] = {}
    routines: list[Routine]
    habits: dict[str, HabitScript] = {}
    errands: list[Chore]
    open: list[OpenChore]
    appointments: list[Appointment] = []
    trash: list[DroppedChore]


@cache
def read_script(name: str) -> Script:
    """Return one of the scripts that come with us."""
    text = files("selfos.features.sample").joinpath("scripts", f"{name}.yaml").read_text("utf-8")
    return Script.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
