"""Whom a workspace does not name to models, besides its members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0049", "0048"


def upgrade() -> None:
    """So far nobody else."""
    names = sa.Column("hidden_names", sa.ARRAY(sa.Text()), server_default="{}", nullable=False)
    op.add_column("ai_dials", names)
