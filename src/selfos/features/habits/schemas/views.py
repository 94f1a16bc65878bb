"""What a client receives about habits."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from selfos.features.habits.schemas.words import (
    CheckInKind,
    HabitType,
    Period,
    Schedule,
    StreakUnit,
    Verdict,
    Window,
)
from selfos.kernel.schema import Page, RowView, View


class HabitView(RowView):
    user_id: UUID
    area_id: UUID | None
    goal_id: UUID | None
    title: str
    description: str
    icon: str
    type: HabitType
    target: float
    unit: str
    period: Period
    rolling_days: int | None
    schedule: Schedule
    window: Window
    reminder_times: list[str]
    goal_amount: float
    skip_budget: int
    auto_skip: bool
    grace_hours: int
    start_day: date
    archived_at: datetime | None
    deleted_at: datetime | None


class CheckInView(RowView):
    """A record; a late one was written more than a week after its day."""

    habit_id: UUID
    day: date
    kind: CheckInKind
    amount: float
    note: str
    late: bool


class PauseView(RowView):
    user_id: UUID
    habit_id: UUID | None
    first_day: date
    last_day: date | None
    reason: str


class StreakView(View):
    """Periods in a row in which the obligation was met, and the days they cover."""

    unit: StreakUnit
    current: int
    best: int
    since: date | None
    days: int


class DayRecord(View):
    id: UUID
    kind: CheckInKind
    amount: float
    note: str


class HabitDay(View):
    """One habit on one day.

    `due` means that leaving this day out costs the obligation. `rest_until` is the next day that
    matters, `unrecorded` a yesterday that can still be recorded; `reached` of `need` is how far
    the running period has come.
    """

    habit: HabitView
    verdict: Verdict
    due: bool
    rest_until: date | None
    unrecorded: date | None
    amount: float
    reached: float
    need: float
    strength: float
    streak: StreakView
    check_ins: list[DayRecord]


class HabitRing(View):
    done: int
    planned: int


class HabitDayList(View):
    date: date
    habits: list[HabitDay]
    ring: HabitRing


class HistoryDay(View):
    """One day of a habit; a forgiven one was missed and covered by the skip budget."""

    day: date
    verdict: Verdict
    amount: float
    strength: float
    forgiven: bool


class HistoryPeriod(View):
    first: date
    last: date
    verdict: Verdict


class HabitHistory(View):
    habit_id: UUID
    days: list[HistoryDay]
    periods: list[HistoryPeriod]
    streak: StreakView
    strength: float


class HabitPage(Page):
    items: list[HabitView]


class CheckInPage(Page):
    items: list[CheckInView]


class PauseList(View):
    items: list[PauseView]
