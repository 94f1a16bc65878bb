"""Proposals and their lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.ai.schemas.proposals import ProposalKind, ProposalStatus
from selfos.features.ai.schemas.words import Engine
from selfos.kernel.database import Model, Tenant, Unshared, Versioned
from selfos.kernel.errors import Conflict
from selfos.kernel.tables import inside, of_tenant, of_user
from selfos.kernel.tools import Operation


class Proposal(Tenant, Unshared, Versioned, Model):
    """What would be done, once somebody says yes.

    What an assistant asks in somebody's name is seen by them alone until it is applied.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        of_tenant(),
        inside("goal_id", "goals", ondelete="CASCADE"),
        of_user("asked_by"),
        Index("proposals_goal_idx", "workspace_id", "goal_id"),
        Index("proposals_asked_by_idx", "asked_by"),
    )

    kind: Mapped[ProposalKind]
    title: Mapped[str]
    status: Mapped[ProposalStatus]
    engine: Mapped[Engine]
    engine_note: Mapped[str]
    generation_id: Mapped[UUID | None]
    confidence: Mapped[float]
    assumptions: Mapped[list[str]] = mapped_column(JSONB)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    load: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    infeasible: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    goal_id: Mapped[UUID | None]
    changeset_id: Mapped[UUID | None]
    asked_by: Mapped[UUID | None]

    def require_open(self) -> None:
        """Refuse to touch a proposal that has been decided on."""
        if self.status is not ProposalStatus.OPEN:
            raise Conflict(f"This proposal is already {self.status}.")

    def apply(self, changeset_id: UUID) -> None:
        """Mark it applied by this changeset, for all to see; only an open one can be."""
        self.require_open()
        self.status, self.changeset_id = ProposalStatus.APPLIED, changeset_id
        self.seen_by = None

    def discard(self) -> None:
        """Mark it refused; only an open one can be."""
        self.require_open()
        self.status = ProposalStatus.DISCARDED


class ProposalLine(Tenant, Unshared, Versioned, Model):
    """One deed of a proposal, seen by whom that is; `fields` are what its verb takes."""

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
    title: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    phase: Mapped[str | None]
    depends_on: Mapped[list[str]] = mapped_column(JSONB)
