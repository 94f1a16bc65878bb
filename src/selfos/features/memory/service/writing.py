"""How a fact is written down: what is known already, what gives way, what must wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from selfos.features.identity import service as identity
from selfos.features.memory.events import FactCorrected, FactRemembered
from selfos.features.memory.models import Fact
from selfos.features.memory.schemas import FactKind, Origin, Source
from selfos.kernel import turns
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id

# The languages PostgreSQL can find the stems of, by the first part of a locale.
LANGUAGES = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
PLAIN = "simple"
EMBED_JOB = "memory.embed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact to be written down, whoever states it."""

    subject: str
    predicate: str
    text: str
    kind: FactKind
    confidence: float
    origin: Origin
    source: Source
    since: date | None = None
    until: date | None = None
    slot: str | None = None
    id: UUID | None = None

    @property
    def trusted(self) -> bool:
        """Tell whether its person's own words or deeds say it."""
        return self.source.trusted and self.origin is not Origin.IMPORT


async def language_of(ctx: Context) -> str:
    """Return how PostgreSQL calls the acting person's language."""
    locale = (await identity.typing_of(ctx)).locale
    return LANGUAGES.get(locale.partition("-")[0].lower(), PLAIN)


async def today_of(ctx: Context) -> date:
    """Return the day it is for the acting person."""
    return (await identity.user_time(ctx)).today(ctx.now)


async def write(ctx: Context, stated: Statement) -> Fact | None:
    """Write a fact down, or return None for one that is known.

    What it takes the place of is closed, unless the fact must be confirmed first.
    """
    await take_turn(ctx)
    if await _known(ctx, stated):
        return None
    fact = Fact(
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        id=stated.id or new_id(),
        subject=stated.subject,
        predicate=stated.predicate,
        text=stated.text,
        kind=stated.kind,
        slot=stated.slot,
        confidence=stated.confidence,
        origin=stated.origin,
        source_kind=stated.source.kind,
        source_id=stated.source.id,
        area_id=stated.source.area_id,
        trusted=stated.trusted,
        valid_from=stated.since,
        valid_to=stated.until,
        recorded_at=ctx.now,
        confirmed_at=ctx.now if stated.origin is Origin.USER else None,
        language=await language_of(ctx),
    )
    ctx.session.add(fact)
    await ctx.session.flush()
    ctx.emit(FactRemembered(fact_id=fact.id, user_id=ctx.user_id, pending=fact.is_pending))
    if not fact.is_pending:
        await take_place(ctx, fact)
    embed_soon(ctx)
    return fact


async def take_turn(ctx: Context) -> None:
    """Let nobody else write the acting person's facts here until this transaction ends.

    Two who look at the same moment whether a fact is known would both write it down.
    """
    await turns.take_turn(ctx, f"memory:{ctx.workspace_id}:{ctx.user_id}")


def embed_soon(ctx: Context) -> None:
    """Have the acting person's new words embedded, if there is a model for it."""
    workspace_id, user_id = str(ctx.workspace_id), str(ctx.user_id)
    lock = f"{EMBED_JOB}:{user_id}"
    ctx.defer(EMBED_JOB, lock=lock, workspace_id=workspace_id, user_id=user_id)


async def take_place(ctx: Context, fact: Fact) -> None:
    """Close what fills the slot of a fact that now holds; what began later stays.

    Of one thing only one value holds at a time, so a fact without a beginning began when the one
    before it ended.
    """
    if fact.slot is None or fact.valid_to is not None:
        return
    today = await today_of(ctx)
    before = await ctx.session.scalars(
        select(Fact)
        .where(
            Fact.slot == fact.slot,
            Fact.id != fact.id,
            Fact.superseded_by.is_(None),
        )
        .order_by(Fact.recorded_at, Fact.id)
        .with_for_update()
    )
    held = [old for old in before if not old.is_pending]
    ended = [old.valid_to for old in held if old.valid_to is not None]
    standing = [old for old in held if old.valid_to is None]
    fact.valid_from = fact.valid_from or (today if standing else max(ended, default=None))
    for old in standing:
        since = fact.valid_from or today
        if old.valid_from is not None and old.valid_from > since:
            # Told late: the new one was so before the old one began.
            fact.end(old.valid_from)
            continue
        old.give_way(fact, since)
        ctx.emit(FactCorrected(fact_id=old.id, user_id=ctx.user_id, becomes=fact.id))


async def _known(ctx: Context, stated: Statement) -> bool:
    """Tell whether these very words stand already; saying them twice adds nothing."""
    same = select(Fact.id).where(
        Fact.subject == stated.subject,
        func.lower(Fact.text) == stated.text.lower(),
        Fact.kind == stated.kind,
        Fact.superseded_by.is_(None),
        Fact.valid_to.is_not_distinct_from(stated.until),
    )
    if stated.since is not None and stated.kind is FactKind.EVENT:
        same = same.where(Fact.valid_from == stated.since)
    return await ctx.session.scalar(same.limit(1)) is not None
