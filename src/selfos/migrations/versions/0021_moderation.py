"""The words a workspace does not want in what it shares."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selfos.migrations.columns import row, word, words
from selfos.migrations.walls import protect_tenant, stamp

revision, down_revision = "0021", "0020"


def upgrade() -> None:
    """Make room for a list."""
    op.create_table(
        "moderation_words",
        *row(),
        words("text"),
        words("key"),
        word("verdict"),
        sa.Column("author_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"],
            ["members.workspace_id", "members.user_id"],
            ondelete="SET NULL (author_id)",
        ),
    )
    op.create_index(
        "moderation_words_key_key", "moderation_words", ["workspace_id", "key"], unique=True
    )
    op.create_index(
        "moderation_words_author_id_idx", "moderation_words", ["workspace_id", "author_id"]
    )
    protect_tenant("moderation_words")
    # In the history, and not for undo: else a member could take back what an admin has ruled.
    op.execute(
        "CREATE TRIGGER moderation_words_ledger AFTER INSERT OR UPDATE OR DELETE"
        " ON moderation_words FOR EACH ROW EXECUTE FUNCTION ledger_record('listed_word', 'final')"
    )
    stamp("moderation_words")
