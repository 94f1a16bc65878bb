"""The ledger of calls, and the money behind it.

Money moves by the system alone; the application's role sees the meters of its user and workspace,
and no reservation or price. A line of the ledger is written once; nobody changes it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.ai.schemas.words import AiTask, Engine, Outcome
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.tables import of_tenant, of_user


class AiCall(Tenant, Model):
    """One attempt at one model, also a failed one, also an answer out of the cache.

    `generation_id` joins the attempts of one question. `cost_micros` is NULL where the price is
    unknown, which is not nothing; `estimated` marks tokens that we had to guess.
    """

    __tablename__ = "ai_calls"
    __table_args__ = (
        of_tenant(),
        of_user(),
        Index("ai_calls_user_id_idx", "user_id"),
        Index("ai_calls_mine_idx", "workspace_id", "user_id", "at", "id"),
        Index("ai_calls_at_idx", "workspace_id", "at"),
        Index("ai_calls_generation_id_idx", "workspace_id", "generation_id"),
    )

    user_id: Mapped[UUID]
    generation_id: Mapped[UUID]
    number: Mapped[int]
    at: Mapped[datetime]
    task: Mapped[AiTask]
    prompt_version: Mapped[str]
    engine: Mapped[Engine]
    provider: Mapped[str]
    model: Mapped[str]
    served_model: Mapped[str | None]
    outcome: Mapped[Outcome]
    detail: Mapped[str]
    input_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    cache_write_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    reasoning_tokens: Mapped[int | None]
    estimated: Mapped[bool]
    price_version: Mapped[str | None]
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    latency_ms: Mapped[int]
    first_token_ms: Mapped[int | None]
    background: Mapped[bool]
    trace_id: Mapped[str | None]


class AiPrompt(Tenant, Model):
    """The very words that left with a call, and what came back; its user alone may read them."""

    __tablename__ = "ai_prompts"
    __table_args__ = (of_tenant(), of_user(), Index("ai_prompts_at_idx", "at"))

    user_id: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    messages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tools: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    answer: Mapped[str]


class AiMeter(Model):
    """What a person, a workspace or the instance has spent in a day or month, and set aside."""

    __tablename__ = "ai_meters"

    key: Mapped[str] = mapped_column(primary_key=True)
    spent_micros: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved_micros: Mapped[int] = mapped_column(BigInteger, default=0)


class AiReservation(Model):
    """Money set aside for a call that is out; after a crash it comes back by itself."""

    __tablename__ = "ai_reservations"
    __table_args__ = (Index("ai_reservations_expires_at_idx", "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meters: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    amount_micros: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]


class AiLimits(Tenant, Versioned, Model):
    """What a workspace allows itself, within the operator's limits; its id is the workspace's."""

    __tablename__ = "ai_limits"
    __table_args__ = (of_tenant(),)

    user_day_micros: Mapped[int | None] = mapped_column(BigInteger)
    user_month_micros: Mapped[int | None] = mapped_column(BigInteger)
    workspace_month_micros: Mapped[int | None] = mapped_column(BigInteger)


class AiPrice(Versioned, Model):
    """What a million tokens of a model cost by the operator's word, before any list."""

    __tablename__ = "ai_prices"

    provider: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    input_micros: Mapped[int] = mapped_column(BigInteger)
    output_micros: Mapped[int] = mapped_column(BigInteger)
    cached_input_micros: Mapped[int | None] = mapped_column(BigInteger)
