"""Where people lived when, and the local day on which each task was settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.walls import IN_WORKSPACE, OF_USER, protect

revision, down_revision = "0007", "0006"

# Until now each person has lived in one zone, as far as we know.
FIRST_ZONES = """
INSERT INTO zone_changes (id, user_id, from_instant, zone)
SELECT gen_random_uuid(), id, created_at, time_zone FROM users
"""
# The day it was for whoever settled the task, which the ledger knows, or in UTC.
SETTLED_ON = """
UPDATE tasks SET settled_on = coalesce((
    SELECT (tasks.settled_at AT TIME ZONE u.time_zone - make_interval(mins => u.day_start_minutes))
        ::date
    FROM changes c
    JOIN changesets s ON s.workspace_id = c.workspace_id AND s.id = c.changeset_id
    JOIN users u ON u.id = s.user_id
    WHERE c.workspace_id = tasks.workspace_id AND c.entity = 'task' AND c.entity_id = tasks.id
    ORDER BY c.id DESC LIMIT 1
), (tasks.settled_at AT TIME ZONE 'UTC')::date)
WHERE settled_at IS NOT NULL
"""


def upgrade() -> None:
    """Remember zones and days."""
    op.create_table(
        "zone_changes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("from_instant", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    )
    op.create_index("zone_changes_user_id_idx", "zone_changes", ["user_id", "from_instant"])
    op.execute(FIRST_ZONES)
    theirs = f"m.user_id = zone_changes.user_id AND m.{IN_WORKSPACE}"
    shared = f"EXISTS (SELECT FROM members m WHERE {theirs})"
    protect("zone_changes", f"{OF_USER} OR {shared}", writable=OF_USER)
    # Where somebody lived stays as it was: the application may add, not rewrite.
    op.execute("REVOKE UPDATE, DELETE ON zone_changes FROM selfos_app")
    _settled_on()


def _settled_on() -> None:
    op.add_column("tasks", sa.Column("settled_on", sa.Date()))
    # Nobody changed a task, so neither its version nor its history moves.
    for trigger in ("tasks_ledger", "tasks_stamp"):
        op.execute(f"ALTER TABLE tasks DISABLE TRIGGER {trigger}")
    op.execute(SETTLED_ON)
    for trigger in ("tasks_ledger", "tasks_stamp"):
        op.execute(f"ALTER TABLE tasks ENABLE TRIGGER {trigger}")
    op.drop_index("tasks_settled_at_idx", "tasks")
    op.create_index(
        "tasks_settled_on_idx",
        "tasks",
        ["workspace_id", "settled_on"],
        postgresql_where=sa.text("settled_on IS NOT NULL"),
    )
