"""Stories."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.walls import protect_tenant, stamp

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    """Make room for what is told of what was done."""
    op.create_table(
        "stories",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        _instant("created_at"),
        _instant("updated_at"),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid()),
        sa.Column("occasion", sa.Text()),
        _word("kind"),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        _word("tone"),
        sa.Column("seed", sa.Integer(), nullable=False),
        _word("status"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("has_own_title", sa.Boolean(), nullable=False),
        _word("engine"),
        sa.Column("engine_note", sa.Text(), nullable=False),
        *(sa.Column(name, JSONB(), nullable=False) for name in ("sentences", "sources")),
        sa.Column("rating", sa.Integer()),
        sa.Column("regeneration_count", sa.Integer(), nullable=False),
        sa.Column("trigger_event_id", sa.Uuid()),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"],
            ["goals.workspace_id", "goals.id"],
            ondelete="SET NULL (goal_id)",
        ),
    )
    _indexes()
    protect_tenant("stories", "story")
    stamp("stories")


def _indexes() -> None:
    once = ["workspace_id", "user_id", "occasion"]
    op.create_index("stories_occasion_key", "stories", once, unique=True)
    op.create_index("stories_period_end_idx", "stories", ["workspace_id", "period_end", "id"])
    op.create_index("stories_goal_id_idx", "stories", ["workspace_id", "goal_id"])
    op.create_index("stories_user_id_idx", "stories", ["user_id"])
    op.create_index("stories_status_idx", "stories", ["status", "period_end"])


def _word(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(40), nullable=False)


def _instant(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
