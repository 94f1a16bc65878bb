"""Why a nudge was said, how long one is put off, what it opens; and how many somebody wants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import day, number, of_member, row
from selfos.migrations.walls import protect_private, stamp

revision, down_revision = "0037", "0036"


def upgrade() -> None:
    """Of those said so far nobody wrote down why."""
    op.add_column("nudges", sa.Column("why", JSONB(), nullable=False, server_default="[]"))
    op.add_column("nudges", sa.Column("opens", JSONB()))
    op.add_column("nudges", day("until", nullable=True))
    op.alter_column("nudges", "why", server_default=None)
    op.create_table(
        "nudge_preferences",
        *row(),
        *of_member(),
        number("per_day"),
        sa.Column("again", JSONB(), nullable=False),
    )
    protect_private("nudge_preferences")
    stamp("nudge_preferences")
