"""Who may be counted where few are; and sums of many people found by their days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import day, key, of_member
from selfos.migrations.walls import protect_tenant

revision, down_revision = "0039", "0038"


def upgrade() -> None:
    """So far nobody has agreed."""
    op.create_table(
        "progress_consents",
        *key(),
        *of_member(),
        day("first"),
        day("until", nullable=True),
    )
    op.create_index(
        "progress_consents_standing_key",
        "progress_consents",
        ["workspace_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    protect_tenant("progress_consents")
    op.create_index(
        "progress_rollups_day_idx", "progress_rollups", ["workspace_id", "dimension", "day"]
    )
