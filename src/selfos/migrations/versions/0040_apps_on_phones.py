"""Pushes to apps on phones: a token where a browser has an address and keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0040", "0039"


def upgrade() -> None:
    """What is there are browsers."""
    op.add_column(
        "push_subscriptions",
        sa.Column("kind", sa.String(40), server_default="web", nullable=False),
    )
