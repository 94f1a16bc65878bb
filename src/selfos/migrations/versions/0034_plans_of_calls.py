"""Which question to a model a plan was made from; the ledger of calls knows the rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0034", "0033"


def upgrade() -> None:
    """Plans made before do not know."""
    op.add_column("proposals", sa.Column("generation_id", sa.Uuid(), nullable=True))
