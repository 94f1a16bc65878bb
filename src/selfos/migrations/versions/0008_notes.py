"""Notes and comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import flag, found_by, guard, instant, pointer, row, words

revision, down_revision = "0008", "0007"

TABLES = {"task_id": "tasks", "goal_id": "goals", "project_id": "projects"}
AREAS = {"area_id": "areas"}


def upgrade() -> None:
    """Make room for what people write beside their plans."""
    targets = TABLES | AREAS
    op.create_table(
        "notes",
        *row(),
        *_hanging_on(targets, "<= 1", "notes_target_check"),
        *pointer("author_id", "members", to="user_id"),
        words("title", nullable=True),
        words("body"),
        flag("pinned"),
        instant("deleted_at", nullable=True),
    )
    found_by("notes", *targets, "author_id", "deleted_at")
    op.create_index(
        "notes_shown_idx",
        "notes",
        ["workspace_id", "pinned", "updated_at", "id"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    guard("notes", "note")
    op.create_table(
        "comments",
        *row(),
        *_hanging_on(TABLES, "= 1", "comments_target_check"),
        *pointer("author_id", "members", to="user_id"),
        words("body"),
        sa.Column("mentions", sa.ARRAY(sa.Uuid()), nullable=False),
        instant("edited_at", nullable=True),
    )
    found_by("comments", *TABLES, "author_id")
    op.create_index("comments_created_at_idx", "comments", ["workspace_id", "created_at", "id"])
    guard("comments", "comment")


def _hanging_on(
    tables: dict[str, str], how_many: str, name: str
) -> tuple[sa.schema.SchemaItem, ...]:
    pointers = (pointer(column, table, ondelete="CASCADE") for column, table in tables.items())
    check = sa.CheckConstraint(f"num_nonnulls({', '.join(tables)}) {how_many}", name=name)
    return (*(part for parts in pointers for part in parts), check)
