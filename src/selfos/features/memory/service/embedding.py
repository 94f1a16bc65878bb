"""Vectors of facts, where a model makes them: in a job, and never with a transaction open."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.ai import service as ai
from selfos.features.ai.schemas import (
    AiTask,
    GenerationRequest,
    Message,
    Prepared,
    Speaker,
)
from selfos.features.memory.models import Embedding, Fact
from selfos.features.memory.ranking import FACT, QueryVector
from selfos.features.memory.service.profile import is_on
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind

BATCH = 64
Texts = Mapping[UUID, str]


async def embed_facts(kernel: Kernel, *, workspace_id: str, user_id: str) -> None:
    """Embed what one person has no fresh vector for; does nothing where no model may."""
    if not ai.has_models(kernel):
        return
    actor, workspace = Actor(ActorKind.SYSTEM, UUID(user_id)), UUID(workspace_id)
    done: set[UUID] = set()
    model: str | None = None
    while True:
        async with open_context(kernel, workspace_id=workspace, actor=actor) as ctx:
            by_area = await _stale(ctx, model, done)
            batches = [
                (texts, await prepare_texts(ctx, tuple(texts.values()), area_id))
                for area_id, texts in by_area.items()
            ]
        if not batches:
            return
        for texts, prepared in batches:
            done |= texts.keys()
            made = await ai.embed(kernel, prepared)
            if made is None:
                continue  # these words may not leave, or nobody is there to ask
            model = made.model
            async with open_context(kernel, workspace_id=workspace, actor=actor) as ctx:
                await _keep(ctx, texts, made.model, made.vectors)


async def prepare_texts(
    ctx: Context, texts: Sequence[str], area_id: UUID | None = None
) -> Prepared:
    """Look up what embedding these words takes; `vector_of` a question goes on from here."""
    return await _prepare(ctx, texts, frozenset() if area_id is None else frozenset({area_id}))


async def prepare_question(
    ctx: Context, question: str, area_ids: Iterable[UUID] = ()
) -> Prepared | None:
    """Look up what a vector of a question takes, under the strictest dial of these areas.

    None where none would be of use: memory is off, or no fact has a vector.
    """
    if not await is_on(ctx):
        return None
    some = await ctx.session.scalar(select(Embedding.owner_id).limit(1))
    return await _prepare(ctx, (question,), frozenset(area_ids)) if some is not None else None


async def _prepare(ctx: Context, texts: Sequence[str], area_ids: frozenset[UUID]) -> Prepared:
    request = GenerationRequest(
        task=AiTask.EMBED,
        messages=tuple(Message(Speaker.USER, text) for text in texts),
        area_ids=area_ids,
        cacheable=True,
    )
    return await ai.prepare(ctx, request)


async def vector_of(kernel: Kernel, prepared: Prepared) -> QueryVector | None:
    """Return what a model makes of one question, or None; call it with no Context open."""
    if not ai.has_models(kernel):
        return None
    made = await ai.embed(kernel, prepared)
    return QueryVector(made.model, made.vectors[0]) if made is not None else None


async def _stale(ctx: Context, model: str | None, done: set[UUID]) -> dict[UUID | None, Texts]:
    """Return the next words without a fresh vector of this model, or of any, by life area."""
    fresh = (Embedding.owner_id == Fact.id) & (Embedding.owner_type == FACT)
    found = await ctx.session.execute(
        select(Fact.id, Fact.area_id, Fact.text, Embedding.content_hash)
        .outerjoin(Embedding, fresh if model is None else fresh & (Embedding.model == model))
        .where(or_(Fact.trusted.is_(True), Fact.confirmed_at.is_not(None)))
        .order_by(Fact.recorded_at.desc())
    )
    by_area: defaultdict[UUID | None, dict[UUID, str]] = defaultdict(dict)
    for fact_id, area_id, text, known in found:
        full = len(by_area[area_id]) >= BATCH
        if fact_id not in done and known != _hash(text) and not full:
            by_area[area_id][fact_id] = text
    return {area_id: texts for area_id, texts in by_area.items() if texts}


async def _keep(ctx: Context, texts: Texts, model: str, vectors: Sequence[Sequence[float]]) -> None:
    """Keep the vectors of those facts that are still there and still say the same."""
    there = await ctx.session.execute(select(Fact.id, Fact.text).where(Fact.id.in_(list(texts))))
    said: dict[UUID, str] = {row.id: row.text for row in there}
    for (fact_id, text), vector in zip(texts.items(), vectors, strict=True):
        if said.get(fact_id) != text:
            continue
        values = {
            "dim": len(vector),
            "content_hash": _hash(text),
            "vec": list(vector),
        }
        await ctx.session.execute(
            insert(Embedding)
            .values(
                workspace_id=ctx.workspace_id,
                user_id=ctx.user_id,
                id=new_id(),
                owner_type=FACT,
                owner_id=fact_id,
                model=model,
                **values,
            )
            .on_conflict_do_update(
                index_elements=["workspace_id", "owner_type", "owner_id", "model"], set_=values
            )
        )


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
