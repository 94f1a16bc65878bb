"""When digests and reports come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0042", "0041"


def upgrade() -> None:
    """So far nobody has chosen."""
    op.add_column(
        "notification_preferences",
        sa.Column("times", JSONB(), nullable=False, server_default="{}"),
    )
    op.alter_column("notification_preferences", "times", server_default=None)
