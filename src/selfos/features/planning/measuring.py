"""What goals are measured by: data points, changed paths, and seasons looked back on.

All of it hangs on a goal and goes with it. Where a goal stands is derived from these rows; no
number here is a running total.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.planning.schemas.words import (
    Counting,
    GoalKind,
    GoalPeriod,
    PathChangeKind,
    PointSource,
    ReviewOutcome,
)
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.errors import invalid
from selfos.kernel.tables import inside, of_tenant


class Measured:
    """What a goal asks for in numbers: its kind, where it starts and where it leads."""

    kind: Mapped[GoalKind]
    counting: Mapped[Counting]
    period: Mapped[GoalPeriod | None]
    start_value: Mapped[float | None]
    target_value: Mapped[float | None]
    target_unit: Mapped[str | None]
    start_date: Mapped[date | None]
    target_date: Mapped[date | None]

    @property
    def is_measured(self) -> bool:
        """Tell whether data points say where it stands."""
        if self.kind is GoalKind.MAINTAIN:
            return self.target_value is not None
        return self.kind is not GoalKind.MILESTONES and self.start_value is not None

    @property
    def has_path(self) -> bool:
        """Tell whether its numbers lead from a start to a target by a date."""
        numbers = (self.start_value, self.target_value, self.target_date)
        return self.is_measured and self.kind is not GoalKind.MAINTAIN and None not in numbers

    def fill(self, today: date) -> None:
        """Add what follows from the rest: a period, a zero to begin with, a first day."""
        if self.kind is GoalKind.MAINTAIN and self.period is None:
            self.period = GoalPeriod.WEEK
        if self.kind is GoalKind.HABIT and self.target_value is not None:
            self.start_value = self.start_value or 0.0
        if self.is_measured and self.start_date is None:
            self.start_date = today if self.target_date is None else min(today, self.target_date)

    def check_numbers(self) -> None:
        """Refuse numbers that contradict its kind."""
        if self.kind is GoalKind.MAINTAIN:
            if self.target_value is not None and self.target_value <= 0:
                raise invalid("/target_value", "Say how much there shall be in each period.")
            if self.counting is Counting.LAST:
                raise invalid("/counting", "What is kept up in each period adds up; use `sum`.")
            return
        if self.period is not None:
            raise invalid("/period", "Only a goal to maintain something has a period.")
        if self.start_value is None or self.target_value is None:
            return
        if self.start_value == self.target_value:
            raise invalid("/target_value", "The target is where it begins already.")
        if self.kind is GoalKind.REDUCE and self.target_value > self.start_value:
            raise invalid("/target_value", "To reduce something, aim below where it begins.")


def _of_goal() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    return (
        of_tenant(),
        inside("goal_id", "goals", ondelete="CASCADE"),
    )


class DataPoint(Tenant, Versioned, Model):
    """A number on a local day: an amount to add or a reading to go by, as the goal counts."""

    __tablename__ = "data_points"
    __table_args__ = (
        *_of_goal(),
        Index("data_points_goal_id_idx", "workspace_id", "goal_id", "day", "id"),
        Index(
            "data_points_source_id_idx",
            "workspace_id",
            "source_id",
            postgresql_where=column("source_id").is_not(None),
        ),
    )

    goal_id: Mapped[UUID]
    day: Mapped[date]
    value: Mapped[float]
    note: Mapped[str]
    source: Mapped[PointSource]
    source_id: Mapped[UUID | None]


class PathChange(Tenant, Versioned, Model):
    """A path laid anew from `from_day` on; `before` and `after` are its knots, `[[day, value]]`.

    It counts while the goal is in the season that began on `season_start`.
    """

    __tablename__ = "path_changes"
    __table_args__ = (
        *_of_goal(),
        Index("path_changes_goal_id_idx", "workspace_id", "goal_id", "id"),
    )

    goal_id: Mapped[UUID]
    season_start: Mapped[date]
    day: Mapped[date]
    from_day: Mapped[date]
    kind: Mapped[PathChangeKind]
    reason: Mapped[str]
    before: Mapped[list[Any]] = mapped_column(JSONB)
    after: Mapped[list[Any]] = mapped_column(JSONB)


class GoalReview(Tenant, Versioned, Model):
    """How a season of a goal ended: what was meant, what stood at the end, and what one made of it.

    The numbers are a record of that day; later data points do not change them.
    """

    __tablename__ = "goal_reviews"
    __table_args__ = (
        *_of_goal(),
        Index("goal_reviews_goal_id_idx", "workspace_id", "goal_id", "id"),
    )

    goal_id: Mapped[UUID]
    day: Mapped[date]
    outcome: Mapped[ReviewOutcome]
    reflection: Mapped[str]
    start_date: Mapped[date | None]
    target_date: Mapped[date | None]
    start_value: Mapped[float | None]
    target_value: Mapped[float | None]
    target_unit: Mapped[str | None]
    value: Mapped[float | None]
    progress: Mapped[float | None]
