"""Asking models and rules; planning a goal, editing what was proposed, and saying yes."""

from selfos.features.ai.service.applying import apply_proposal
from selfos.features.ai.service.decomposition import (
    create_goal_with_decomposition,
    decompose_goal,
)
from selfos.features.ai.service.generation import generate, prepare, stream
from selfos.features.ai.service.proposals import (
    PROPOSALS,
    discard_proposal,
    list_proposals,
    update_proposal,
)

__all__ = [
    "PROPOSALS",
    "apply_proposal",
    "create_goal_with_decomposition",
    "decompose_goal",
    "discard_proposal",
    "generate",
    "list_proposals",
    "prepare",
    "stream",
    "update_proposal",
]
