"""What a client sends about habits."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfos.features.habits.schemas.words import (
    Amount,
    ByQuota,
    Conversion,
    Day,
    GraceHours,
    HabitType,
    IconName,
    Period,
    Reminders,
    RollingDays,
    Schedule,
    SkipBudget,
    Unit,
    Whose,
    Window,
    WrittenDay,
)
from selfos.features.planning.schemas.filters import FilterText
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Prose, Query, Title

DEFAULT_GRACE_HOURS = 12
DEFAULT_SKIP_BUDGET = 2


class HabitCreate(Input):
    """`target` is for the whole period; a tick and an avoided thing need none."""

    id: ClientId | None = None
    title: Title
    description: Prose = ""
    icon: IconName = "repeat"
    area_id: UUID | None = None
    goal_id: UUID | None = None
    type: HabitType = HabitType.YES_NO
    target: Amount | None = None
    unit: Unit = ""
    period: Period = Period.DAY
    rolling_days: RollingDays | None = None
    schedule: Schedule = ByQuota(kind="quota")
    window: Window = Window.ANYTIME
    reminder_times: Reminders = []
    goal_amount: Conversion = 1.0
    skip_budget: SkipBudget = DEFAULT_SKIP_BUDGET
    auto_skip: bool = False
    grace_hours: GraceHours = DEFAULT_GRACE_HOURS
    start_day: Annotated[Day | None, Field(description="By default today.")] = None


class HabitUpdate(Input):
    title: Title = ABSENT
    description: Prose = ABSENT
    icon: IconName = ABSENT
    area_id: UUID | None = None
    goal_id: UUID | None = None
    target: Amount = ABSENT
    unit: Unit = ABSENT
    period: Period = ABSENT
    rolling_days: RollingDays | None = None
    schedule: Schedule = ABSENT
    window: Window = ABSENT
    reminder_times: Reminders = ABSENT
    goal_amount: Conversion = ABSENT
    skip_budget: SkipBudget = ABSENT
    auto_skip: bool = ABSENT
    grace_hours: GraceHours = ABSENT
    start_day: Day = ABSENT


class CheckInCreate(Input):
    """`day` is the local day it counts for, by default today; an amount of 0 says “none”."""

    id: ClientId | None = None
    day: Day | None = None
    amount: Amount | None = None
    note: Prose = ""


class CheckInUpdate(Input):
    day: Day = ABSENT
    amount: Amount = ABSENT
    note: Prose = ABSENT


class SkipCreate(Input):
    id: ClientId | None = None
    day: Day | None = None
    reason: Prose = ""


class PauseCreate(Input):
    """From the first day, by default today, to the last one; without one until further notice."""

    id: ClientId | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    reason: Prose = ""


class PauseUpdate(Input):
    first_day: Day = ABSENT
    last_day: Day | None = None
    reason: Prose = ABSENT


class HabitQuery(PageQuery):
    include: Annotated[
        Literal["archived", "deleted"] | None,
        Field(description="Also show archived, or also show deleted ones."),
    ] = None
    whose: Annotated[
        Whose | None,
        Field(description="Default: mine, unless a filter says whose by `assignee:`."),
    ] = None
    q: Annotated[
        FilterText | None,
        Field(description="A filter, such as `is:due strength:<0.5`; may sort and cut off."),
    ] = None
    area_id: UUID | None = None
    goal_id: UUID | None = None


class HabitDayQuery(Query):
    date: Annotated[WrittenDay | None, Field(description="Default: the user's own today.")] = None


class HistoryQuery(Query):
    from_: Annotated[
        WrittenDay | None, Field(alias="from", description="Default: a year before the end.")
    ] = None
    to: Annotated[WrittenDay | None, Field(description="Default: today.")] = None


class CheckInQuery(PageQuery):
    day: Annotated[WrittenDay | None, Field(description="Only of this day.")] = None
