"""Areas, projects, phases, goals, tasks, dependencies and labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.walls import protect_tenant, stamp

revision, down_revision = "0003", "0002"

# The weight of done leaves by the weight of all leaves below a task; cancelled ones do not count.
TASK_PROGRESS = """
CREATE FUNCTION task_progress(workspace uuid, root uuid) RETURNS float8 LANGUAGE sql STABLE AS $$
WITH RECURSIVE tree AS (
    SELECT id, parent_id, state, weight, 1 AS depth FROM tasks
    WHERE workspace_id = workspace AND parent_id = root
        AND deleted_at IS NULL AND state <> 'cancelled'
    UNION ALL
    SELECT t.id, t.parent_id, t.state, t.weight, tree.depth + 1
    FROM tree JOIN tasks t ON t.workspace_id = workspace AND t.parent_id = tree.id
    WHERE t.deleted_at IS NULL AND t.state <> 'cancelled' AND tree.depth < 10
)
SELECT coalesce(round((coalesce(sum(weight) FILTER (WHERE state = 'done'), 0)
    / sum(weight))::numeric, 4), 0)::float8
FROM tree WHERE NOT EXISTS (SELECT FROM tree below WHERE below.parent_id = tree.id)
$$
"""


def upgrade() -> None:
    """Make room for plans."""
    _areas()
    _projects()
    _goals()
    _tasks()
    _dependencies()
    _labels()
    op.execute(TASK_PROGRESS)


def _areas() -> None:
    op.create_table(
        "areas",
        *_row(),
        *_kept(),
        _words("name"),
        _words("description"),
        _words("icon"),
        _word("color"),
        sa.Column("weight", sa.Integer(), nullable=False),
        _rank("position"),
    )
    _found_by("areas", "deleted_at")
    _guard("areas", "area")


def _projects() -> None:
    op.create_table(
        "projects",
        *_row(),
        *_kept(),
        *_pointer("area_id", "areas"),
        _words("name"),
        _words("description"),
        _word("status"),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("start_date", sa.Date()),
        sa.Column("target_date", sa.Date()),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        _rank("position"),
    )
    _found_by("projects", "area_id", "deleted_at")
    _guard("projects", "project")
    op.create_table(
        "phases",
        *_row(),
        *_pointer("project_id", "projects", ondelete="CASCADE", nullable=False),
        _words("name"),
        _rank("position"),
    )
    _found_by("phases", "project_id")
    _guard("phases", "phase")


def _goals() -> None:
    op.create_table(
        "goals",
        *_row(),
        *_kept(),
        *_pointer("area_id", "areas"),
        *_pointer("project_id", "projects"),
        _words("title"),
        _words("description"),
        _words("why"),
        _word("status"),
        sa.Column("target_value", sa.Float()),
        sa.Column("target_unit", sa.Text()),
        sa.Column("start_date", sa.Date()),
        sa.Column("target_date", sa.Date()),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        _rank("position"),
    )
    _found_by("goals", "area_id", "project_id", "deleted_at")
    _guard("goals", "goal")


def _tasks() -> None:
    op.create_table(
        "tasks",
        *_row(),
        *_kept(),
        *_pointer("parent_id", "tasks", ondelete="CASCADE"),
        *_pointer("project_id", "projects"),
        *_pointer("phase_id", "phases"),
        *_pointer("goal_id", "goals"),
        *_pointer("area_id", "areas"),
        *_pointer("assignee_id", "members", key="user_id"),
        _words("title"),
        _words("notes"),
        _word("state"),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date()),
        sa.Column("due_time", sa.Time()),
        sa.Column("due_zone", sa.Text()),
        sa.Column("start_date", sa.Date()),
        sa.Column("start_time", sa.Time()),
        sa.Column("start_zone", sa.Text()),
        sa.Column("deadline", sa.Date()),
        sa.Column("duration_minutes", sa.Integer()),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("waiting_for", sa.Text()),
        _rank("rank"),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
    )
    open_ones = "settled_at IS NULL AND deleted_at IS NULL"
    op.create_index(
        "tasks_open_idx",
        "tasks",
        ["workspace_id", "rank", "id"],
        postgresql_where=sa.text(f"{open_ones} AND archived_at IS NULL"),
    )
    op.create_index(
        "tasks_due_idx",
        "tasks",
        ["workspace_id", "due_date"],
        postgresql_where=sa.text(f"{open_ones} AND due_date IS NOT NULL"),
    )
    _found_by("tasks", "parent_id", "project_id", "phase_id", "goal_id", "area_id")
    _found_by("tasks", "assignee_id", "settled_at", "deleted_at")
    _guard("tasks", "task")


def _dependencies() -> None:
    op.create_table(
        "task_dependencies",
        *_row(),
        *_pointer("blocker_id", "tasks", ondelete="CASCADE", nullable=False),
        *_pointer("blocked_id", "tasks", ondelete="CASCADE", nullable=False),
        _word("kind"),
        sa.UniqueConstraint(
            "workspace_id",
            "blocked_id",
            "blocker_id",
            "kind",
            name="task_dependencies_workspace_id_blocked_id_blocker_id_kind_key",
        ),
    )
    op.create_index(
        "task_dependencies_blocker_idx", "task_dependencies", ["workspace_id", "blocker_id"]
    )
    _guard("task_dependencies", "dependency")


def _labels() -> None:
    op.create_table(
        "labels",
        *_row(),
        _words("name"),
        _words("key"),
        _word("color"),
        sa.UniqueConstraint("workspace_id", "key", name="labels_workspace_id_key_key"),
    )
    _guard("labels", "label")
    op.create_table(
        "task_labels",
        *_key(),
        *_pointer("task_id", "tasks", ondelete="CASCADE", nullable=False),
        *_pointer("label_id", "labels", ondelete="CASCADE", nullable=False),
        sa.UniqueConstraint(
            "workspace_id",
            "task_id",
            "label_id",
            name="task_labels_workspace_id_task_id_label_id_key",
        ),
    )
    op.create_index("task_labels_label_idx", "task_labels", ["workspace_id", "label_id"])
    protect_tenant("task_labels", "task_label")


def _key() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
    )


def _row() -> tuple[sa.schema.SchemaItem, ...]:
    now = sa.func.now()
    return (
        *_key(),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )


def _kept() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    )


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), nullable=False)


def _rank(name: str) -> sa.Column[str]:
    # Byte by byte, as the algorithm of ranks compares, whatever the database's language.
    return sa.Column(name, sa.Text(collation="C"), nullable=False)


def _pointer(
    column: str,
    table: str,
    *,
    key: str = "id",
    ondelete: str | None = None,
    nullable: bool = True,
) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(column, sa.Uuid(), nullable=nullable),
        sa.ForeignKeyConstraint(
            ["workspace_id", column],
            [f"{table}.workspace_id", f"{table}.{key}"],
            ondelete=ondelete or f"SET NULL ({column})",
        ),
    )


def _found_by(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(
            f"{table}_{column}_idx",
            table,
            ["workspace_id", column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def _guard(table: str, entity: str) -> None:
    protect_tenant(table, entity)
    stamp(table)
