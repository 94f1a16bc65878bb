"""Proposals and their lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.walls import protect_tenant, stamp

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Make room for what is not yet so."""
    op.create_table(
        "proposals",
        *_row(),
        _word("kind"),
        _words("title"),
        _word("status"),
        _word("engine"),
        _words("engine_note"),
        sa.Column("confidence", sa.Float(), nullable=False),
        *(
            sa.Column(name, JSONB(), nullable=False)
            for name in ("assumptions", "questions", "load")
        ),
        sa.Column("infeasible", JSONB()),
        sa.Column("goal_id", sa.Uuid()),
        sa.Column("changeset_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"], ["goals.workspace_id", "goals.id"], ondelete="CASCADE"
        ),
    )
    op.create_index("proposals_goal_idx", "proposals", ["workspace_id", "goal_id"])
    _lines()
    for table, entity in (("proposals", "proposal"), ("proposal_lines", "proposal_line")):
        protect_tenant(table, entity)
        stamp(table)


def _lines() -> None:
    op.create_table(
        "proposal_lines",
        *_row(),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        _word("op"),
        _words("entity"),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        _words("reason"),
        sa.Column("phase", sa.Text()),
        sa.Column("depends_on", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "proposal_id"],
            ["proposals.workspace_id", "proposals.id"],
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "proposal_lines_proposal_idx",
        "proposal_lines",
        ["workspace_id", "proposal_id", "position"],
    )


def _row() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        *(
            sa.Column(
                name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
            )
            for name in ("created_at", "updated_at")
        ),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )


def _word(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(40), nullable=False)


def _words(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)
