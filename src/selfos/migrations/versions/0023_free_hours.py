"""The hours a week somebody has for tasks, habits and plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0023", "0022"


def upgrade() -> None:
    """Begin with what everybody is assumed to have."""
    op.add_column(
        "preferences",
        sa.Column("hours_per_week", sa.Double(), nullable=False, server_default="10"),
    )
    op.alter_column("preferences", "hours_per_week", server_default=None)
