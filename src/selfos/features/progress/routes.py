"""Progress over HTTP: everybody's own."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from selfos.features.progress import service as progress
from selfos.features.progress import tables
from selfos.features.progress.schemas import (
    AchievementsView,
    AnalyticsQuery,
    AnalyticsView,
    BurnUpView,
    Chart,
    ChartView,
    CountingConsentUpdate,
    CountingConsentView,
    Format,
    FormatQuery,
    HeatmapView,
    HeatQuery,
    ReportCreate,
    ReportFormat,
    ReportFormatQuery,
    ReportPage,
    ReportQuery,
    ReportView,
    StatsQuery,
    StatsView,
    Table,
    YearFormat,
    YearQuery,
    YearView,
)
from selfos.kernel.permissions import Permission
from selfos.kernel.routing import Ctx, Router, allow, as_json, shown

router = Router(prefix="/progress", tags=["progress"])
reports = Router(prefix="/reports", tags=["progress"])
analytics = Router(prefix="/analytics", tags=["progress"])
ROUTERS = (router, reports, analytics)
CSV = "text/csv"
PDF = "application/pdf"
PNG = "image/png"
FILE = {"type": "string", "format": "binary"}
SHEET: dict[str, Any] = {
    "responses": {200: {"content": {CSV: {"schema": {"type": "string"}}}}},
}
READ = {**allow(Permission.PROGRESS_READ), **SHEET}
MANAGE = {**allow(Permission.WORKSPACE_MANAGE), **SHEET}
READ_ON_PAPER: dict[str, Any] = {
    **allow(Permission.REPORT_READ),
    "responses": {200: {"content": {PDF: {"schema": FILE}}}},
}
READ_IN_CARDS: dict[str, Any] = {
    **allow(Permission.PROGRESS_READ),
    "responses": {200: {"content": {PDF: {"schema": FILE}, PNG: {"schema": FILE}}}},
}
FIRST_YEAR, LAST_YEAR = 1970, 9998


def _accepted(request: Request) -> list[str]:
    return [each.partition(";")[0].strip() for each in request.headers.get("accept", "").split(",")]


async def asked_for_csv(request: Request) -> bool:
    """Tell whether the caller would rather have a sheet than JSON."""
    return CSV in _accepted(request)


async def asked_for_pdf(request: Request) -> bool:
    """Tell whether the caller would rather have paper than JSON."""
    return PDF in _accepted(request)


WantsCsv = Annotated[bool, Depends(asked_for_csv)]
WantsPdf = Annotated[bool, Depends(asked_for_pdf)]


@router.get("/stats", response_model=StatsView, **READ)
async def get_stats(ctx: Ctx, query: Annotated[StatsQuery, Query()], wants: WantsCsv) -> Response:
    """Show my numbers: done, on time, put off, habits, goals, balance, and the weeks to come."""
    stats = await progress.calculate_user_stats(ctx, query)
    return _told(stats, tables.stats_table, query.format, "progress", otherwise=wants)


@router.get("/charts/{chart}", response_model=ChartView, **READ)
async def get_chart(
    ctx: Ctx, chart: Chart, query: Annotated[StatsQuery, Query()], wants: WantsCsv
) -> Response:
    """Show one of my numbers over time, beside the days before."""
    drawn = await progress.draw_chart(ctx, chart, query)
    return _told(drawn, tables.chart_table, query.format, chart, otherwise=wants)


@router.get("/heatmap", response_model=HeatmapView, **READ)
async def get_heatmap(ctx: Ctx, query: Annotated[HeatQuery, Query()], wants: WantsCsv) -> Response:
    """Show a year of my days: tasks done, or habits kept."""
    drawn = await progress.draw_heatmap(ctx, query)
    return _told(drawn, tables.heat_table, query.format, query.kind, otherwise=wants)


@router.get("/goals/{goal_id}/burn-up", response_model=BurnUpView, **READ)
async def get_burn_up(
    ctx: Ctx, goal_id: UUID, query: Annotated[FormatQuery, Query()], wants: WantsCsv
) -> Response:
    """Show what a goal has come to over time, beside its path."""
    drawn = await progress.draw_burn_up(ctx, goal_id)
    return _told(drawn, tables.burn_up_table, query.format, "burn-up", otherwise=wants)


@router.get("/years/{year}", response_model=YearView, **READ_IN_CARDS)
async def get_year(
    ctx: Ctx,
    year: Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)],
    query: Annotated[YearQuery, Query()],
) -> Response:
    """Show my year in review in cards: as data, as a PDF, or one card as an image."""
    match query.format:
        case YearFormat.PDF:
            content, media, end = await progress.print_year(ctx, year, query.language), PDF, ".pdf"
        case YearFormat.PNG:
            content = await progress.picture_card(ctx, year, query.card, query.language)
            media, end = PNG, f"-{query.card}.png"
        case YearFormat.JSON:
            view = await progress.review_year(ctx, year, query.language)
            return as_json(view.model_dump_json().encode())
    return _file(content, f"{year}{end}", media)


@router.get("/achievements", response_model=AchievementsView, **allow(Permission.PROGRESS_READ))
async def get_achievements(ctx: Ctx) -> AchievementsView:
    """Show what I have achieved, when, and how far the next tiers are."""
    return await progress.get_achievement_progress(ctx)


@reports.get("", response_model=ReportPage, **allow(Permission.REPORT_READ))
async def list_reports(ctx: Ctx, query: Annotated[ReportQuery, Query()]) -> Response:
    """List my reports, the latest time first."""
    return as_json(await progress.list_reports(ctx, query))


@reports.post("", status_code=201, response_model=ReportView, **allow(Permission.REPORT_WRITE))
async def create_report(ctx: Ctx, body: ReportCreate) -> Response:
    """Tell a week, month or year of mine from the numbers as they stand; replaces what was told."""
    report_id = await progress.generate_report(ctx, body.kind, body.day)
    return shown(await progress.get_report(ctx, report_id), 201)


@reports.get("/{report_id}", response_model=ReportView, **READ_ON_PAPER)
async def get_report(
    ctx: Ctx, report_id: UUID, query: Annotated[ReportFormatQuery, Query()], wants: WantsPdf
) -> Response:
    """Get one of my reports, as data or as a PDF to keep, print and pass on."""
    if query.format is ReportFormat.PDF or (query.format is None and wants):
        paper = await progress.print_report(ctx, report_id, query.language)
        return _file(paper.content, paper.name, PDF)
    return shown(await progress.get_report(ctx, report_id))


@analytics.get("/consent", response_model=CountingConsentView, **allow(Permission.PROGRESS_READ))
async def get_counting_consent(ctx: Ctx) -> CountingConsentView:
    """Show whether I may be counted where fewer than five people are, in this workspace."""
    return await progress.counting_consent(ctx)


@analytics.patch("/consent", response_model=CountingConsentView, **allow(Permission.PROGRESS_WRITE))
async def update_counting_consent(ctx: Ctx, body: CountingConsentUpdate) -> CountingConsentView:
    """Let me be counted where few are, for weeks that begin from now on; or no longer at all."""
    return await progress.set_counting_consent(ctx, consent=body.consent)


@analytics.get("/{table}", response_model=AnalyticsView, **MANAGE)
async def get_analytics(
    ctx: Ctx, table: Table, query: Annotated[AnalyticsQuery, Query()], wants: WantsCsv
) -> Response:
    """Show sums over this workspace's people, none about fewer than five who did not agree."""
    drawn = await progress.draw_analytics(ctx, table, query)
    return _told(drawn, tables.analytics_table, query.format, f"team-{table}", otherwise=wants)


def _told(view: Any, table: Any, form: Format | None, name: str, *, otherwise: bool) -> Response:
    if form is Format.CSV or (form is None and otherwise):
        return _file(table(view), f"{name}.csv", CSV)
    return as_json(view.model_dump_json().encode())


def _file(content: bytes | str, name: str, media: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media)
