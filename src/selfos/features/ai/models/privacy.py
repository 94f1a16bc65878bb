"""How private a workspace's and an area's words are, and what models have already said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text, column
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.ai.schemas.words import AiTask, Dial, Engine
from selfos.kernel.database import InWorkspace, Model, Tenant, Versioned
from selfos.kernel.tables import inside, of_tenant, of_user
from selfos.kernel.vectors import Vector


class AiDial(Tenant, Versioned, Model):
    """How far the words of one life area may travel; without an area, of the whole workspace."""

    __tablename__ = "ai_dials"
    __table_args__ = (
        of_tenant(),
        inside("area_id", "areas", ondelete="CASCADE"),
        Index("ai_dials_area_key", "workspace_id", "area_id", unique=True),
        Index(
            "ai_dials_workspace_key",
            "workspace_id",
            unique=True,
            postgresql_where=column("area_id").is_(None),
        ),
    )

    area_id: Mapped[UUID | None]
    dial: Mapped[Dial]
    hide_names: Mapped[bool] = mapped_column(default=False)
    hide_numbers: Mapped[bool] = mapped_column(default=False)
    hidden_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class AiAnswer(InWorkspace, Model):
    """One answer kept for the same question of the same person; names are still hidden in it.

    Where other words may ask the same, `near_key` is what has to be equal and `vec` the words.
    """

    __tablename__ = "ai_answers"
    __table_args__ = (
        of_tenant(),
        of_user(),
        Index("ai_answers_user_id_idx", "user_id"),
        Index("ai_answers_expires_at_idx", "expires_at"),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    task: Mapped[AiTask]
    engine: Mapped[Engine]
    provider: Mapped[str]
    model: Mapped[str]
    text: Mapped[str]
    expires_at: Mapped[datetime]
    near_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    embedder: Mapped[str | None]
    vec: Mapped[list[float] | None] = mapped_column(Vector(), deferred=True)
