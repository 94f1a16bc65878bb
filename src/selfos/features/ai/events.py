"""What happens to proposals."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class ProposalEvent(Event):
    """Something that happened to a proposal."""

    aggregate: ClassVar[str] = "proposal_id"

    proposal_id: UUID
    goal_id: UUID | None


class ProposalMade(ProposalEvent):
    """A rung has answered."""

    type: ClassVar[str] = "proposal.made"

    engine: str


class ProposalApplied(ProposalEvent):
    """The user has said yes to these many of its lines."""

    type: ClassVar[str] = "proposal.applied"

    accepted: int
    rejected: int


class ProposalDiscarded(ProposalEvent):
    """The user has said no, or a newer proposal has taken its place."""

    type: ClassVar[str] = "proposal.discarded"


class BudgetNearlySpent(Event):
    """Four fifths of a budget are gone; `scope` says whose: user, workspace or instance."""

    type: ClassVar[str] = "ai.budget_nearly_spent"
    aggregate: ClassVar[str] = "user_id"

    user_id: UUID
    scope: str
