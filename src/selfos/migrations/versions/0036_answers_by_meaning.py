"""What of a kept answer's question has to be equal, and its words as a vector, where wanted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.kernel.vectors import Vector

revision, down_revision = "0036", "0035"


def upgrade() -> None:
    """Answers kept before serve the very same question only."""
    op.add_column("ai_answers", sa.Column("near_key", sa.LargeBinary()))
    op.add_column("ai_answers", sa.Column("embedder", sa.Text()))
    op.add_column("ai_answers", sa.Column("vec", Vector()))
