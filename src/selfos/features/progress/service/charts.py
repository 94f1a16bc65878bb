"""Series and heatmaps, each with what it compares with and a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from statistics import fmean

from selfos.features.progress.counts import DIGITS
from selfos.features.progress.heat import year
from selfos.features.progress.schemas import (
    Chart,
    ChartSeriesView,
    ChartView,
    HeatDayView,
    HeatKind,
    HeatmapView,
    HeatQuery,
    Measure,
    PeriodView,
    PointView,
    StatsQuery,
)
from selfos.features.progress.service.counting import (
    Look,
    counts_by_day,
    first_day,
    look,
    tallies,
)
from selfos.features.progress.service.stats import Numbers
from selfos.features.progress.service.timing import seconds_by_day, timed
from selfos.features.progress.spans import Span, cut
from selfos.features.progress.wording import chart_sentence, heat_sentence
from selfos.kernel.context import Context

Read = Callable[[PeriodView], float | None]
HEAT_WEEKS = 53
TITLES = {
    Chart.DONE: ("Tasks done", Measure.TASKS),
    Chart.FOCUS: ("Focus time", Measure.MINUTES),
    Chart.HABITS: ("Habits kept", Measure.SHARE),
    Chart.ON_TIME: ("Done on time", Measure.SHARE),
    Chart.PLANNED: ("Planned and kept", Measure.TASKS),
    Chart.SLIPPED: ("Put off", Measure.TASKS),
    Chart.STRENGTH: ("Strength of habits", Measure.SHARE),
}
SERIES: dict[Chart, dict[str, tuple[str, Read]]] = {
    Chart.DONE: {"done": ("Done", lambda each: each.tasks.done)},
    Chart.FOCUS: {
        "recorded": ("Recorded", lambda each: each.focus.recorded_minutes),
        "estimated": ("Estimated", lambda each: each.focus.estimated_minutes),
    },
    Chart.HABITS: {"kept": ("Kept", lambda each: each.habits.kept_share)},
    Chart.ON_TIME: {"on_time": ("On time", lambda each: each.tasks.on_time_share)},
    Chart.PLANNED: {
        "planned": ("Planned", lambda each: each.tasks.planned),
        "kept": ("Kept", lambda each: each.tasks.kept),
    },
    Chart.SLIPPED: {"slipped": ("Put off", lambda each: each.tasks.slipped)},
}
# What is planned is known ahead of time.
AHEAD = frozenset({Chart.PLANNED})


async def draw_chart(ctx: Context, chart: Chart, query: StatsQuery) -> ChartView:
    """Return one chart of the acting person's days, beside as many days before."""
    where = await look(ctx, query)
    span, before = where.span, where.span.before()
    wide = Span(before.first, span.last)
    numbers = Numbers(
        await counts_by_day(ctx, wide, query.only),
        await tallies(ctx, where, wide, query.only),
        seconds_by_day(await timed(ctx, wide), query.only),
    )
    periods = cut(span, query.by, where.clock.first_weekday)
    earlier = [_shifted(each, -span.days) for each in periods]
    known = await _known(ctx, numbers, where, ahead=chart in AHEAD)
    if chart is Chart.STRENGTH:
        series = _strengths(numbers, periods, earlier, where.today)
    else:
        series = [
            ChartSeriesView(
                key=key,
                label=label,
                values=[_value(numbers, each, known, read) for each in periods],
                previous=[_value(numbers, each, known, read) for each in earlier],
                total=_value(numbers, span, known, read),
                previous_total=_value(numbers, before, known, read),
            )
            for key, (label, read) in SERIES[chart].items()
        ]
    title, measure = TITLES[chart]
    return ChartView(
        chart=chart,
        title=title,
        measure=measure,
        by=query.by,
        points=[PointView(first=each.first, last=each.last) for each in periods],
        series=series,
        sentence=chart_sentence(title, measure, series, span.days),
    )


async def _known(ctx: Context, numbers: Numbers, where: Look, *, ahead: bool) -> Span | None:
    """Return the days of which anything can be said; None of a life that has not begun."""
    habits = [day for each in numbers.tallies for day in each.verdicts]
    begun = min([*numbers.counts, *habits, *numbers.seconds], default=None)
    since = await first_day(ctx)
    first = min((day for day in (begun, since) if day is not None), default=None)
    if first is None:
        return None
    return Span(first, max(where.span.last, where.today) if ahead else where.today)


def _value(numbers: Numbers, span: Span, known: Span | None, read: Read) -> float | None:
    if known is None or span.last < known.first or span.first > known.last:
        return None
    return read(numbers.period(span))


def _strengths(
    numbers: Numbers, periods: Sequence[Span], earlier: Sequence[Span], today: date
) -> list[ChartSeriesView]:
    """Return how strong the habits that were there were on average, at the end of each period."""

    def at(span: Span) -> float | None:
        day = min(span.last, today)
        if span.first > today:
            return None
        there = [each.course[day] for each in numbers.tallies if day in each.course]
        return round(fmean(there), DIGITS) if there else None

    values, previous = [at(each) for each in periods], [at(each) for each in earlier]
    return [
        ChartSeriesView(
            key="strength",
            label="Strength",
            values=values,
            previous=previous,
            total=_latest(values),
            previous_total=_latest(previous),
        )
    ]


def _latest(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _shifted(span: Span, days: int) -> Span:
    return Span(span.first + timedelta(days=days), span.last + timedelta(days=days))


async def draw_heatmap(ctx: Context, query: HeatQuery) -> HeatmapView:
    """Return how much was done on each day: tasks, or habits kept."""
    if query.from_ is None:
        where = await look(ctx, query)
        week = where.clock.week_of(where.span.last)
        first = week - timedelta(weeks=HEAT_WEEKS - 1)
        query = query.model_copy(update={"from_": first, "to": where.span.last})
    where = await look(ctx, query)
    span = where.span
    values = await (done_by_day if query.kind is HeatKind.TASKS else kept_by_day)(ctx, where)
    since = min([day for day, value in values.items() if value], default=None)
    days = year(values, span, Span(since, where.today) if since else None)
    most = max((value for _, value, _ in days if value), default=0)
    total = sum(value for _, value, _ in days if value)
    noun = "task" if query.kind is HeatKind.TASKS else "habit"
    return HeatmapView(
        kind=query.kind,
        title="Tasks done" if query.kind is HeatKind.TASKS else "Habits kept",
        first=span.first,
        last=span.last,
        first_weekday=where.clock.first_weekday,
        most=most,
        total=total,
        days=[HeatDayView(day=day, value=value, level=level) for day, value, level in days],
        sentence=heat_sentence(noun, total, sum(bool(value) for _, value, _ in days), most),
    )


async def done_by_day(ctx: Context, where: Look) -> dict[date, int]:
    """Return how many tasks were done on each day that has any."""
    return {day: each.done for day, each in (await counts_by_day(ctx, where.span)).items()}


async def kept_by_day(ctx: Context, where: Look) -> dict[date, int]:
    """Return how many habits were kept, limits too, on each day that has any."""
    found = await tallies(ctx, where, where.span, None)
    return dict(Counter(day for each in found for day in each.kept_days))


async def deeds_by_day(ctx: Context, where: Look) -> dict[date, int]:
    """Return how many deeds there were on each day: tasks done, and habits that are no limits."""
    found = await tallies(ctx, where, where.span, None)
    deeds = Counter(day for each in found for day in each.done_days)
    return dict(deeds + Counter(await done_by_day(ctx, where)))
