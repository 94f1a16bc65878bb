"""What somebody has achieved, so that each is told once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import day, key, number, of_member, words
from selfos.migrations.walls import protect_private

revision, down_revision = "0030", "0029"


def upgrade() -> None:
    """Make room for what is earned; it is read from the numbers."""
    op.create_table(
        "achievements",
        *key(),
        *of_member(),
        words("key"),
        number("tier"),
        day("earned_on", nullable=True),
        sa.UniqueConstraint("workspace_id", "user_id", "key", "tier"),
    )
    protect_private("achievements")
