"""What people think of what was made for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import (
    amount,
    flag,
    instant,
    key,
    number,
    of_member,
    word,
    words,
)
from selfos.migrations.walls import protect_private

revision, down_revision = "0022", "0021"


def upgrade() -> None:
    """Make room for opinions, and for the word that they may be learnt from."""
    op.create_table(
        "feedback",
        *key(),
        *of_member(),
        sa.Column("generation_id", sa.Uuid(), nullable=False),
        word("kind"),
        amount("value"),
        number("rating", nullable=True),
        words("original", nullable=True),
        words("edited", nullable=True),
        sa.Column("rejected_id", sa.Uuid()),
        sa.Column("line_id", sa.Uuid()),
        word("task", nullable=True),
        word("engine", nullable=True),
        words("comment"),
        sa.Column("changeset_id", sa.Uuid()),
        instant("created_at"),
    )
    op.create_index(
        "feedback_created_at_idx", "feedback", ["workspace_id", "user_id", "created_at", "id"]
    )
    op.create_index("feedback_generation_id_idx", "feedback", ["workspace_id", "generation_id"])
    op.create_index("feedback_changeset_id_idx", "feedback", ["workspace_id", "changeset_id"])
    protect_private("feedback")
    op.create_table("feedback_consents", *key(), *of_member(), flag("consent"))
    protect_private("feedback_consents")
