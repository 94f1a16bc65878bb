"""Memory: facts about somebody, what they were used for, the profile, vectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, TSVECTOR

from selfos.kernel.vectors import Vector
from selfos.migrations.columns import (
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
from selfos.migrations.walls import protect_private, stamp

revision, down_revision = "0019", "0018"

SEARCHED = "to_tsvector(language, subject || ' ' || predicate || ' ' || text)"
# A vector says what its text says, so it goes with it.
FORGET_VECTORS = """
CREATE FUNCTION embeddings_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM embeddings e
    WHERE e.workspace_id = OLD.workspace_id AND e.owner_type = TG_ARGV[0] AND e.owner_id = OLD.id;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Make room for what is known of somebody."""
    _facts()
    _uses()
    _profiles()
    _embeddings()


def _facts() -> None:
    op.create_table(
        "memory_facts",
        *row(),
        *of_member(),
        words("subject"),
        words("predicate"),
        words("text"),
        word("kind"),
        words("slot", nullable=True),
        amount("confidence"),
        word("origin"),
        word("source_kind"),
        sa.Column("source_id", sa.Uuid()),
        *pointer("area_id", "areas"),
        flag("trusted"),
        day("valid_from", nullable=True),
        day("valid_to", nullable=True),
        instant("recorded_at"),
        *pointer("superseded_by", "memory_facts"),
        instant("confirmed_at", nullable=True),
        instant("last_used_at", nullable=True),
        number("uses_count"),
        sa.Column("language", REGCONFIG(), nullable=False),
        sa.Column("vector", TSVECTOR(), sa.Computed(SEARCHED, persisted=True), nullable=False),
        sa.CheckConstraint(
            "origin <> 'import' OR NOT trusted", name=op.f("memory_facts_import_check")
        ),
    )
    op.create_index(
        "memory_facts_recorded_at_idx",
        "memory_facts",
        ["workspace_id", "user_id", "recorded_at", "id"],
    )
    op.create_index(
        "memory_facts_slot_idx",
        "memory_facts",
        ["workspace_id", "user_id", "slot"],
        postgresql_where=sa.text("slot IS NOT NULL"),
    )
    op.create_index("memory_facts_source_id_idx", "memory_facts", ["workspace_id", "source_id"])
    op.create_index(
        "memory_facts_superseded_by_idx", "memory_facts", ["workspace_id", "superseded_by"]
    )
    found_by("memory_facts", "area_id")
    protect_private("memory_facts")
    stamp("memory_facts")


def _uses() -> None:
    op.create_table(
        "memory_uses",
        *key(),
        *of_member(),
        *pointer("fact_id", "memory_facts", ondelete="CASCADE", nullable=False),
        instant("at"),
        words("purpose"),
        sa.Column("used_by", sa.Uuid()),
        sa.Column("words", ARRAY(sa.Text()), nullable=False),
        amount("score"),
        amount("similarity", nullable=True),
    )
    op.create_index(
        "memory_uses_fact_id_idx", "memory_uses", ["workspace_id", "fact_id", "at", "id"]
    )
    op.create_index("memory_uses_at_idx", "memory_uses", ["at"])
    protect_private("memory_uses")


def _profiles() -> None:
    op.create_table("memory_profiles", *row(), *of_member(), words("text"), flag("enabled"))
    protect_private("memory_profiles")
    stamp("memory_profiles")


def _embeddings() -> None:
    op.create_table(
        "embeddings",
        *key(),
        *of_member(),
        words("owner_type"),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        words("model"),
        number("dim"),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("vec", Vector(), nullable=False),
    )
    op.create_index(
        "embeddings_owner_key",
        "embeddings",
        ["workspace_id", "owner_type", "owner_id", "model"],
        unique=True,
    )
    op.create_index("embeddings_user_id_idx", "embeddings", ["workspace_id", "user_id", "model"])
    protect_private("embeddings")
    op.execute(FORGET_VECTORS)
    op.execute(
        "CREATE TRIGGER memory_facts_vectors AFTER DELETE ON memory_facts"
        " FOR EACH ROW EXECUTE FUNCTION embeddings_forget('fact')"
    )
