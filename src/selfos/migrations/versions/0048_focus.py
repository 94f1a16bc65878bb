"""Where time goes: sessions of a timer, each its person's alone, and a view of them by day.

Whether somebody's own reminders wait while their timer runs is theirs to choose.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import (
    day,
    flag,
    found_by,
    instant,
    number,
    of_member,
    pointer,
    row,
    words,
)
from selfos.migrations.walls import protect_private, stamp

revision, down_revision = "0048", "0047"

VIEW = """
    CREATE VIEW analytics_focus_days AS
    SELECT s.workspace_id, s.user_id, s.id AS session_id, s.task_id, s.habit_id, d.key::date AS day,
        d.value::int AS seconds
    FROM focus_sessions s CROSS JOIN LATERAL jsonb_each_text(s.days) d
"""


def upgrade() -> None:
    """Make the table of sessions and the view; a new owner needs CREATE while it takes over."""
    op.create_table(
        "focus_sessions",
        *row(),
        *of_member(),
        sa.Column("seen_by", sa.Uuid()),
        *pointer("task_id", "tasks"),
        *pointer("habit_id", "habits"),
        words("note"),
        instant("started_at"),
        instant("ended_at", nullable=True),
        sa.Column("stretches", JSONB(), nullable=False),
        sa.Column("days", JSONB(), nullable=False),
        number("seconds"),
        day("first_day"),
        day("last_day"),
        flag("cut"),
        sa.CheckConstraint(
            "seen_by IS NOT NULL AND seen_by = user_id", name=op.f("focus_sessions_seen_by_check")
        ),
        sa.CheckConstraint(
            "task_id IS NULL OR habit_id IS NULL", name=op.f("focus_sessions_subject_check")
        ),
    )
    op.create_index(
        "focus_sessions_open_key",
        "focus_sessions",
        ["workspace_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    for name, columns in (("day", ["last_day", "first_day"]), ("start", ["started_at", "id"])):
        op.create_index(
            f"focus_sessions_{name}_idx", "focus_sessions", ["workspace_id", "user_id", *columns]
        )
    found_by("focus_sessions", "task_id", "habit_id")
    protect_private("focus_sessions", "focus_session")
    stamp("focus_sessions")
    op.add_column(
        "notification_preferences",
        sa.Column("hold_in_focus", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.alter_column("notification_preferences", "hold_in_focus", server_default=None)
    op.execute("GRANT CREATE ON SCHEMA public TO selfos_system")
    op.execute(VIEW)
    op.execute("ALTER VIEW analytics_focus_days OWNER TO selfos_system")
    op.execute("REVOKE CREATE ON SCHEMA public FROM selfos_system")
