"""Asking memory, and keeping what an answer was used for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from selfos.features.ai.schemas import Engine
from selfos.features.memory.asking import Question
from selfos.features.memory.models import Fact, FactUse, held
from selfos.features.memory.ranking import QueryVector, Ranked, ranked
from selfos.features.memory.schemas import HitView, Recalled, Why
from selfos.features.memory.service.profile import is_on
from selfos.features.memory.service.writing import language_of, today_of
from selfos.features.memory.weighing import Aspect, Weighed, weigh, within
from selfos.kernel import rows
from selfos.kernel.context import Context, act_for, open_context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Documents, Json, Order, PageQuery
from selfos.kernel.permissions import Permission

USES_KEPT = timedelta(days=90)
USES = Documents(
    FactUse,
    {
        name: getattr(FactUse, name)
        for name in "id at purpose used_by words score similarity".split()
    },
    version=func.length(FactUse.purpose),
)


async def recall(
    ctx: Context,
    question: str,
    budget: int,
    *,
    on: date | None = None,
    vector: QueryVector | None = None,
) -> Recalled:
    """Return what is known that bears on a question, best first, within about `budget` tokens.

    Only what holds: today, on the day given, or on the day in the past that the question names.
    Nothing is better than something beside the point, so the answer may be empty. Reads only;
    tell `note_use` what went into a prompt.
    """
    ctx.require(Permission.MEMORY_READ)
    if not await is_on(ctx):
        return Recalled(engine=Engine.RULES, items=[], enabled=False, on=on)
    today = await today_of(ctx)
    asked = Question.of(question, today, on)
    candidates = await _candidates(ctx, asked, vector)
    facts = await _facts(ctx, [found.fact_id for found in candidates])
    aspects = {
        row.id: Aspect(row.text, row.kind, row.confidence, row.confirmed_at or row.recorded_at)
        for row in facts.values()
    }
    chosen = within(budget, weigh(asked, candidates, aspects, ctx.now), aspects)
    return Recalled(
        engine=Engine.RULES,
        items=[_hit(each, facts[each.fact_id]) for each in chosen],
        enabled=True,
        on=asked.on,
    )


async def note_use(
    ctx: Context, hits: Sequence[HitView], *, purpose: str, used_by: UUID | None = None
) -> None:
    """Write down that these went into a message or generation, and why each was chosen."""
    ctx.require(Permission.MEMORY_READ)
    if not hits:
        return
    await ctx.session.execute(
        update(Fact)
        .where(Fact.id.in_([hit.id for hit in hits]))
        .values(last_used_at=ctx.now, uses_count=Fact.uses_count + 1)
        .execution_options(synchronize_session=False)
    )
    ctx.session.add_all(
        FactUse(
            workspace_id=ctx.workspace_id,
            user_id=ctx.user_id,
            fact_id=hit.id,
            at=ctx.now,
            purpose=purpose,
            used_by=used_by,
            words=hit.why.words,
            score=hit.score,
            similarity=hit.why.similarity,
        )
        for hit in hits
    )
    await ctx.session.flush()


async def list_uses(ctx: Context, fact_id: UUID, query: PageQuery) -> Json:
    """Return what a fact was used for and why, newest first."""
    ctx.require(Permission.MEMORY_READ)
    await rows.get(ctx, Fact, fact_id)
    order = Order((FactUse.at,), descending=True)
    return await USES.page(ctx, query, FactUse.fact_id == fact_id, order=order)


async def forget_uses(kernel: Kernel) -> None:
    """Delete, workspace by workspace, what facts were used for more than 90 days ago."""
    before = kernel.clock() - USES_KEPT
    async with system_session(kernel) as session:
        old = select(FactUse.workspace_id, FactUse.user_id).where(FactUse.at < before).distinct()
        due = list(await session.execute(old))
    for workspace_id, user_id in due:
        async with open_context(kernel, workspace_id=workspace_id) as ctx:
            await _forget_uses(ctx, user_id, before)


async def _forget_uses(ctx: Context, user_id: UUID, before: datetime) -> None:
    mine = await act_for(ctx, user_id)
    await mine.session.execute(
        delete(FactUse).where(FactUse.at < before).execution_options(synchronize_session=False)
    )


async def _candidates(ctx: Context, asked: Question, vector: QueryVector | None) -> list[Ranked]:
    # Their own words confine the statement: it selects from what the session cannot see into.
    mine = (Fact.workspace_id == ctx.workspace_id, Fact.user_id == ctx.user_id)
    statement = ranked(
        asked.words,
        await language_of(ctx),
        *mine,
        held(asked.first, asked.last),
        vector=vector,
    )
    found = await ctx.session.execute(statement)
    return [Ranked(row[0], row[1], row[2], tuple(row[3]), row[4]) for row in found]


async def _facts(ctx: Context, ids: Collection[UUID]) -> dict[UUID, Any]:
    if not ids:
        return {}
    found = await ctx.session.scalars(select(Fact).where(Fact.id.in_(list(ids))))
    return {fact.id: fact for fact in found}


def _hit(weighed: Weighed, fact: Fact) -> HitView:
    return HitView(
        id=fact.id,
        text=fact.text,
        subject=fact.subject,
        kind=fact.kind,
        origin=fact.origin,
        area_id=fact.area_id,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        score=weighed.score,
        why=Why(
            words=list(weighed.words),
            text_score=weighed.text_score,
            recency=weighed.recency,
            kind_weight=weighed.kind_weight,
            similarity=weighed.similarity,
        ),
    )
