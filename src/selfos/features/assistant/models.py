"""Conversations, messages, profiles, the welcome and nudges: each seen by one person alone.

None of them is in the ledger: a workspace's history is its members' to read, and these are not.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.ai.schemas import Engine, Reason
from selfos.features.assistant.schemas.words import (
    Intent,
    Language,
    MessageRole,
    NudgeStatus,
    Subject,
    WelcomeStep,
)
from selfos.kernel.database import Model, Personal, Private, Versioned
from selfos.kernel.errors import Conflict
from selfos.kernel.tables import found_by, inside, of_member, of_tenant, of_user


class Conversation(Private, Versioned, Model):
    """A tree of messages; `head_id` is the tip of the branch that is shown."""

    __tablename__ = "conversations"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("conversations_user_idx", "workspace_id", "user_id", "updated_at", "id"),
        Index("conversations_profile_id_idx", "profile_id"),
    )

    title: Mapped[str]
    head_id: Mapped[UUID | None]
    profile_id: Mapped[UUID | None]


class ChatMessage(Private, Model):
    """What somebody or the assistant said; never rewritten, at most emptied.

    An answer has the id of its generation, and says which rung gave it and what it was given.
    """

    __tablename__ = "messages"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("conversation_id", "conversations", ondelete="CASCADE"),
        inside("parent_id", "messages", ondelete="CASCADE"),
        Index("messages_conversation_id_idx", "workspace_id", "conversation_id", "id"),
        found_by("messages", "parent_id"),
        Index("messages_user_id_idx", "workspace_id", "user_id"),
    )

    conversation_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    role: Mapped[MessageRole]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    intent: Mapped[Intent | None]
    confidence: Mapped[float | None]
    entities: Mapped[dict[str, str]] = mapped_column(JSONB)
    engine: Mapped[Engine | None]
    model: Mapped[str | None]
    reason: Mapped[Reason | None]
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    context_refs: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    stopped: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime]
    redacted_at: Mapped[datetime | None]

    def redact(self, now: datetime) -> None:
        """Empty it for good; its place in the tree stays."""
        if self.redacted_at is not None:
            raise Conflict("This message is empty already.")
        self.parts, self.entities, self.context_refs = [], {}, []
        self.redacted_at = now


class IntentFeedback(Private, Model):
    """What somebody says an intent should have been."""

    __tablename__ = "intent_feedback"
    __table_args__ = (
        of_tenant(),
        of_member(),
        inside("id", "messages", ondelete="CASCADE"),
        Index("intent_feedback_user_id_idx", "workspace_id", "user_id"),
    )

    correct: Mapped[bool] = mapped_column(Boolean)
    intent: Mapped[Intent | None]
    created_at: Mapped[datetime]


class AssistantProfile(Personal, Versioned, Model):
    """Who answers: a name, a language, five traits from 0 to 100, how free, and instructions."""

    __tablename__ = "assistant_profiles"
    __table_args__ = (
        of_user(),
        Index("assistant_profiles_user_id_idx", "user_id", "id"),
        Index(
            "assistant_profiles_default_key",
            "user_id",
            unique=True,
            postgresql_where=column("is_default"),
        ),
    )

    name: Mapped[str]
    avatar: Mapped[str]
    language: Mapped[Language]
    formality: Mapped[int]
    directness: Mapped[int]
    humor: Mapped[int]
    empathy: Mapped[int]
    motivation: Mapped[int]
    dialogue_temperature: Mapped[float]
    intent_temperature: Mapped[float]
    instructions: Mapped[str]
    is_default: Mapped[bool] = mapped_column(Boolean)


class Welcome(Personal, Versioned, Model):
    """How far somebody has come in the welcome; its id is the person's own."""

    __tablename__ = "welcomes"
    __table_args__ = (of_user(), Index("welcomes_user_id_key", "user_id", unique=True))

    step: Mapped[WelcomeStep]
    chosen: Mapped[dict[str, Any]] = mapped_column(JSONB)
    skipped_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]


class Nudge(Private, Versioned, Model):
    """One thing the coach has said on one day, with the calls its offer would make."""

    __tablename__ = "nudges"
    __table_args__ = (
        of_tenant(),
        of_member(),
        Index("nudges_day_idx", "workspace_id", "user_id", "day"),
    )

    day: Mapped[date]
    state: Mapped[str]
    help: Mapped[str]
    subject: Mapped[Subject]
    subject_id: Mapped[UUID | None]
    title: Mapped[str]
    headline: Mapped[str]
    reason: Mapped[str]
    question: Mapped[str]
    offer: Mapped[str]
    numbers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    calls: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    status: Mapped[NudgeStatus]
    proposal_id: Mapped[UUID | None]
    on_today: Mapped[bool] = mapped_column(Boolean)
    why: Mapped[list[str]] = mapped_column(JSONB)
    # A form of the app and what to fill it with, where that is what it offers.
    opens: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    until: Mapped[date | None]

    def require_open(self) -> None:
        """Refuse to answer it twice."""
        if self.status is not NudgeStatus.OPEN:
            raise Conflict(f"This nudge is {self.status} already.")


class NudgePreference(Private, Versioned, Model):
    """How many nudges somebody wants a day, and which kinds again; its id is theirs."""

    __tablename__ = "nudge_preferences"
    __table_args__ = (of_tenant(), of_member())

    per_day: Mapped[int]
    # A kind of nudge to the day since which it may be heard again whatever came before.
    again: Mapped[dict[str, str]] = mapped_column(JSONB)
