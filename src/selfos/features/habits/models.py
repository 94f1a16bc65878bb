"""Habits, check-ins and pauses; the rules of one row are its methods."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.habits.schemas.words import (
    MINUTES_PER_DAY,
    ByQuota,
    ByRule,
    CheckInKind,
    HabitType,
    Period,
    Schedule,
    Window,
)
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.tables import found_by, inside, of_tenant, of_user

SHORTEST_MONTH = 28


class Habit(Tenant, Versioned, Model):
    """What one person wants to do again and again, or to leave.

    `rule` holds the days of a fixed schedule, counted from `start_day`; without one, `times` is
    the quota of each period. `target` is what a period asks for, or the limit of it.
    """

    __tablename__ = "habits"
    __table_args__ = (
        of_tenant(),
        of_user(),
        inside("area_id", "areas"),
        inside("goal_id", "goals"),
        Index("habits_user_id_idx", "workspace_id", "user_id", "id"),
        found_by("habits", "area_id"),
        found_by("habits", "goal_id"),
        found_by("habits", "deleted_at"),
    )

    user_id: Mapped[UUID]
    area_id: Mapped[UUID | None]
    goal_id: Mapped[UUID | None]
    title: Mapped[str]
    description: Mapped[str]
    icon: Mapped[str]
    type: Mapped[HabitType]
    target: Mapped[float]
    unit: Mapped[str]
    period: Mapped[Period]
    rolling_days: Mapped[int | None]
    rule: Mapped[str | None]
    times: Mapped[int]
    window: Mapped[Window]
    reminder_times: Mapped[list[str]] = mapped_column(JSONB)
    goal_amount: Mapped[float]
    skip_budget: Mapped[int]
    auto_skip: Mapped[bool]
    grace_hours: Mapped[int]
    start_day: Mapped[date]
    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    def set_schedule(self, schedule: Schedule) -> None:
        """Put it on the days of a rule, or leave the days open."""
        match schedule:
            case ByRule(rule=rule):
                self.rule, self.times = rule, 1
            case ByQuota(times=times):
                self.rule, self.times = None, times

    def check(self) -> None:
        """Refuse a habit that contradicts itself."""
        self._check_period()
        self._check_target()

    def _check_period(self) -> None:
        if (self.period is Period.ROLLING) != (self.rolling_days is not None):
            raise invalid(
                "/rolling_days", "A rolling period, and only that, says how many days it has."
            )
        if self.rule is not None and self.period is not Period.DAY:
            raise invalid(
                "/schedule", "A rule names the days, so the target is for each day; use a quota."
            )
        if self.times > 1 and self.type is not HabitType.YES_NO:
            raise invalid("/schedule/times", "An amount is for the whole period; say once.")
        if self.times > self._days_to_choose_from():
            raise invalid("/schedule/times", "This is more often than the period has days.")

    def _days_to_choose_from(self) -> int:
        most = {Period.WEEK: 7, Period.MONTH: SHORTEST_MONTH, Period.ROLLING: self.rolling_days}
        return most.get(self.period) or self.times

    def _check_target(self) -> None:
        match self.type:
            case HabitType.YES_NO if self.target != 1:
                raise invalid("/target", "A yes-or-no habit has no amount; say how many times.")
            case HabitType.AVOID if self.target != 0:
                raise invalid("/target", "What is to be avoided has no amount; use at_most.")
            case HabitType.AT_LEAST | HabitType.DURATION if self.target <= 0:
                raise invalid("/target", "Say how much it takes: more than nothing.")
            case HabitType.AT_MOST if self.target < 0:
                raise invalid("/target", "A limit is nothing or more.")
            case _:
                pass
        longest = MINUTES_PER_DAY * (self.rolling_days or 1)
        if self.type is HabitType.DURATION and self.period is Period.DAY and self.target > longest:
            raise invalid("/target", "A day has 1440 minutes.")

    def amount_of(self, given: float | None) -> float:
        """Return what one check-in counts; a tick and a slip are one."""
        match self.type:
            case HabitType.YES_NO:
                if given not in (None, 1):
                    raise invalid("/amount", "A yes-or-no habit is checked, not measured.")
                return 1.0
            case HabitType.AVOID:
                return 1.0 if given is None else given
            case HabitType.AT_MOST:
                if given is None:
                    raise invalid("/amount", "Say how much it was; nothing is 0.")
                return given
            case HabitType.AT_LEAST | HabitType.DURATION:
                if not given:
                    raise invalid("/amount", "Say how much it was.")
                return given

    def refuse_deleted(self) -> None:
        """Raise Conflict while it lies in the trash."""
        if self.deleted_at is not None:
            raise Conflict("This habit is in the trash; restore it first.")

    def refuse_put_away(self) -> None:
        """Raise Conflict while it lies in the archive or the trash."""
        self.refuse_deleted()
        if self.archived_at is not None:
            raise Conflict("This habit is archived; bring it back first.")


class CheckIn(Tenant, Versioned, Model):
    """One record of a habit, for the local day chosen when it was written.

    Amounts add up, so two devices sum rather than overwrite. One written late, past the days for
    free back-filling, says so.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        of_tenant(),
        inside("habit_id", "habits", ondelete="CASCADE"),
        Index("check_ins_habit_id_idx", "workspace_id", "habit_id", "day"),
    )

    habit_id: Mapped[UUID]
    day: Mapped[date]
    kind: Mapped[CheckInKind]
    amount: Mapped[float]
    note: Mapped[str]
    late: Mapped[bool]


class HabitPause(Tenant, Versioned, Model):
    """Days on which one habit, or everything of this person, asks for nothing."""

    __tablename__ = "habit_pauses"
    __table_args__ = (
        of_tenant(),
        of_user(),
        inside("habit_id", "habits", ondelete="CASCADE"),
        Index("habit_pauses_user_id_idx", "workspace_id", "user_id"),
        found_by("habit_pauses", "habit_id"),
    )

    user_id: Mapped[UUID]
    habit_id: Mapped[UUID | None]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    reason: Mapped[str]

    def check(self) -> None:
        """Refuse a pause that ends before it begins."""
        if self.last_day is not None and self.last_day < self.first_day:
            raise invalid("/last_day", "The pause ends before it begins.")
