"""What each chat is told of what goes to chats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0047", "0045"


def upgrade() -> None:
    """So far each is told all of it."""
    op.add_column("destinations", sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=True))
