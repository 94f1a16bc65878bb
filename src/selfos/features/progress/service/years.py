"""A year in review."""

from __future__ import annotations

from datetime import date

from selfos.features.identity import service as identity
from selfos.features.progress.adapters.typesetting import set_pdf, set_png
from selfos.features.progress.reviewing import YearLived, review
from selfos.features.progress.schemas import StatsQuery, YearView
from selfos.features.progress.service.charts import deeds_by_day
from selfos.features.progress.service.counting import look, today_of
from selfos.features.progress.service.stats import calculate_user_stats
from selfos.features.progress.spans import Unit
from selfos.features.progress.speaking import Speaker
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid

CARDS = "cards"


async def review_year(ctx: Context, year: int, language: str | None = None) -> YearView:
    """Return the acting person's year in cards, up to today, in this language or their own."""
    today = await today_of(ctx)
    first, end = date(year, 1, 1), date(year, 12, 31)
    if first > today:
        raise invalid("/path/year", "That year has not begun.")
    last = min(end, today)
    query = StatsQuery.model_validate({"from": first, "to": last, "by": Unit.MONTH})
    stats = await calculate_user_stats(ctx, query)
    where = await look(ctx, query)
    deeds = {**dict.fromkeys(where.span.each(), 0), **await deeds_by_day(ctx, where)}
    speaker = Speaker.of(language or (await identity.typing_of(ctx)).locale)
    return review(YearLived(year, last, end < today, stats, deeds), speaker)


async def print_year(ctx: Context, year: int, language: str | None = None) -> bytes:
    """Return the cards of a year as a PDF of as many pages."""
    view = await review_year(ctx, year, language)
    return await set_pdf(CARDS, view.model_dump(mode="json"))


async def picture_card(ctx: Context, year: int, number: int, language: str | None = None) -> bytes:
    """Return one card of a year as a PNG of 1080 by 1920 pixels; the first is 1."""
    view = await review_year(ctx, year, language)
    if number > len(view.cards):
        raise invalid("/query/card", f"This year has {len(view.cards)} cards.")
    page = view.model_dump(mode="json")
    card = {**page["cards"][number - 1], "place": number - 1}
    return await set_png(CARDS, {**page, "cards": [card]})
