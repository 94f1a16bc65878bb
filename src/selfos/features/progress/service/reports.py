"""Reports: told from the numbers, kept as back-issues, told again on request."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    cast,
    extract,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert

from selfos.features.focus import service as focus
from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.progress.events import ReportReady
from selfos.features.progress.models import Report, Rollup
from selfos.features.progress.schemas import (
    Chart,
    ReportKind,
    ReportQuery,
    StatsQuery,
    StatsView,
)
from selfos.features.progress.service.charts import draw_chart
from selfos.features.progress.service.stats import calculate_user_stats
from selfos.features.progress.spans import DAY, Span, Unit, first_of, last_of
from selfos.features.progress.speaking import Speaker
from selfos.features.progress.telling import tell
from selfos.kernel.context import Context, system_session
from selfos.kernel.core import Kernel
from selfos.kernel.documents import Document, Documents, Json, Order
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

REPORTS = Documents(
    Report,
    {
        "id": Report.id,
        "kind": Report.kind,
        "first": Report.first,
        "last": Report.last,
        "title": Report.content["title"].astext,
        "sentences": Report.content["sentences"],
        "suggestion": Report.content["suggestion"],
        "charts": Report.content["charts"],
        "load": Report.content["load"],
        "told_at": Report.told_at,
    },
    version=cast(extract("epoch", Report.told_at) * literal_column("1000"), BigInteger),
)
CHARTS = (Chart.DONE, Chart.PLANNED, Chart.HABITS)
LATEST = Order((Report.first,), descending=True)
# Reports are kept, and shown in the app, in the app's language; mails and paper tell them anew.
AS_KEPT = Speaker.of("en-GB")
# Who has been away for longer gets no more reports until they are back.
ACTIVE_DAYS = 14
BY = {ReportKind.WEEK: Unit.DAY, ReportKind.MONTH: Unit.WEEK, ReportKind.YEAR: Unit.MONTH}


async def generate_weekly_report(ctx: Context, day: date | None = None) -> UUID:
    """Tell the week a day lies in, by default the last one that is over; returns the report."""
    return await generate_report(ctx, ReportKind.WEEK, day)


async def generate_report(ctx: Context, kind: ReportKind, day: date | None = None) -> UUID:
    """Tell a week, month or year of the acting person; told again, it replaces what was told."""
    ctx.require(Permission.REPORT_WRITE)
    span = await _span(ctx, kind, day)
    query = StatsQuery.model_validate({"from": span.first, "to": span.last, "by": BY[kind]})
    stats = await calculate_user_stats(ctx, query)
    told = tell(stats, kind, AS_KEPT)
    content = {
        "title": AS_KEPT.title(kind, span.first, span.last),
        "sentences": told.sentences,
        "suggestion": told.suggestion,
        "charts": [
            (await draw_chart(ctx, chart, query)).model_dump(mode="json") for chart in CHARTS
        ],
        "load": [each.model_dump(mode="json") for each in stats.load],
    }
    values = {"last": span.last, "content": content, "told_at": ctx.now}
    kept = insert(Report).values(
        workspace_id=ctx.workspace_id, user_id=ctx.user_id, id=new_id(), kind=kind,
        first=span.first, **values,
    )  # fmt: skip
    found = await ctx.session.scalar(
        kept.on_conflict_do_update(
            index_elements=["workspace_id", "user_id", "kind", "first"], set_=values
        ).returning(Report.id)
    )
    if found is None:
        raise LookupError("a report that was just kept")
    return found


async def _span(ctx: Context, kind: ReportKind, day: date | None) -> Span:
    clock = await identity.user_time(ctx)

    def around(inside: date) -> Span:
        match kind:
            case ReportKind.WEEK:
                first = first_of(inside, Unit.WEEK, clock.first_weekday)
                return Span(first, last_of(first, Unit.WEEK))
            case ReportKind.MONTH:
                first = inside.replace(day=1)
                return Span(first, last_of(first, Unit.MONTH))
            case ReportKind.YEAR:
                return Span(date(inside.year, 1, 1), date(inside.year, 12, 31))

    if day is not None:
        return around(day)
    return around(around(clock.today(ctx.now)).first - DAY)


async def told_in_sentences(
    ctx: Context, kind: ReportKind, stats: StatsView, locale: str
) -> list[str]:
    """Return what a report of these numbers would say, in a language."""
    ctx.require(Permission.REPORT_READ)
    return [each["text"] for each in tell(stats, kind, Speaker.of(locale)).sentences]


async def list_reports(ctx: Context, query: ReportQuery) -> Json:
    """Return one page of the acting person's reports, the latest time first."""
    ctx.require(Permission.REPORT_READ)
    conditions = [] if query.kind is None else [Report.kind == query.kind]
    return await REPORTS.page(ctx, query, *conditions, order=LATEST)


