"""The signs somebody types into the add box."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0014", "0013"


def upgrade() -> None:
    """Let everybody go on with the signs they know."""
    op.add_column(
        "preferences",
        sa.Column("quick_add_signs", sa.String(40), nullable=False, server_default="todoist"),
    )
    op.alter_column("preferences", "quick_add_signs", server_default=None)
