"""Chats and other services that notifications go to; their addresses are secrets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import instant, words
from selfos.migrations.walls import protect_personal

revision, down_revision = "0035", "0034"


def upgrade() -> None:
    """Make room for destinations."""
    op.create_table(
        "destinations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        words("name"),
        words("service"),
        sa.Column("sealed_url", sa.LargeBinary(), nullable=False),
        instant("created_at"),
        instant("last_sent_at", nullable=True),
    )
    op.create_index("destinations_user_id_idx", "destinations", ["user_id"])
    protect_personal("destinations")
