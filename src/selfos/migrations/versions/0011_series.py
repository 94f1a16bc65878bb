"""Repeating tasks: series, and the slot of each occurrence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import day, found_by, guard, instant, pointer, row, word, words

revision, down_revision = "0011", "0010"


def upgrade() -> None:
    """Let tasks repeat."""
    op.create_table(
        "series",
        *row(),
        *pointer("owner_id", "members", to="user_id"),
        *pointer("continues_id", "series"),
        words("rule"),
        words("words"),
        words("phrase", nullable=True),
        words("anchor"),
        words("zone", nullable=True),
        word("mode"),
        word("catch_up"),
        sa.Column("exdates", JSONB(), nullable=False),
        sa.Column("rdates", JSONB(), nullable=False),
        sa.Column("template", JSONB(), nullable=False),
        day("next_on", nullable=True),
        instant("finished_at", nullable=True),
    )
    found_by("series", "next_on")
    guard("series", "series")
    op.add_column("tasks", sa.Column("series_id", sa.Uuid()))
    op.add_column("tasks", sa.Column("slot", sa.Text(collation="C")))
    op.create_foreign_key(
        "tasks_workspace_id_series_id_fkey",
        "tasks",
        "series",
        ["workspace_id", "series_id"],
        ["workspace_id", "id"],
        ondelete="SET NULL (series_id)",
    )
    op.create_index(
        "tasks_series_id_slot_idx",
        "tasks",
        ["workspace_id", "series_id", "slot"],
        unique=True,
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )
