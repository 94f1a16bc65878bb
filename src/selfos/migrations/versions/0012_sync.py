"""What devices have sent, and which writes lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import instant, row, word, words
from selfos.migrations.walls import protect_tenant, stamp

revision, down_revision = "0012", "0011"


def upgrade() -> None:
    """Remember answers to devices, and keep lost writes."""
    _ops()
    _conflicts()


def _ops() -> None:
    op.create_table(
        "sync_ops",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("device", sa.Uuid(), nullable=False),
        sa.Column("hlc", sa.Text(collation="C"), nullable=False),
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        sa.Column("held", JSONB()),
        sa.Column("ack", JSONB()),
        instant("created_at", default=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    )
    op.create_index("sync_ops_changeset_idx", "sync_ops", ["workspace_id", "changeset_id"])
    op.create_index("sync_ops_hlc_idx", "sync_ops", ["workspace_id", "hlc"])
    op.create_index("sync_ops_created_at_idx", "sync_ops", ["created_at"])
    protect_tenant("sync_ops")


def _conflicts() -> None:
    op.create_table(
        "sync_conflicts",
        *row(),
        words("entity"),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        words("field"),
        sa.Column("kept", JSONB(), nullable=False),
        sa.Column("lost", JSONB(), nullable=False),
        sa.Column("kept_by", sa.Uuid()),
        sa.Column("lost_by", sa.Uuid()),
        sa.Column("device", sa.Uuid(), nullable=False),
        word("state"),
        instant("settled_at", nullable=True),
    )
    op.create_index("sync_conflicts_state_idx", "sync_conflicts", ["workspace_id", "state", "id"])
    op.create_index("sync_conflicts_entity_idx", "sync_conflicts", ["workspace_id", "entity_id"])
    # No entity: the journal is no part of what is undone.
    protect_tenant("sync_conflicts")
    stamp("sync_conflicts")
