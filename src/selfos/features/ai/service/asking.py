"""Writing down what an assistant would do, so that the user can look at it and decide."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from selfos.features.ai.models import Proposal, ProposalLine
from selfos.features.ai.schemas import Engine
from selfos.features.ai.schemas.proposals import ProposalKind
from selfos.features.ai.service.applying import rehearse
from selfos.features.ai.service.proposals import (
    LONGEST_TITLE,
    begin_changes,
    checked,
    lines_of,
    refuse_flood,
)
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing
from selfos.kernel.tools import ActTool, Change, Operation, Toolbox

MOST_LINES = 50
DEEDS: dict[Operation, str] = {
    Operation.APPEND: "Add to",
    Operation.ARCHIVE: "Archive",
    Operation.CHECK_IN: "Check in",
    Operation.COMPLETE: "Complete",
    Operation.CREATE: "Add",
    Operation.DELETE: "Delete",
    Operation.MOVE: "Move",
    Operation.REOPEN: "Reopen",
    Operation.UPDATE: "Change",
}


async def ask(
    ctx: Context,
    tools: Toolbox,
    tool: ActTool,
    entity_id: UUID,
    fields: dict[str, Any],
    given: Change,
    *,
    by: str,
    engine: Engine,
) -> ProposalLine:
    """Add a deed to an open proposal of this user's, or to a new one, if it could be carried out.

    All lines are rehearsed in order, so a later one may speak of what an earlier one makes.
    """
    ctx.require(Permission.PROPOSAL_WRITE)
    checked(tool.deed, fields, "")
    title = await _title(ctx, tool, entity_id, fields)
    deed = f"{DEEDS[tool.deed.operation]} “{title}”"
    if given.proposal_id is None:
        proposal, earlier = await _new(ctx, deed, by=by, engine=engine), list[ProposalLine]()
    else:
        proposal = await _mine(ctx, given.proposal_id)
        earlier = await lines_of(ctx, proposal.id)
        if len(earlier) >= MOST_LINES:
            raise Conflict(f"A proposal has at most {MOST_LINES} lines; begin another one.")
        if earlier:
            proposal.title = f"{deed_of(earlier[0])} and {len(earlier)} more"
    line = ProposalLine(
        id=new_id(),
        proposal_id=proposal.id,
        seen_by=proposal.seen_by,
        position=len(earlier),
        accepted=True,
        op=tool.deed.operation,
        entity=tool.deed.entity,
        entity_id=entity_id,
        title=title,
        fields=fields,
        reason=given.reason,
        phase=None,
        depends_on=[],
    )
    ctx.session.add(line)
    ctx.describe(f"Proposed: {deed}")
    await rehearse(ctx, tools, [*earlier, line])
    return line


async def _new(ctx: Context, title: str, *, by: str, engine: Engine) -> Proposal:
    await refuse_flood(ctx)
    note = f"Proposed by the assistant you call “{by}”."
    return await begin_changes(ctx, title, engine=engine, note=note, asked_by=ctx.user_id)


async def _mine(ctx: Context, proposal_id: UUID) -> Proposal:
    """Return an open proposal that an assistant has asked in this user's name."""
    proposal = await rows.get(ctx, Proposal, proposal_id, lock=True)
    if proposal.kind is not ProposalKind.CHANGES or proposal.asked_by != ctx.user_id:
        raise missing("proposal")
    proposal.require_open()
    return proposal


async def _title(ctx: Context, tool: ActTool, entity_id: UUID, fields: dict[str, Any]) -> str:
    """Return what the thing is called: by its row, or by what it is to become."""
    found = fields
    if tool.subject is not None:
        found = json.loads((await tool.deed.show(ctx, entity_id)).body)
    named = next((found[name] for name in ("title", "name", "label") if found.get(name)), "")
    return str(named)[:LONGEST_TITLE] or f"a {tool.deed.entity}"


def deed_of(line: ProposalLine) -> str:
    """Say what a line would do."""
    return f"{DEEDS[line.op]} “{line.title}”"
