"""Kinds of goals, and what they are measured by: data points, path changes and reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.walls import protect_tenant, stamp

revision, down_revision = "0006", "0005"


def upgrade() -> None:
    """Let goals be measured."""
    op.add_column("goals", _word("kind", server_default="reach"))
    op.add_column("goals", _word("counting", server_default="sum"))
    op.add_column("goals", sa.Column("period", sa.String(40)))
    op.add_column("goals", sa.Column("start_value", sa.Float()))
    for column in ("kind", "counting"):
        op.alter_column("goals", column, server_default=None)
    _data_points()
    _path_changes()
    _reviews()


def _data_points() -> None:
    op.create_table(
        "data_points",
        *_row_of_goal(),
        _day("day"),
        sa.Column("value", sa.Float(), nullable=False),
        _words("note"),
        _word("source"),
        sa.Column("source_id", sa.Uuid()),
    )
    op.create_index(
        "data_points_goal_id_idx", "data_points", ["workspace_id", "goal_id", "day", "id"]
    )
    op.create_index(
        "data_points_source_id_idx",
        "data_points",
        ["workspace_id", "source_id"],
        postgresql_where=sa.text("source_id IS NOT NULL"),
    )
    _guard("data_points", "data_point")


def _path_changes() -> None:
    op.create_table(
        "path_changes",
        *_row_of_goal(),
        _day("season_start"),
        _day("day"),
        _day("from_day"),
        _word("kind"),
        _words("reason"),
        sa.Column("before", JSONB(), nullable=False),
        sa.Column("after", JSONB(), nullable=False),
    )
    op.create_index("path_changes_goal_id_idx", "path_changes", ["workspace_id", "goal_id", "id"])
    _guard("path_changes", "path_change")


def _reviews() -> None:
    op.create_table(
        "goal_reviews",
        *_row_of_goal(),
        _day("day"),
        _word("outcome"),
        _words("reflection"),
        sa.Column("start_date", sa.Date()),
        sa.Column("target_date", sa.Date()),
        sa.Column("start_value", sa.Float()),
        sa.Column("target_value", sa.Float()),
        sa.Column("target_unit", sa.Text()),
        sa.Column("value", sa.Float()),
        sa.Column("progress", sa.Float()),
    )
    op.create_index("goal_reviews_goal_id_idx", "goal_reviews", ["workspace_id", "goal_id", "id"])
    _guard("goal_reviews", "goal_review")


def _row_of_goal() -> tuple[sa.schema.SchemaItem, ...]:
    now = sa.func.now()
    return (
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"], ["goals.workspace_id", "goals.id"], ondelete="CASCADE"
        ),
    )


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _word(name: str, server_default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), server_default=server_default, nullable=False)


def _guard(table: str, entity: str) -> None:
    protect_tenant(table, entity)
    stamp(table)
