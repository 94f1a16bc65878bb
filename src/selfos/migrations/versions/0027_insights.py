"""What was found when somebody's days were looked at."""

from __future__ import annotations

from alembic import op

from selfos.migrations.columns import (
    amount,
    day,
    found_by,
    instant,
    key,
    number,
    of_member,
    pointer,
    word,
    words,
)
from selfos.migrations.walls import protect_private

revision, down_revision = "0027", "0026"


def upgrade() -> None:
    """Make room for looks and what stood in them."""
    op.create_table(
        "insight_looks",
        *key(),
        *of_member(),
        number("number"),
        day("day"),
        number("days"),
        number("questions"),
        instant("created_at", default=True),
    )
    op.create_index(
        "insight_looks_number_key",
        "insight_looks",
        ["workspace_id", "user_id", "number"],
        unique=True,
    )
    protect_private("insight_looks")
    op.create_table(
        "insights",
        *key(),
        *of_member(),
        *pointer("look_id", "insight_looks", ondelete="CASCADE", nullable=False),
        word("outcome"),
        word("kind"),
        *pointer("habit_id", "habits", ondelete="CASCADE"),
        words("name"),
        number("with_days"),
        number("without_days"),
        *(amount(name) for name in ("with_mean", "without_mean", "effect", "low", "high", "p")),
    )
    op.create_index("insights_look_id_idx", "insights", ["workspace_id", "look_id"])
    op.create_index("insights_user_id_idx", "insights", ["workspace_id", "user_id"])
    found_by("insights", "habit_id")
    protect_private("insights")
