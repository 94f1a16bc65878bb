"""A workspace's own words for notifications, version by version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import instant, key, number, word, words
from selfos.migrations.walls import protect_tenant

revision, down_revision = "0043", "0042"


def upgrade() -> None:
    """What has been told was told in the built-in words."""
    op.create_table(
        "notification_words",
        *key(),
        word("kind"),
        word("language"),
        number("number"),
        words("title", nullable=True),
        words("body", nullable=True),
        instant("created_at"),
    )
    op.create_index(
        "notification_words_number_key",
        "notification_words",
        ["workspace_id", "kind", "language", "number"],
        unique=True,
    )
    protect_tenant("notification_words")
    op.add_column("notifications", sa.Column("template_version", sa.Integer(), nullable=True))
