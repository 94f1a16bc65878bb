"""The ledger's tables. `changes` is written by a trigger only, the rest by `ledger_seal`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.kernel.database import InWorkspace, Model, Tenant, Unshared


class Door(StrEnum):
    """How a change came in."""

    API = "api"
    ASSISTANT = "assistant"
    CLI = "cli"
    IMPORT = "import"
    JOB = "job"
    MCP = "mcp"
    SYNC = "sync"
    WEB = "web"


class ActorKind(StrEnum):
    """Who made a change. The assistant always acts for a user."""

    ASSISTANT = "assistant"
    SYSTEM = "system"
    USER = "user"


class ChangeKind(StrEnum):
    """What happened to one row."""

    CREATE = "create"
    DELETE = "delete"
    UPDATE = "update"


class TenantRoot(Model):
    """One workspace as the kernel sees it: its id and the number of its newest changeset."""

    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Changeset(Tenant, Unshared, Model):
    """One transaction that changed something; `seq` counts from 1 without gaps.

    It is unshared if all that it changed is.
    """

    __tablename__ = "changesets"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        Index("changesets_seq_key", "workspace_id", "seq", unique=True),
        Index("changesets_undo_of_idx", "workspace_id", "undo_of"),
    )

    seq: Mapped[int] = mapped_column(BigInteger)
    door: Mapped[Door]
    actor: Mapped[ActorKind]
    user_id: Mapped[UUID | None]
    summary: Mapped[str]
    cause: Mapped[UUID | None]
    undo_of: Mapped[UUID | None]
    request_id: Mapped[str | None]
    changes_count: Mapped[int]
    reversible: Mapped[bool]
    at: Mapped[datetime]


class Change(InWorkspace, Unshared, Model):
    """What one changeset did to one row: for an update, only the fields that changed.

    It is seen by whom the row is seen by once it is changed.
    """

    __tablename__ = "changes"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        Index("changes_changeset_idx", "workspace_id", "changeset_id"),
        Index("changes_entity_idx", "workspace_id", "entity", "entity_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    changeset_id: Mapped[UUID]
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    kind: Mapped[ChangeKind]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class EventRecord(Tenant, Model):
    """One emitted event: ids and small facts, never free text."""

    __tablename__ = "events"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),
        Index("events_changeset_idx", "workspace_id", "changeset_id"),
        Index("events_type_idx", "workspace_id", "type", "at"),
        Index("events_aggregate_idx", "workspace_id", "aggregate_id"),
    )

    changeset_id: Mapped[UUID]
    position: Mapped[int]
    type: Mapped[str]
    aggregate_id: Mapped[UUID]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime]


class Receipt(InWorkspace, Model):
    """Proof that one handler has dealt with one event; written with the handler's effects."""

    __tablename__ = "event_receipts"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["tenants.id"], ondelete="CASCADE"),)

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
