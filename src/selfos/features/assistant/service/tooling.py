"""Using the tools a model asks for: looking is done at once, everything else only proposed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import Generation, ToolCall
from selfos.features.assistant.schemas.parts import Part, ProposalPart, ToolPart
from selfos.features.assistant.service.offering import consent_of, sentence_of
from selfos.features.assistant.service.prompting import Prompt, areas_of
from selfos.kernel.context import Context, attempt
from selfos.kernel.errors import Problem
from selfos.kernel.tools import Toolbox

MOST_CALLS = 8


@dataclass(slots=True)
class Used:
    """What tools have done for one answer; `latest` goes back to the model."""

    parts: list[Part] = field(default_factory=list[Part])
    latest: list[tuple[ToolCall, Any]] = field(default_factory=list[tuple[ToolCall, Any]])
    area_ids: set[UUID] = field(default_factory=set[UUID])
    proposals: set[UUID] = field(default_factory=set[UUID])


async def use_tools(
    ctx: Context, tools: Toolbox, prompt: Prompt, made: Generation, used: Used | None
) -> Used:
    """Call what the model has asked for as the user, one after another; a refusal is an answer."""
    used = used or Used()
    used.latest = []
    for call in made.tools[:MOST_CALLS]:
        used.latest.append((call, await _use(ctx, tools, prompt, made, call, used)))
    beyond = made.tools[MOST_CALLS:]
    used.latest += [(call, {"refused": "Too many calls at once."}) for call in beyond]
    return used


async def _use(
    ctx: Context, tools: Toolbox, prompt: Prompt, made: Generation, call: ToolCall, used: Used
) -> Any:
    consent = consent_of(prompt.voice.name)
    try:
        async with attempt(ctx):
            outcome = await ai.call_tool(
                ctx,
                tools,
                call.name,
                call.arguments,
                consent,
                engine=made.engine,
                reach=prompt.reach,
            )
    except (Problem, ValidationError) as error:
        detail = sentence_of(error)
        used.parts.append(ToolPart(name=call.name, outcome="refused", detail=detail))
        return {"refused": detail}
    if isinstance(outcome, ai.Told):
        used.area_ids |= await areas_of(ctx, outcome.data)
    return _told(outcome, call, used)


def _told(outcome: ai.ToolOutcome, call: ToolCall, used: Used) -> Any:
    match outcome:
        case ai.Told(data):
            used.parts.append(ToolPart(name=call.name, outcome="read"))
            return data
        case ai.Proposed(proposal_id, title, entity_id):
            used.parts.append(ToolPart(name=call.name, outcome="proposed", detail=title))
            if proposal_id not in used.proposals:
                used.proposals.add(proposal_id)
                used.parts.append(ProposalPart(proposal_id=proposal_id, title=title))
            return {
                "proposed": title,
                "proposal_id": str(proposal_id),
                "entity_id": str(entity_id) if entity_id else None,
                "note": "Nothing has changed; the person decides.",
            }
        case ai.Acted():
            raise AssertionError("the assistant has no consent to act")
