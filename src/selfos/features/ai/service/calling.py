"""Calling tools for an assistant: read at once, propose by default, act where consent says so.

The path of every assistant, ours and those from outside. The caller has opened the Context, which
knows the user, the workspace and the rights; no argument of a tool names any of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selfos.features.ai.schemas import Dial, Engine
from selfos.features.ai.service.asking import ask, deed_of
from selfos.features.ai.service.privacy import withheld_from
from selfos.kernel.context import Context
from selfos.kernel.documents import Json
from selfos.kernel.errors import Forbidden
from selfos.kernel.identifiers import new_id
from selfos.kernel.origins import origins_of
from selfos.kernel.tools import (
    ActTool,
    Change,
    Consent,
    DirectTool,
    ProposeTool,
    ReadTool,
    Tool,
    Toolbox,
)
from selfos.kernel.untrusted import clean, for_model, ids_in, refuse_marks, without


@dataclass(frozen=True, slots=True)
class Told:
    """What a reading tool found, as a model may see it."""

    data: Any


@dataclass(frozen=True, slots=True)
class Proposed:
    """Nothing has changed; the user decides about this proposal. `title` says what was added."""

    proposal_id: UUID
    title: str
    entity_id: UUID | None


@dataclass(frozen=True, slots=True)
class Acted:
    """It is so, as one changeset of the assistant."""

    changeset_id: UUID
    entity_id: UUID | None
    data: Any


ToolOutcome = Told | Proposed | Acted


async def call_tool(
    ctx: Context,
    tools: Toolbox,
    name: str,
    arguments: Mapping[str, Any],
    consent: Consent,
    *,
    engine: Engine = Engine.CLIENT,
    reach: Dial = Dial.ANY,
) -> ToolOutcome:
    """Call a tool by name with what a model gave it; raises a Problem that says what was wrong.

    `reach` is how far the answer travels: with `any`, words of areas that stay here are withheld.
    """
    tool = tools.named(name)
    _refuse_beyond(consent, tool)
    ctx.require(tool.permission)
    given = dict(arguments)
    refuse_marks(given)
    match tool:
        case ReadTool():
            asked = tool.arguments.model_validate(given)
            return Told(await as_seen(ctx, await tool.verb(ctx, asked), reach))
        case ProposeTool():
            ctx.by_assistant()
            proposal_id = await tool.verb(ctx, tool.arguments.model_validate(given))
            return Proposed(proposal_id, "A plan for the goal", None)
        case ActTool():
            change = tool.arguments.model_validate(given)
            return await _act(ctx, tools, tool, change, consent, engine, reach)
        case DirectTool():
            ctx.by_assistant()
            body = await tool.verb(ctx, tool.arguments.model_validate(given))
            return Acted(ctx.draft.id, None, await as_seen(ctx, body, reach))


async def as_seen(ctx: Context, body: Json, reach: Dial) -> Any:
    """Return ready JSON as a model that far away may see it."""
    data = json.loads(body)
    named = set(ids_in(data))
    withheld = await withheld_from(ctx, reach, named)
    if withheld is not None:
        data = without(data, {str(row_id) for row_id in withheld})
    return for_model(data, await origins_of(ctx, named))


async def _act(
    ctx: Context,
    tools: Toolbox,
    tool: ActTool,
    given: Change,
    consent: Consent,
    engine: Engine,
    reach: Dial,
) -> Proposed | Acted:
    ctx.by_assistant()
    entity_id: UUID = getattr(given, tool.subject) if tool.subject else new_id()
    if await withheld_from(ctx, reach, [entity_id]):
        raise Forbidden("This lies in a life area that only its user opens.")
    asked = given.model_dump(
        mode="json", exclude_unset=True, exclude={*Change.model_fields, tool.subject or ""}
    )
    if not tool.is_automatic(consent) or given.proposal_id is not None:
        line = await ask(ctx, tools, tool, entity_id, asked, given, by=consent.by, engine=engine)
        return Proposed(line.proposal_id, clean(deed_of(line)), entity_id)
    fields = tool.deed.fields.model_validate(asked)
    await tool.deed.carry_out(ctx, entity_id, fields)
    shown = await tool.deed.show(ctx, entity_id)
    return Acted(ctx.draft.id, entity_id, await as_seen(ctx, shown.body, reach))


def _refuse_beyond(consent: Consent, tool: Tool) -> None:
    if not consent.allows(tool.group, tool.least):
        raise Forbidden(
            f"“{consent.by}” has no consent for this ({tool.group}); the user gives it in the"
            " settings of SelfOS, with a new token."
        )
