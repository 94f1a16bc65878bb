"""Forecasts of goals as they were made, to be held against what happened."""

from __future__ import annotations

from alembic import op

from selfos.migrations.columns import amount, day, instant, key, number, pointer
from selfos.migrations.walls import protect_tenant

revision, down_revision = "0031", "0030"


def upgrade() -> None:
    """Make room for one forecast of each goal a week."""
    op.create_table(
        "goal_forecasts",
        *key(),
        *pointer("goal_id", "goals", ondelete="CASCADE", nullable=False),
        day("made_on"),
        amount("target", nullable=True),
        amount("remaining"),
        number("weeks"),
        amount("per_week"),
        amount("growth"),
        *(day(name, nullable=True) for name in ("q10", "q25", "q50", "q75", "q90")),
        instant("created_at", default=True),
    )
    op.create_index(
        "goal_forecasts_made_on_key",
        "goal_forecasts",
        ["workspace_id", "goal_id", "made_on"],
        unique=True,
    )
    protect_tenant("goal_forecasts")
