"""Reading the sums: whose, of which days, by day or by thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.progress.counts import NAMES, Counts, total
from selfos.features.progress.models import Rollup
from selfos.features.progress.schemas import Dimension, SpanQuery
from selfos.features.progress.service.rollups import catch_up
from selfos.features.progress.spans import Span, Unit, first_of
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid
from selfos.kernel.permissions import Permission

NOTHING = UUID(int=0)
ALL = "all"
USUAL_WEEKS = 12
# Three years, as much as a page can draw.
LONGEST_DAYS = 1_100
COLUMNS = [getattr(Rollup, name) for name in NAMES]
Only = tuple[Dimension, UUID] | None


@dataclass(frozen=True, slots=True)
class Look:
    """Which days somebody looks at, and how they count time."""

    clock: identity.UserTime
    today: date
    span: Span


async def today_of(ctx: Context) -> date:
    """Return the day it is for the acting person; the right is checked here."""
    ctx.require(Permission.PROGRESS_READ)
    return (await identity.user_time(ctx)).today(ctx.now)


async def look(ctx: Context, query: SpanQuery) -> Look:
    """Return the days asked for, once the sums are exact; the right is checked here."""
    ctx.require(Permission.PROGRESS_READ)
    await catch_up(ctx)
    clock = await identity.user_time(ctx)
    today = clock.today(ctx.now)
    last = query.to or today
    usual = first_of(last, Unit.WEEK, clock.first_weekday) - timedelta(weeks=USUAL_WEEKS - 1)
    span = Span(query.from_ or usual, last)
    if not 1 <= span.days <= LONGEST_DAYS:
        raise invalid("/query/from", f"Ask for 1 to {LONGEST_DAYS} days, the first one first.")
    return Look(clock, today, span)


async def counts_by_day(ctx: Context, span: Span, only: Only = None) -> dict[date, Counts]:
    """Return what was counted on each day that has anything, of all or of one thing."""
    dimension, of_id = only or (ALL, NOTHING)
    found = await ctx.session.execute(
        select(Rollup.day, *COLUMNS).where(
            *_mine(ctx, span), Rollup.dimension == dimension, Rollup.of_id == of_id
        )
    )
    return {row[0]: Counts(*row[1:]) for row in found}


async def counts_by_thing(
    ctx: Context, span: Span, dimension: Dimension
) -> dict[UUID | None, Counts]:
    """Return what was counted for each area, goal or label; None is what lies in no area."""
    sums = [func.sum(each) for each in COLUMNS]
    found = await ctx.session.execute(
        select(Rollup.of_id, *sums)
        .where(*_mine(ctx, span), Rollup.dimension == dimension)
        .group_by(Rollup.of_id)
    )
    return {row[0] if row[0] != NOTHING else None: Counts(*row[1:]) for row in found}


async def first_day(ctx: Context) -> date | None:
    """Return the first day on which anything was counted for the acting person."""
    return await ctx.session.scalar(
        select(func.min(Rollup.day)).where(
            Rollup.user_id == ctx.user_id, Rollup.dimension == ALL, Rollup.done > 0
        )
    )


def within(counts: Mapping[date, Counts], span: Span) -> Counts:
    """Return what was counted in these days."""
    return total(each for day, each in counts.items() if span.covers(day))


async def tallies(ctx: Context, where: Look, span: Span, only: Only) -> list[habits.Tally]:
    """Return my habits in these days; of one area or goal if asked, and none of a label."""
    if only is not None and only[0] is Dimension.LABEL:
        return []
    found = await habits.tally_habits(ctx, span.first, span.last, clock=where.clock)
    if only is None:
        return found
    kind, of_id = only
    return [each for each in found if getattr(each, f"{kind}_id") == of_id]


def _mine(ctx: Context, span: Span) -> list[ColumnElement[bool]]:
    return [Rollup.user_id == ctx.user_id, Rollup.day.between(span.first, span.last)]
