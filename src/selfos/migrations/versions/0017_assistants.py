"""Assistants: what they are allowed, and in whose name they ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision, down_revision = "0017", "0016"


def upgrade() -> None:
    """Make room for consent, for who asked, and for what lines speak of."""
    op.add_column("credential_sessions", sa.Column("consent", JSONB()))
    op.add_column("proposals", sa.Column("asked_by", sa.Uuid()))
    op.create_foreign_key(
        "proposals_asked_by_fkey", "proposals", "users", ["asked_by"], ["id"], ondelete="CASCADE"
    )
    op.create_index("proposals_asked_by_idx", "proposals", ["asked_by"])
    op.add_column(
        "proposal_lines", sa.Column("title", sa.Text(), nullable=False, server_default="")
    )
    op.alter_column("proposal_lines", "title", server_default=None)
