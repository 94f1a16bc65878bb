"""Giving opinions, hearing those that give themselves, and consent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.ai import service as ai
from selfos.features.ai.events import ProposalMade
from selfos.features.ai.schemas import AiTask
from selfos.features.feedback.models import Feedback, FeedbackConsent
from selfos.features.feedback.schemas import (
    BEST_RATING,
    ConsentView,
    FeedbackCreate,
    FeedbackKind,
    FeedbackQuery,
    FeedbackStats,
    KindStats,
)
from selfos.features.workspaces import service as workspaces
from selfos.kernel import rows
from selfos.kernel.context import Context, act_for
from selfos.kernel.documents import Documents, Json, Order
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import Changeset, EventRecord
from selfos.kernel.permissions import Permission
from selfos.kernel.tools import Operation

HANDLES = ("generation_id", "rejected_id", "line_id")
# A longer title is cut where a proposal shows it.
LONGEST_TITLE = 200
NEWEST = Order((Feedback.created_at,), descending=True)
_CONSENT = (
    select(FeedbackConsent.consent)
    .where(
        FeedbackConsent.workspace_id == Feedback.workspace_id,
        FeedbackConsent.id == Feedback.user_id,
    )
    .correlate(Feedback)
    .scalar_subquery()
)
FEEDBACK = Documents(
    Feedback,
    {
        **{
            name: getattr(Feedback, name)
            for name in "id generation_id kind value rating original edited rejected_id".split()
            + "line_id task engine comment".split()
        },
        "consented": func.coalesce(_CONSENT, literal(False)),
        "created_at": Feedback.created_at,
    },
    version=func.length(Feedback.comment),
)


async def give(ctx: Context, opinions: Sequence[FeedbackCreate]) -> list[UUID]:
    """Keep opinions; a new thumb, rating or line replaces the writer's one before."""
    ctx.require(Permission.FEEDBACK_WRITE)
    given = [_row(ctx, opinion) for opinion in opinions]
    for each in given:
        if each.kind in (FeedbackKind.THUMB, FeedbackKind.RATING, FeedbackKind.LINE):
            await _replace(ctx, each)
        ctx.session.add(each)
        await ctx.session.flush()
    return [each.id for each in given]


async def list_feedback(ctx: Context, query: FeedbackQuery) -> Json:
    """Return one page of the acting person's opinions, newest first."""
    ctx.require(Permission.FEEDBACK_READ)
    conditions: list[ColumnElement[bool]] = []
    if query.generation_id is not None:
        conditions.append(Feedback.generation_id.in_(query.generation_id))
    if query.kind is not None:
        conditions.append(Feedback.kind == query.kind)
    return await FEEDBACK.page(ctx, query, *conditions, order=NEWEST)


async def take_back(ctx: Context, feedback_id: UUID) -> None:
    """Erase an opinion, for good."""
    ctx.require(Permission.FEEDBACK_WRITE)
    await ctx.session.delete(await rows.get(ctx, Feedback, feedback_id))


async def stats(ctx: Context) -> FeedbackStats:
    """Return what the acting person has said so far, by kind."""
    ctx.require(Permission.FEEDBACK_READ)
    found = await ctx.session.execute(
        select(Feedback.kind, func.count(), func.avg(Feedback.value)).group_by(Feedback.kind)
    )
    by_kind = {
        kind: KindStats(count=count, value=round(float(value), 4)) for kind, count, value in found
    }
    count = sum(each.count for each in by_kind.values())
    total = sum(each.count * each.value for each in by_kind.values())
    return FeedbackStats(
        count=count, value=round(total / count, 4) if count else None, by_kind=by_kind
    )


async def consent_of(ctx: Context) -> ConsentView:
    """Tell whether the acting person lets what they say be learnt from; no until they say so."""
    ctx.require(Permission.FEEDBACK_READ)
    found = await rows.find(ctx, FeedbackConsent, ctx.user_id)
    return ConsentView(consent=found is not None and found.consent)


async def set_consent(ctx: Context, *, consent: bool) -> ConsentView:
    """Let what the acting person says be learnt from, or no longer; holds for all of it."""
    ctx.require(Permission.FEEDBACK_WRITE)
    values = {"workspace_id": ctx.workspace_id, "id": ctx.user_id, "user_id": ctx.user_id}
    await ctx.session.execute(
        insert(FeedbackConsent)
        .values(**values, consent=consent)
        .on_conflict_do_update(index_elements=["workspace_id", "id"], set_={"consent": consent})
    )
    return ConsentView(consent=consent)


