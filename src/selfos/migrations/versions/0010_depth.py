"""Waiting until a day, and templates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import day, guard, row, words

revision, down_revision = "0010", "0009"


def upgrade() -> None:
    """Let tasks come back on a day, and trees of them be made again."""
    op.add_column("tasks", day("waiting_until", nullable=True))
    op.create_index(
        "tasks_waiting_idx",
        "tasks",
        ["workspace_id", "waiting_until"],
        postgresql_where=sa.text(
            "settled_at IS NULL AND deleted_at IS NULL AND waiting_until IS NOT NULL"
        ),
    )
    op.create_table(
        "templates",
        *row(),
        words("name"),
        words("description"),
        sa.Column("tasks", JSONB(), nullable=False),
    )
    op.create_index("templates_name_idx", "templates", ["workspace_id", "name", "id"])
    guard("templates", "template")
