"""The words a workspace does not want in what it shares."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from selfos.features.moderation.schemas import ListedVerdict
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.tables import of_tenant


class ListedWord(Tenant, Versioned, Model):
    """A word or phrase, compared without disguises; `key` is how it is compared."""

    __tablename__ = "moderation_words"
    __table_args__ = (
        of_tenant(),
        ForeignKeyConstraint(
            ["workspace_id", "author_id"],
            ["members.workspace_id", "members.user_id"],
            ondelete="SET NULL (author_id)",
        ),
        Index("moderation_words_key_key", "workspace_id", "key", unique=True),
        Index("moderation_words_author_id_idx", "workspace_id", "author_id"),
    )

    text: Mapped[str]
    key: Mapped[str]
    verdict: Mapped[ListedVerdict]
    author_id: Mapped[UUID | None]
