"""Remembering, correcting, confirming, forgetting and listing facts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import aliased

from selfos.features.habits import service as habits
from selfos.features.memory.events import (
    FactConfirmed,
    FactCorrected,
    FactForgotten,
    FactRemembered,
    MemoryCleared,
)
from selfos.features.memory.models import Embedding, Fact, MemoryProfile, is_pending
from selfos.features.memory.schemas import (
    BY_HAND,
    FactCorrect,
    FactCreate,
    FactQuery,
    Origin,
    SourceKind,
    Standing,
)
from selfos.features.memory.service.writing import (
    Statement,
    embed_soon,
    take_place,
    today_of,
    write,
)
from selfos.features.planning import service as planning
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Documents, Json, Order
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

NEWEST = Order((Fact.recorded_at,), descending=True)
SOURCE_TITLE = func.coalesce(
    planning.title_of(planning.Entity.GOAL, Fact),
    planning.title_of(planning.Entity.TASK, Fact),
    habits.title_of(Fact),
)
FACTS = Documents(
    Fact,
    {
        **{
            name: getattr(Fact, name)
            for name in "id subject predicate text kind confidence origin".split()
        },
        "source": func.json_build_object(
            *("kind", Fact.source_kind),
            *("id", Fact.source_id),
            *("title", SOURCE_TITLE),
        ),
        "trusted": Fact.trusted,
        "pending": is_pending(),
        **{
            name: getattr(Fact, name)
            for name in "valid_from valid_to recorded_at superseded_by confirmed_at".split()
            + "last_used_at uses_count created_at updated_at version".split()
        },
    },
)


async def list_facts(ctx: Context, query: FactQuery) -> Json:
    """Return one page of what is known of the acting person, last recorded first."""
    ctx.require(Permission.MEMORY_READ)
    conditions = _standing(query.standing, await today_of(ctx))
    for name in ("kind", "origin", "source_id"):
        if (wanted := getattr(query, name)) is not None:
            conditions.append(getattr(Fact, name) == wanted)
    return await FACTS.page(ctx, query, *conditions, order=NEWEST)


async def get_fact(ctx: Context, fact_id: UUID) -> Document:
    """Return one fact as shown."""
    ctx.require(Permission.MEMORY_READ)
    return await FACTS.one(ctx, fact_id)


async def remember(ctx: Context, new: FactCreate) -> Fact:
    """Keep what somebody writes down by hand; knowing it already is a conflict."""
    ctx.require(Permission.MEMORY_WRITE)
    fact = await write(
        ctx,
        Statement(
            id=new.id,
            subject=new.subject,
            predicate=new.predicate,
            text=new.text,
            kind=new.kind,
            confidence=1.0,
            origin=Origin.USER,
            source=BY_HAND,
            since=new.valid_from,
            until=new.valid_to,
        ),
    )
    if fact is None:
        raise Conflict("This is remembered already, in the same words.")
    return fact


async def correct(ctx: Context, fact_id: UUID, change: FactCorrect) -> Fact:
    """Close a fact and write down what holds instead; returns the new one."""
    ctx.require(Permission.MEMORY_WRITE)
    old = await _changeable(ctx, fact_id)
    since = change.since or await today_of(ctx)
    fact = Fact(
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        id=new_id(),
        subject=old.subject,
        predicate=old.predicate,
        text=change.text,
        kind=change.kind or old.kind,
        slot=old.slot,
        confidence=1.0,
        origin=Origin.USER,
        source_kind=SourceKind.PERSON,
        source_id=None,
        area_id=old.area_id,
        trusted=True,
        valid_from=old.valid_from if change.mistaken else since,
        valid_to=None,
        recorded_at=ctx.now,
        confirmed_at=ctx.now,
        language=old.language,
    )
    ctx.session.add(fact)
    await ctx.session.flush()
    old.give_way(fact, since, mistaken=change.mistaken)
    embed_soon(ctx)
    ctx.emit(FactRemembered(fact_id=fact.id, user_id=ctx.user_id, pending=False))
    ctx.emit(FactCorrected(fact_id=old.id, user_id=ctx.user_id, becomes=fact.id))
    return fact


async def confirm(ctx: Context, fact_id: UUID) -> Fact:
    """Say that a fact is so; one that waited is used from now on."""
    ctx.require(Permission.MEMORY_WRITE)
    fact = await _changeable(ctx, fact_id)
    waited = fact.is_pending
    fact.confirm(ctx.now)
    ctx.emit(FactConfirmed(fact_id=fact.id, user_id=ctx.user_id))
    if waited:
        await take_place(ctx, fact)
    return fact


async def forget(ctx: Context, fact_id: UUID) -> None:
    """Erase a fact, the versions it replaced, and all that was derived from them; for good."""
    ctx.require(Permission.MEMORY_WRITE)
    fact = await _changeable(ctx, fact_id)
    earlier = select(Fact.id).where(Fact.id == fact.id).cte("earlier", recursive=True)
    older = aliased(Fact)
    replaced = select(older.id).where(
        older.superseded_by == earlier.c.id,
        older.workspace_id == ctx.workspace_id,
        older.user_id == ctx.user_id,
    )
    chain = earlier.union(replaced)
    ids = list(await ctx.session.scalars(select(chain.c.id)))
    await ctx.session.execute(
        delete(Fact).where(Fact.id.in_(ids)).execution_options(synchronize_session=False)
    )
    for gone in ids:
        ctx.emit(FactForgotten(fact_id=gone, user_id=ctx.user_id))


async def forget_everything(ctx: Context) -> None:
    """Erase all that is known of the acting person here, the profile's words included."""
    ctx.require(Permission.MEMORY_WRITE)
    for model in (Fact, Embedding):
        await ctx.session.execute(
            delete(model)
            .where(model.user_id == ctx.user_id)
            .execution_options(synchronize_session=False)
        )
    profile = await rows.find(ctx, MemoryProfile, ctx.user_id)
    if profile is not None:
        profile.text = ""
    ctx.emit(MemoryCleared(user_id=ctx.user_id))


async def _changeable(ctx: Context, fact_id: UUID) -> Fact:
    fact = await rows.get(ctx, Fact, fact_id, lock=True)
    ctx.expect(fact)
    return fact


def _standing(standing: Standing, today: date) -> list[ColumnElement[bool]]:
    over = or_(Fact.superseded_by.is_not(None), Fact.valid_to <= today)
    match standing:
        case Standing.CURRENT:
            return [~is_pending(), ~func.coalesce(over, False)]
        case Standing.PENDING:
            return [is_pending()]
        case Standing.PAST:
            return [func.coalesce(over, False)]
        case Standing.ALL:
            return []
