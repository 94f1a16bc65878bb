"""Which nudge was said on Today first, before anybody asked the coach for more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0033", "0032"


def upgrade() -> None:
    """So far all were asked for."""
    op.add_column(
        "nudges", sa.Column("on_today", sa.Boolean(), nullable=False, server_default="false")
    )
    op.alter_column("nudges", "on_today", server_default=None)
