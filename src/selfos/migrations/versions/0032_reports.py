"""Reports that were told, kept as back-issues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import day, instant, key, of_member, word
from selfos.migrations.walls import protect_private

revision, down_revision = "0032", "0031"


def upgrade() -> None:
    """Make room for one report of each week, month and year of somebody."""
    op.create_table(
        "reports",
        *key(),
        *of_member(),
        word("kind"),
        day("first"),
        day("last"),
        sa.Column("content", JSONB(), nullable=False),
        instant("told_at"),
        sa.UniqueConstraint("workspace_id", "user_id", "kind", "first"),
    )
    protect_private("reports")
