"""Proposals and their lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.ai.schemas.proposals import Operation, ProposalKind, ProposalStatus
from selfos.features.ai.schemas.words import Engine
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.errors import Conflict
from selfos.kernel.tables import inside, of_tenant


class Proposal(Tenant, Versioned, Model):
    """Rows that would be created, updated or moved, once somebody says yes."""

    __tablename__ = "proposals"
    __table_args__ = (
        of_tenant(),
        inside("goal_id", "goals", ondelete="CASCADE"),
        Index("proposals_goal_idx", "workspace_id", "goal_id"),
    )

    kind: Mapped[ProposalKind]
    title: Mapped[str]
    status: Mapped[ProposalStatus]
    engine: Mapped[Engine]
    engine_note: Mapped[str]
    confidence: Mapped[float]
    assumptions: Mapped[list[str]] = mapped_column(JSONB)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    load: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    infeasible: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    goal_id: Mapped[UUID | None]
    changeset_id: Mapped[UUID | None]

    def require_open(self) -> None:
        """Refuse to touch a proposal that has been decided on."""
        if self.status is not ProposalStatus.OPEN:
            raise Conflict(f"This proposal is already {self.status}.")

    def apply(self, changeset_id: UUID) -> None:
        """Mark it applied by this changeset; only an open one can be."""
        self.require_open()
        self.status, self.changeset_id = ProposalStatus.APPLIED, changeset_id

    def discard(self) -> None:
        """Mark it refused; only an open one can be."""
        self.require_open()
        self.status = ProposalStatus.DISCARDED


class ProposalLine(Tenant, Versioned, Model):
    """One row of a proposal; `fields` are what planning's verbs take."""

    __tablename__ = "proposal_lines"
    __table_args__ = (
        inside("proposal_id", "proposals", ondelete="CASCADE"),
        Index("proposal_lines_proposal_idx", "workspace_id", "proposal_id", "position"),
    )

    proposal_id: Mapped[UUID]
    position: Mapped[int]
    accepted: Mapped[bool]
    op: Mapped[Operation]
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    phase: Mapped[str | None]
    depends_on: Mapped[list[str]] = mapped_column(JSONB)
