"""The journal; search and sync keep what one member alone may see to them, as the ledger does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.amending import amend
from selfos.migrations.columns import day, found_by, instant, number, of_member, row, words
from selfos.migrations.walls import IN_WORKSPACE, UNSHARED, make_searchable, protect_private, stamp

revision, down_revision = "0025", "0024"

INDEXED = "setweight(to_tsvector('simple', search_fold(body)), 'B'))"
INDEXED_FOR = """setweight(to_tsvector('simple', search_fold(body)), 'B'),
        (item ->> 'seen_by')::uuid)"""
MINE = "(d.seen_by IS NULL OR d.seen_by = nullif(current_setting('selfos.user', true), '')::uuid)"


def upgrade() -> None:
    """Let nobody find by words or by merging what is not theirs; then make the journal."""
    visible = f"({IN_WORKSPACE}) AND ({UNSHARED})"
    for table in ("search_documents", "sync_conflicts"):
        op.add_column(table, sa.Column("seen_by", sa.Uuid()))
        op.execute(f"ALTER POLICY confined ON {table} USING ({visible}) WITH CHECK ({visible})")
    amend(
        "search_put(text, text[], text[], jsonb)",
        ("closed, updated_at, vector)", "closed, updated_at, vector, seen_by)"),
        (INDEXED, INDEXED_FOR),
        ("vector = excluded.vector;", "vector = excluded.vector, seen_by = excluded.seen_by;"),
    )
    quoted = MINE.replace("'", "''")
    amend(
        "search_find(text[], text[], text[], int)",
        ("WHERE d.workspace_id = $1 AND", f"WHERE d.workspace_id = $1 AND {quoted} AND"),
    )
    amend(
        "search_ids(text, text[], text[])",
        ("AND d.entity = kind;", f"AND d.entity = kind AND {MINE};"),
    )
    _journal()


def _journal() -> None:
    op.create_table(
        "journal_entries",
        *row(),
        *of_member(),
        sa.Column("seen_by", sa.Uuid()),
        day("day"),
        words("body"),
        number("mood", nullable=True),
        number("energy", nullable=True),
        sa.Column("words", sa.ARRAY(sa.Text()), nullable=False),
        instant("deleted_at", nullable=True),
        sa.CheckConstraint(
            "seen_by IS NOT NULL AND seen_by = user_id", name=op.f("journal_entries_seen_by_check")
        ),
        sa.CheckConstraint("mood BETWEEN 1 AND 5", name=op.f("journal_entries_mood_check")),
        sa.CheckConstraint("energy BETWEEN 1 AND 5", name=op.f("journal_entries_energy_check")),
    )
    op.create_index(
        "journal_entries_day_idx",
        "journal_entries",
        ["workspace_id", "user_id", "day", "created_at", "id"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    found_by("journal_entries", "deleted_at")
    protect_private("journal_entries", "journal_entry")
    stamp("journal_entries")
    make_searchable("journal_entries", "journal_entry", texts=["body", "words[*]"])