async def get_report(ctx: Context, report_id: UUID) -> Document:
    """Return one report of the acting person."""
    ctx.require(Permission.REPORT_READ)
    return await REPORTS.one(ctx, report_id)


async def report_what_is_over(ctx: Context) -> None:
    """Tell the acting person's last week, month and year once each is over, and say so.

    Each once; a time in which nothing was done is not told unasked.
    """
    for kind in ReportKind:
        span = await _span(ctx, kind, None)
        told = select(Report.id).where(Report.kind == kind, Report.first == span.first)
        lived = _active(span.first, span.last)
        mine = select(lived.c.user_id).where(lived.c.user_id == ctx.user_id)
        if await ctx.session.scalar(select(told.exists() | ~mine.exists())):
            continue
        report_id = await generate_report(ctx, kind)
        ctx.emit(ReportReady(report_id=report_id, user_id=ctx.user_id, kind=kind, first=span.first))


async def people_to_report_to(kernel: Kernel) -> list[tuple[UUID, UUID]]:
    """Return who did anything of late, as workspace and user, and may have something to be told."""
    today = kernel.clock().date()
    active = _active(today - timedelta(days=ACTIVE_DAYS), today + DAY)
    someone = tuple_(active.c.workspace_id, active.c.user_id)
    waiting = [
        someone.in_(select(_active(since, until))) & ~_told_since(kind, since, active)
        for kind, since, until in _lately_over(today)
    ]
    async with system_session(kernel) as session:
        found = await session.execute(select(active).where(or_(*waiting)))
        return [(workspace_id, user_id) for workspace_id, user_id in found]


def _active(first: date, last: date) -> Subquery:
    """Select who completed a task on these days, kept a record of a habit, or recorded time."""
    completed = select(Rollup.workspace_id, Rollup.user_id).where(
        Rollup.day.between(first, last), Rollup.done > 0
    )
    recorded = (habits.people_with_records(first, last), focus.people_with_sessions(first, last))
    return completed.union(*recorded).subquery()


def _lately_over(today: date) -> list[tuple[ReportKind, date, date]]:
    """Return between which days the last week, month and year began and ended, for anybody.

    It is a day more or less where they are, and weeks begin on other days: nobody is left out, and
    whoever has nothing to be told yet is looked at in vain.
    """
    tomorrow = today + DAY
    month = tomorrow.replace(day=1) - DAY
    year = tomorrow.year - 1
    return [
        (ReportKind.WEEK, today - timedelta(days=12), today),
        (ReportKind.MONTH, month.replace(day=1), month),
        (ReportKind.YEAR, date(year, 1, 1), date(year, 12, 31)),
    ]


def _told_since(kind: ReportKind, since: date, active: Subquery) -> ColumnElement[bool]:
    return (
        select(Report.id)
        .where(
            Report.workspace_id == active.c.workspace_id,
            Report.user_id == active.c.user_id,
            Report.kind == kind,
            Report.first >= since,
        )
        .exists()
    )
