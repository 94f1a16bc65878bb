"""The tables of feedback; each row is its writer's alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.ai.schemas import AiTask, Engine
from selfos.features.feedback.schemas import FeedbackKind
from selfos.kernel.database import Model, Private
from selfos.kernel.tables import of_member, of_tenant


class Feedback(Private, Model):
    """One opinion on one generation; a proposal counts as one, each of its lines apart."""

    __tablename__ = "feedback"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("feedback_created_at_idx", "workspace_id", "user_id", "created_at", "id"),
        Index("feedback_generation_id_idx", "workspace_id", "generation_id"),
        Index("feedback_changeset_id_idx", "workspace_id", "changeset_id"),
    )

    generation_id: Mapped[UUID]
    kind: Mapped[FeedbackKind]
    value: Mapped[float]
    rating: Mapped[int | None]
    original: Mapped[str | None]
    edited: Mapped[str | None]
    rejected_id: Mapped[UUID | None]
    line_id: Mapped[UUID | None]
    task: Mapped[AiTask | None]
    engine: Mapped[Engine | None]
    comment: Mapped[str]
    # The changeset of the yes or no to a proposal; undoing it takes the opinion back.
    changeset_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class FeedbackConsent(Private, Model):
    """Whether somebody lets what they say be learnt from; its id is theirs."""

    __tablename__ = "feedback_consents"
    __table_args__ = (of_tenant(), of_member())

    consent: Mapped[bool] = mapped_column(default=False)
