"""A year in review."""

from __future__ import annotations

from datetime import date, timedelta

from selfos.features.progress.adapters.typesetting import set_pdf, set_png
from selfos.features.progress.reviewing import YearLived, review
from selfos.features.progress.schemas import HeatKind, HeatQuery, StatsQuery, YearView
from selfos.features.progress.service.charts import draw_heatmap
from selfos.features.progress.service.counting import today_of
from selfos.features.progress.service.stats import calculate_user_stats
from selfos.features.progress.spans import Unit
from selfos.kernel.context import Context
from selfos.kernel.errors import invalid

CARDS = "cards"


async def review_year(ctx: Context, year: int) -> YearView:
    """Return the acting person's year in cards, up to today."""
    today = await today_of(ctx)
    first, end = date(year, 1, 1), date(year, 12, 31)
    if first > today:
        raise invalid("/path/year", "That year has not begun.")
    span = {"from": first, "to": min(end, today)}
    stats = await calculate_user_stats(ctx, StatsQuery.model_validate({**span, "by": Unit.MONTH}))
    deeds = {first + timedelta(days=number): 0 for number in range((span["to"] - first).days + 1)}
    for kind in HeatKind:
        heat = await draw_heatmap(ctx, HeatQuery.model_validate({**span, "kind": kind}))
        for each in heat.days:
            deeds[each.day] += each.value or 0
    return review(YearLived(year, span["to"], end < today, stats, deeds))


async def print_year(ctx: Context, year: int) -> bytes:
    """Return the cards of a year as a PDF of as many pages."""
    return await set_pdf(CARDS, (await review_year(ctx, year)).model_dump(mode="json"))


async def picture_card(ctx: Context, year: int, number: int) -> bytes:
    """Return one card of a year as a PNG of 1080 by 1920 pixels; the first is 1."""
    view = await review_year(ctx, year)
    if number > len(view.cards):
        raise invalid("/query/card", f"This year has {len(view.cards)} cards.")
    page = view.model_dump(mode="json")
    card = {**page["cards"][number - 1], "place": number - 1}
    return await set_png(CARDS, {**page, "cards": [card]})
