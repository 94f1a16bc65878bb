"""Notes and comments on habits."""

from __future__ import annotations

from alembic import op

from selfos.migrations.columns import add_pointer
from selfos.migrations.walls import make_searchable

revision, down_revision = "0016", "0015"

COMMENTED = ("task_id", "goal_id", "project_id", "habit_id")
NOTED = (*COMMENTED, "area_id")


def upgrade() -> None:
    """Let what people write hang on habits too."""
    for table in ("notes", "comments"):
        add_pointer(table, "habit_id", "habits", ondelete="CASCADE")
    _hang_on("notes", NOTED, "<= 1")
    _hang_on("comments", COMMENTED, "= 1")
    make_searchable("notes", "note", title="title", texts=["body"], about=NOTED)
    make_searchable("comments", "comment", texts=["body"], about=COMMENTED)


def _hang_on(table: str, columns: tuple[str, ...], how_many: str) -> None:
    # The first one was named twice over, by its migration and by the convention. A wider one takes
    # its place at once.
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{table}_target_check_check"
    )
    counted = f"num_nonnulls({', '.join(columns)})"
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_target_check CHECK ({counted} {how_many})"
    )
