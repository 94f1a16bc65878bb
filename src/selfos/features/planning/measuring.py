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

from selfos.features.planning.schemas.words import PathChangeKind, PointSource, ReviewOutcome
from selfos.kernel.database import Model, Tenant, Versioned


def _of_goal() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    return (
        ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["workspace_id", "goal_id"], ["goals.workspace_id", "goals.id"], ondelete="CASCADE"
        ),
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
