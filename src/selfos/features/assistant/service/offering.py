"""Carrying an offer to the user: calls of tools that become one proposal, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import Engine
from selfos.features.assistant.coaching.offers import Call
from selfos.kernel.context import Context, attempt
from selfos.kernel.errors import Problem
from selfos.kernel.tools import Consent, Group, Level, Toolbox

COACH = "Coach"
# Whatever a rung asks for, it reads at once and everything else waits for the user.
LEVELS = dict.fromkeys(Group, Level.PROPOSE)


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal that waits for the user."""

    proposal_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why it could not even be proposed, in a sentence for the user."""

    detail: str


def consent_of(name: str) -> Consent:
    """Return what any assistant of ours may do: look, and propose."""
    return Consent(name, LEVELS)


async def propose(
    ctx: Context,
    tools: Toolbox,
    calls: Sequence[Call],
    *,
    by: str = COACH,
    engine: Engine = Engine.RULES,
) -> Offered | Refused:
    """Make one proposal of all these calls; if one cannot go, nothing is left of any."""
    try:
        async with attempt(ctx):
            return await _ask(ctx, tools, calls, consent_of(by), engine)
    except (Problem, ValidationError) as error:
        return Refused(sentence_of(error))


async def _ask(
    ctx: Context, tools: Toolbox, calls: Sequence[Call], consent: Consent, engine: Engine
) -> Offered:
    offered: Offered | None = None
    for call in calls:
        given = dict(call.arguments)
        if offered is not None:
            given["proposal_id"] = str(offered.proposal_id)
        outcome = await ai.call_tool(ctx, tools, call.tool, given, consent, engine=engine)
        if not isinstance(outcome, ai.Proposed):
            raise TypeError(f"{call.tool} did not propose")
        offered = offered or Offered(outcome.proposal_id, outcome.title)
    if offered is None:
        raise ValueError("an offer without a call")
    return offered


def sentence_of(error: Problem | ValidationError) -> str:
    """Return what was wrong, for a person."""
    if isinstance(error, Problem):
        return error.detail
    first = error.errors()[0]
    return f"The {'.'.join(map(str, first['loc'])) or 'request'} does not fit: {first['msg']}."