async def hear_decision(ctx: Context, proposal_id: UUID, *, applied: bool) -> None:
    """Keep what somebody has decided on each line of a proposal.

    A plan that only gave way to a newer one was not refused.
    """
    changeset = await _cause(ctx)
    if changeset is None or changeset.user_id is None:
        return
    made = select(EventRecord.id).where(
        EventRecord.changeset_id == changeset.id, EventRecord.type == ProposalMade.type
    )
    if not applied and await ctx.session.scalar(made.limit(1)) is not None:
        return
    if not await workspaces.is_active_member(ctx, changeset.user_id):
        return
    lines = await ai.lines_of(ctx, proposal_id)
    mine = await act_for(ctx, changeset.user_id)
    for line in lines:
        for opinion in _about(line, applied=applied):
            row = _row(mine, opinion)
            row.changeset_id = changeset.id
            await _replace(mine, row)
            mine.session.add(row)
    await mine.session.flush()


def _about(line: ai.ProposalLine, *, applied: bool) -> Iterator[FeedbackCreate]:
    """Yield what a decision says about a line: a yes or no, and what its reader made of it."""
    same: dict[str, Any] = {
        "generation_id": str(line.proposal_id),
        "line_id": str(line.id),
        "task": AiTask.DECOMPOSE,
    }
    accepted = applied and line.accepted
    yield FeedbackCreate(kind=FeedbackKind.LINE, value=1.0 if accepted else -1.0, **same)
    # What is new is called `title` as it was proposed, whatever became of its fields.
    became = line.fields.get("title")
    if not accepted or line.op is not Operation.CREATE or not isinstance(became, str):
        return
    if line.title and became[:LONGEST_TITLE] != line.title:
        yield FeedbackCreate(kind=FeedbackKind.EDIT, original=line.title, edited=became, **same)


async def hear_rating(ctx: Context, story_id: UUID, rating: int | None) -> None:
    """Keep how true a story feels to somebody; None takes it back."""
    changeset = await _cause(ctx)
    if changeset is None or changeset.user_id is None:
        return
    if not await workspaces.is_active_member(ctx, changeset.user_id):
        return
    mine = await act_for(ctx, changeset.user_id)
    row = _row(
        mine,
        FeedbackCreate(
            generation_id=str(story_id),
            kind=FeedbackKind.RATING,
            rating=rating or BEST_RATING,
            task=AiTask.STORY,
        ),
    )
    row.changeset_id = changeset.id
    await _replace(mine, row)
    if rating is not None:
        mine.session.add(row)
    await mine.session.flush()


async def hear_retelling(ctx: Context, story_id: UUID, user_id: UUID) -> None:
    """Take back what its person thought of a story that says something else now."""
    changeset = await _cause(ctx)
    if changeset is None or not await workspaces.is_active_member(ctx, user_id):
        return
    mine = await act_for(ctx, user_id)
    await mine.session.execute(
        delete(Feedback)
        .where(
            Feedback.generation_id == story_id,
            Feedback.created_at <= changeset.at,
            # A pick has both texts with it.
            Feedback.kind != FeedbackKind.PICK,
        )
        .execution_options(synchronize_session=False)
    )


async def hear_undo(ctx: Context, changeset_id: UUID) -> None:
    """Take back what a decision said that has been undone."""
    undone = await ctx.session.get(Changeset, (ctx.workspace_id, changeset_id))
    if undone is None or undone.user_id is None:
        return
    mine = await act_for(ctx, undone.user_id)
    await mine.session.execute(
        delete(Feedback)
        .where(Feedback.changeset_id == changeset_id)
        .execution_options(synchronize_session=False)
    )


def _row(ctx: Context, opinion: FeedbackCreate) -> Feedback:
    told = opinion.model_dump(exclude={"id", "value", *HANDLES})
    told |= {name: _read(getattr(opinion, name)) for name in HANDLES}
    return Feedback(
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        id=opinion.id or new_id(),
        value=opinion.worth(),
        changeset_id=None,
        created_at=ctx.now,
        **told,
    )


def _read(handle: str | None) -> UUID | None:
    return UUID(handle) if handle is not None else None


async def _replace(ctx: Context, row: Feedback) -> None:
    await ctx.session.execute(
        delete(Feedback)
        .where(
            Feedback.generation_id == row.generation_id,
            Feedback.kind == row.kind,
            Feedback.line_id.is_not_distinct_from(row.line_id),
        )
        .execution_options(synchronize_session=False)
    )


async def _cause(ctx: Context) -> Changeset | None:
    return await ctx.session.scalar(
        select(Changeset)
        .join(
            EventRecord,
            (EventRecord.changeset_id == Changeset.id)
            & (EventRecord.workspace_id == Changeset.workspace_id),
        )
        .where(EventRecord.id == ctx.draft.cause)
    )
