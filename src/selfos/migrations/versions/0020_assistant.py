"""The assistant: conversations, profiles, the welcome and nudges, each seen by one person alone.

No table here has a ledger: a workspace's history is its members' to read, and these are not.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from selfos.migrations.columns import (
    Parts,
    amount,
    day,
    flag,
    found_by,
    instant,
    key,
    number,
    of_member,
    pointer,
    row,
    word,
    words,
)
from selfos.migrations.walls import protect_personal, protect_private, stamp

revision, down_revision = "0020", "0019"


def upgrade() -> None:
    """Make room for what somebody and the assistant say to each other."""
    _profiles()
    _conversations()
    _messages()
    _feedback()
    _welcomes()
    _nudges()


def _profiles() -> None:
    op.create_table(
        "assistant_profiles",
        *_personal(),
        words("name"),
        words("avatar"),
        word("language"),
        *map(number, ("formality", "directness", "humor", "empathy", "motivation")),
        amount("dialogue_temperature"),
        amount("intent_temperature"),
        words("instructions"),
        flag("is_default"),
    )
    op.create_index("assistant_profiles_user_id_idx", "assistant_profiles", ["user_id", "id"])
    op.create_index(
        "assistant_profiles_default_key",
        "assistant_profiles",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    protect_personal("assistant_profiles")
    stamp("assistant_profiles")


def _conversations() -> None:
    op.create_table(
        "conversations",
        *row(),
        *of_member(),
        words("title"),
        sa.Column("head_id", sa.Uuid()),
        sa.Column("profile_id", sa.Uuid()),
    )
    op.create_index(
        "conversations_user_idx", "conversations", ["workspace_id", "user_id", "updated_at", "id"]
    )
    op.create_index("conversations_profile_id_idx", "conversations", ["profile_id"])
    protect_private("conversations")
    stamp("conversations")


def _messages() -> None:
    op.create_table(
        "messages",
        *key(),
        *of_member(),
        *pointer("conversation_id", "conversations", ondelete="CASCADE", nullable=False),
        *pointer("parent_id", "messages", ondelete="CASCADE"),
        word("role"),
        _json("parts"),
        word("intent", nullable=True),
        amount("confidence", nullable=True),
        _json("entities"),
        word("engine", nullable=True),
        words("model", nullable=True),
        word("reason", nullable=True),
        sa.Column("cost_micros", sa.BigInteger()),
        _json("context_refs"),
        flag("stopped"),
        instant("created_at"),
        instant("redacted_at", nullable=True),
    )
    op.create_index(
        "messages_conversation_id_idx", "messages", ["workspace_id", "conversation_id", "id"]
    )
    found_by("messages", "parent_id")
    op.create_index("messages_user_id_idx", "messages", ["workspace_id", "user_id"])
    protect_private("messages")


def _feedback() -> None:
    op.create_table(
        "intent_feedback",
        *key(),
        *of_member(),
        flag("correct"),
        word("intent", nullable=True),
        instant("created_at"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "id"], ["messages.workspace_id", "messages.id"], ondelete="CASCADE"
        ),
    )
    op.create_index("intent_feedback_user_id_idx", "intent_feedback", ["workspace_id", "user_id"])
    protect_private("intent_feedback")


def _welcomes() -> None:
    op.create_table(
        "welcomes",
        *_personal(),
        word("step"),
        _json("chosen"),
        instant("skipped_at", nullable=True),
        instant("completed_at", nullable=True),
    )
    op.create_index("welcomes_user_id_key", "welcomes", ["user_id"], unique=True)
    protect_personal("welcomes")
    stamp("welcomes")


def _nudges() -> None:
    op.create_table(
        "nudges",
        *row(),
        *of_member(),
        day("day"),
        words("state"),
        words("help"),
        word("subject"),
        sa.Column("subject_id", sa.Uuid()),
        *map(words, ("title", "headline", "reason", "question", "offer")),
        _json("numbers"),
        _json("calls"),
        word("status"),
        sa.Column("proposal_id", sa.Uuid()),
    )
    op.create_index("nudges_day_idx", "nudges", ["workspace_id", "user_id", "day"])
    protect_private("nudges")
    stamp("nudges")


def _personal() -> Parts:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        instant("created_at", default=True),
        instant("updated_at", default=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSONB(), nullable=False)
