"""Asking models and rules; planning, calling tools, editing what was proposed, saying yes."""

from selfos.features.ai.service.applying import apply_proposal
from selfos.features.ai.service.budgets import (
    delete_price,
    list_prices,
    set_price,
    show_budgets,
    update_limits,
)
from selfos.features.ai.service.caching import forget_answers
from selfos.features.ai.service.calling import (
    Acted,
    Proposed,
    Told,
    ToolOutcome,
    as_seen,
    call_tool,
)
from selfos.features.ai.service.calls import forget_calls, get_call, list_calls, show_usage
from selfos.features.ai.service.decomposition import (
    create_goal_with_decomposition,
    decompose_goal,
    think_about_goal,
    think_about_new_goal,
)
from selfos.features.ai.service.generation import (
    embed,
    generate,
    has_models,
    no_answer,
    stream,
    writer_of,
)
from selfos.features.ai.service.ideas import (
    PlaybookIdea,
    playbook_ideas,
    playbook_of,
    playbooks_of,
)
from selfos.features.ai.service.preparing import prepare
from selfos.features.ai.service.privacy import get_privacy, set_privacy, walls_around
from selfos.features.ai.service.proposals import (
    PROPOSALS,
    ProposalLine,
    discard_proposal,
    lines_of,
    list_proposals,
    update_proposal,
)
from selfos.features.ai.service.status import observe, probe_provider, ready, show_status
from selfos.features.ai.service.thinking import Thought, could_ask, think
from selfos.features.ai.service.whatif import relieve, what_if_applied, what_if_goal

__all__ = [
    "PROPOSALS",
    "Acted",
    "PlaybookIdea",
    "ProposalLine",
    "Proposed",
    "Thought",
    "Told",
    "ToolOutcome",
    "apply_proposal",
    "as_seen",
    "call_tool",
    "could_ask",
    "create_goal_with_decomposition",
    "decompose_goal",
    "delete_price",
    "discard_proposal",
    "embed",
    "forget_answers",
    "forget_calls",
    "generate",
    "get_call",
    "get_privacy",
    "has_models",
    "lines_of",
    "list_calls",
    "list_prices",
    "list_proposals",
    "no_answer",
    "observe",
    "playbook_ideas",
    "playbook_of",
    "playbooks_of",
    "prepare",
    "probe_provider",
    "ready",
    "relieve",
    "set_price",
    "set_privacy",
    "show_budgets",
    "show_status",
    "show_usage",
    "stream",
    "think",
    "think_about_goal",
    "think_about_new_goal",
    "update_limits",
    "update_proposal",
    "walls_around",
    "what_if_applied",
    "what_if_goal",
    "writer_of",
]
