"""Showing, editing and refusing proposals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from selfos.features.ai.events import ProposalDiscarded, ProposalMade
from selfos.features.ai.models import Proposal, ProposalLine
from selfos.features.ai.schemas.proposals import (
    LineEdit,
    ProposalKind,
    ProposalQuery,
    ProposalStatus,
    ProposalUpdate,
)
from selfos.features.ai.schemas.words import Engine
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents, Json, Order
from selfos.kernel.errors import Conflict, FieldProblem, Invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission
from selfos.kernel.rows import missing
from selfos.kernel.schema import Input
from selfos.kernel.tools import Deed, Toolbox

# Open at once in one user's name; an assistant that goes on and on is stopped here.
MOST_OPEN = 50
LONGEST_TITLE = 200

_line = func.json_build_object(
    *("id", ProposalLine.id),
    *("position", ProposalLine.position),
    *("accepted", ProposalLine.accepted),
    *("op", ProposalLine.op),
    *("entity", ProposalLine.entity),
    *("entity_id", ProposalLine.entity_id),
    *("title", ProposalLine.title),
    *("fields", ProposalLine.fields),
    *("reason", ProposalLine.reason),
    *("phase", ProposalLine.phase),
    *("depends_on", ProposalLine.depends_on),
)
_lines = (
    select(func.json_agg(aggregate_order_by(_line, ProposalLine.position)))
    .where(ProposalLine.proposal_id == Proposal.id)
    .correlate(Proposal)
    .scalar_subquery()
)
PROPOSALS = Documents(
    Proposal,
    {
        "id": Proposal.id,
        "kind": Proposal.kind,
        "title": Proposal.title,
        "status": Proposal.status,
        "engine": Proposal.engine,
        "engine_note": Proposal.engine_note,
        "generation_id": Proposal.generation_id,
        "confidence": Proposal.confidence,
        "assumptions": Proposal.assumptions,
        "questions": Proposal.questions,
        "goal_id": Proposal.goal_id,
        "changeset_id": Proposal.changeset_id,
        "load": Proposal.load,
        "infeasible": Proposal.infeasible,
        "lines": _lines,
        "created_at": Proposal.created_at,
        "updated_at": Proposal.updated_at,
        "version": Proposal.version,
    },
)


async def list_proposals(ctx: Context, query: ProposalQuery) -> Json:
    """Return proposals, newest first."""
    ctx.require(Permission.PROPOSAL_READ)
    conditions: list[ColumnElement[bool]] = []
    if query.goal_id is not None:
        conditions.append(Proposal.goal_id == query.goal_id)
    if query.status is not None:
        conditions.append(Proposal.status == query.status)
    return await PROPOSALS.page(ctx, query, *conditions, order=Order(descending=True))


async def update_proposal(
    ctx: Context, tools: Toolbox, proposal_id: UUID, patch: ProposalUpdate
) -> Proposal:
    """Accept, reject or change lines of an open proposal; nothing else happens yet."""
    proposal = await changeable(ctx, proposal_id)
    lines = {line.id: line for line in await lines_of(ctx, proposal.id)}
    for position, edit in enumerate(patch.lines):
        line = lines.get(edit.id)
        if line is None:
            raise missing("line")
        _edit(tools, line, edit, f"/lines/{position}/fields")
    ctx.describe(f"Edited the plan for “{proposal.title}”")
    return proposal


async def discard_proposal(ctx: Context, proposal_id: UUID) -> Proposal:
    """Say no to an open proposal."""
    proposal = await changeable(ctx, proposal_id)
    discard(ctx, [proposal])
    ctx.describe(f"Discarded the plan for “{proposal.title}”")
    return proposal


def discard(ctx: Context, proposals: Iterable[Proposal]) -> None:
    """Mark these as refused and say so."""
    for proposal in proposals:
        proposal.discard()
        ctx.emit(ProposalDiscarded(proposal_id=proposal.id, goal_id=proposal.goal_id))


async def begin_changes(
    ctx: Context,
    title: str,
    *,
    engine: Engine,
    note: str,
    goal_id: UUID | None = None,
    asked_by: UUID | None = None,
    seen_by: UUID | None = None,
) -> Proposal:
    """Begin a proposal of deeds; its lines are the caller's to add, for the same eyes."""
    proposal = Proposal(
        id=new_id(),
        kind=ProposalKind.CHANGES,
        title=title,
        status=ProposalStatus.OPEN,
        engine=engine,
        engine_note=note,
        generation_id=None,
        confidence=1.0,
        assumptions=[],
        questions=[],
        load=[],
        infeasible=None,
        goal_id=goal_id,
        changeset_id=None,
        asked_by=asked_by,
        seen_by=seen_by or asked_by,
    )
    ctx.session.add(proposal)
    await ctx.session.flush()
    ctx.emit(ProposalMade(proposal_id=proposal.id, goal_id=goal_id, engine=engine))
    return proposal


async def refuse_flood(ctx: Context) -> None:
    """Refuse to ask for more than anybody looks through."""
    waiting = await ctx.session.scalar(
        select(func.count(Proposal.id)).where(
            Proposal.asked_by == ctx.user_id, Proposal.status == ProposalStatus.OPEN
        )
    )
    if waiting is not None and waiting >= MOST_OPEN:
        raise Conflict(f"{waiting} proposals wait for the user already; ask them to decide first.")


async def changeable(ctx: Context, proposal_id: UUID) -> Proposal:
    """Return an open proposal in the version the caller expects, held against a second yes."""
    ctx.require(Permission.PROPOSAL_WRITE)
    proposal = await rows.get(ctx, Proposal, proposal_id, lock=True)
    ctx.expect(proposal)
    proposal.require_open()
    return proposal


async def lines_of(ctx: Context, proposal_id: UUID) -> list[ProposalLine]:
    """Return a proposal's lines in order."""
    statement = (
        select(ProposalLine)
        .where(ProposalLine.proposal_id == proposal_id)
        .order_by(ProposalLine.position)
    )
    return list(await ctx.session.scalars(statement))


def checked(deed: Deed, fields: dict[str, Any], pointer: str) -> Input:
    """Return a line's fields as the verb will take them, or say which one is wrong."""
    try:
        return deed.fields.model_validate(fields)
    except ValidationError as error:
        problems = tuple(
            FieldProblem(f"{pointer}/{'/'.join(map(str, found['loc']))}", found["msg"])
            for found in error.errors()
        )
        raise Invalid(f"{problems[0].pointer}: {problems[0].detail}", errors=problems) from error


def _edit(tools: Toolbox, line: ProposalLine, edit: LineEdit, pointer: str) -> None:
    if "accepted" in edit.model_fields_set:
        line.accepted = edit.accepted
    if edit.fields:
        merged = {**line.fields, **edit.fields}
        checked(tools.deed(line.entity, line.op), merged, pointer)
        line.fields = merged
