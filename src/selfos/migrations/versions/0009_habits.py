"""Habits, check-ins and pauses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import (
    Parts,
    amount,
    day,
    flag,
    found_by,
    guard,
    kept,
    number,
    pointer,
    row,
    word,
    words,
)

revision, down_revision = "0009", "0008"


def upgrade() -> None:
    """Make room for what is done again and again."""
    _habits()
    _check_ins()
    _pauses()


def _habits() -> None:
    op.create_table(
        "habits",
        *row(),
        *kept(),
        *_person(),
        *pointer("area_id", "areas"),
        *pointer("goal_id", "goals"),
        words("title"),
        words("description"),
        words("icon"),
        word("type"),
        amount("target"),
        words("unit"),
        word("period"),
        number("rolling_days", nullable=True),
        words("rule", nullable=True),
        number("times"),
        word("window"),
        sa.Column("reminder_times", JSONB(), nullable=False),
        amount("goal_amount"),
        number("skip_budget"),
        flag("auto_skip"),
        number("grace_hours"),
        day("start_day"),
    )
    op.create_index("habits_user_id_idx", "habits", ["workspace_id", "user_id", "id"])
    found_by("habits", "area_id", "goal_id", "deleted_at")
    guard("habits", "habit")


def _check_ins() -> None:
    op.create_table(
        "check_ins",
        *row(),
        *pointer("habit_id", "habits", ondelete="CASCADE", nullable=False),
        day("day"),
        word("kind"),
        amount("amount"),
        words("note"),
        flag("late"),
    )
    op.create_index("check_ins_habit_id_idx", "check_ins", ["workspace_id", "habit_id", "day"])
    guard("check_ins", "check_in")


def _pauses() -> None:
    op.create_table(
        "habit_pauses",
        *row(),
        *_person(),
        *pointer("habit_id", "habits", ondelete="CASCADE"),
        day("first_day"),
        day("last_day", nullable=True),
        words("reason"),
    )
    op.create_index("habit_pauses_user_id_idx", "habit_pauses", ["workspace_id", "user_id"])
    found_by("habit_pauses", "habit_id")
    guard("habit_pauses", "habit_pause")


def _person() -> Parts:
    return (
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
    )
