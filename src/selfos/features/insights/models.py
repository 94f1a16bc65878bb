"""What was found when somebody was looked at, theirs alone; and forecasts of goals, everybody's.

All of it is derived, so none of it is in the ledger.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.insights.association import DayFactor, DayOutcome
from selfos.kernel.database import Model, Private, Tenant
from selfos.kernel.tables import found_by, inside, of_member, of_tenant


class Look(Private, Model):
    """One look at somebody's days: its number from 1 up, on how many days and questions."""

    __tablename__ = "insight_looks"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("insight_looks_number_key", "workspace_id", "user_id", "number", unique=True),
    )

    number: Mapped[int]
    day: Mapped[date]
    days: Mapped[int]
    questions: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Insight(Private, Model):
    """An association that stood in a look, with everything it rests on."""

    __tablename__ = "insights"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("look_id", "insight_looks", ondelete="CASCADE"),
        inside("habit_id", "habits", ondelete="CASCADE"),
        Index("insights_look_id_idx", "workspace_id", "look_id"),
        Index("insights_user_id_idx", "workspace_id", "user_id"),
        found_by("insights", "habit_id"),
    )

    look_id: Mapped[UUID]
    outcome: Mapped[DayOutcome]
    kind: Mapped[DayFactor]
    habit_id: Mapped[UUID | None]
    name: Mapped[str]
    with_days: Mapped[int]
    without_days: Mapped[int]
    with_mean: Mapped[float]
    without_mean: Mapped[float]
    effect: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    p: Mapped[float]


class GoalForecast(Tenant, Model):
    """What was forecast of a goal on one day: quantiles are days, None for beyond five years."""

    __tablename__ = "goal_forecasts"
    __table_args__ = (
        of_tenant(),
        inside("goal_id", "goals", ondelete="CASCADE"),
        Index("goal_forecasts_made_on_key", "workspace_id", "goal_id", "made_on", unique=True),
    )

    goal_id: Mapped[UUID]
    made_on: Mapped[date]
    target: Mapped[float | None]
    remaining: Mapped[float]
    weeks: Mapped[int]
    per_week: Mapped[float]
    growth: Mapped[float]
    q10: Mapped[date | None]
    q25: Mapped[date | None]
    q50: Mapped[date | None]
    q75: Mapped[date | None]
    q90: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def quantiles(self) -> tuple[date | None, ...]:
        """Return the days of 10, 25, 50, 75 and 90 %."""
        return self.q10, self.q25, self.q50, self.q75, self.q90
