"""Saved filters."""

from __future__ import annotations

from alembic import op

from selfos.migrations.columns import flag, guard, rank, row, word, words

revision, down_revision = "0015", "0014"


def upgrade() -> None:
    """Make room for questions that are asked again."""
    op.create_table(
        "saved_filters",
        *row(),
        words("name"),
        words("query"),
        words("icon"),
        word("color"),
        flag("favourite"),
        rank("position"),
    )
    op.create_index(
        "saved_filters_position_idx", "saved_filters", ["workspace_id", "position", "id"]
    )
    guard("saved_filters", "filter")
