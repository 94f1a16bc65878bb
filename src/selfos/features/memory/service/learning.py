"""Learning from what somebody says and does, by rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from selfos.features.memory.models import Fact
from selfos.features.memory.reading import Ending, FactDraft, read_facts
from selfos.features.memory.schemas import FactKind, Origin, Source
from selfos.features.memory.service.profile import is_on
from selfos.features.memory.service.writing import Statement, take_turn, today_of, write
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission


async def learn(
    ctx: Context, text: str, *, source: Source, said_on: date | None = None
) -> list[Fact]:
    """Keep what a text states about the acting person; returns the new facts.

    From an untrusted source each waits for a yes, and ends nothing. With memory off, or for what
    is known already, nothing happens.
    """
    ctx.require(Permission.MEMORY_WRITE)
    if not await is_on(ctx):
        return []
    read = read_facts(text, said_on or await today_of(ctx))
    if source.trusted:
        for ending in read.endings:
            await _end(ctx, ending)
    return await _write_all(ctx, read.facts, Origin.RULES, source)


async def learn_drafts(ctx: Context, drafts: Sequence[FactDraft], *, source: Source) -> list[Fact]:
    """Keep what a model has read out of a text; the same rules hold as for our own reading."""
    ctx.require(Permission.MEMORY_WRITE)
    if not await is_on(ctx):
        return []
    return await _write_all(ctx, drafts, Origin.MODEL, source)


async def _write_all(
    ctx: Context, drafts: Sequence[FactDraft], origin: Origin, source: Source
) -> list[Fact]:
    written = [await write(ctx, _stated(draft, origin, source)) for draft in drafts]
    return [fact for fact in written if fact is not None]


def _stated(draft: FactDraft, origin: Origin, source: Source) -> Statement:
    return Statement(
        subject=draft.subject,
        predicate=draft.predicate,
        text=draft.text,
        kind=draft.kind,
        confidence=draft.confidence,
        origin=origin,
        source=source,
        since=draft.since,
        slot=draft.slot,
    )


async def _end(ctx: Context, ending: Ending) -> None:
    """Close what holds and speaks of this; what happened once has happened."""
    # Before any row is locked, as everywhere: nobody waits for the other in a circle.
    await take_turn(ctx)
    found = await ctx.session.scalars(
        select(Fact)
        .where(
            Fact.kind != FactKind.EVENT,
            Fact.valid_to.is_(None),
            func.strpos(func.lower(Fact.text), ending.value) > 0,
        )
        .with_for_update()
    )
    for fact in found:
        if not fact.is_pending:
            fact.end(ending.on)
