"""Asking models and rules; planning, calling tools, editing what was proposed, saying yes."""

from selfos.features.ai.service.applying import apply_proposal
from selfos.features.ai.service.calling import (
    Acted,
    Proposed,
    Told,
    ToolOutcome,
    as_seen,
    call_tool,
)
from selfos.features.ai.service.decomposition import (
    create_goal_with_decomposition,
    decompose_goal,
)
from selfos.features.ai.service.generation import embed, generate, has_models, stream
from selfos.features.ai.service.preparing import prepare
from selfos.features.ai.service.proposals import (
    PROPOSALS,
    discard_proposal,
    list_proposals,
    update_proposal,
)

__all__ = [
    "PROPOSALS",
    "Acted",
    "Proposed",
    "Told",
    "ToolOutcome",
    "apply_proposal",
    "as_seen",
    "call_tool",
    "create_goal_with_decomposition",
    "decompose_goal",
    "discard_proposal",
    "embed",
    "generate",
    "has_models",
    "list_proposals",
    "prepare",
    "stream",
    "update_proposal",
]
