"""Numbers as CSV. A cell that a sheet would take for a formula is written as the text it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from selfos.features.progress.schemas import (
    AnalyticsView,
    BurnUpView,
    ChartView,
    CountsView,
    FocusView,
    HabitCountsView,
    HeatmapView,
    StatsView,
)

# What makes a sheet evaluate a cell, and what it strips before it looks.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Row = Sequence[Any]


def as_csv(header: Row, rows: Iterable[Row]) -> str:
    """Return a table; numbers stay numbers, gaps stay empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_cell(value) for value in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value


def stats_table(stats: StatsView) -> str:
    """Return one row for each period."""
    groups = {"tasks": CountsView, "focus": FocusView, "habits": HabitCountsView}
    names = [(group, name) for group, view in groups.items() for name in view.model_fields]
    header = ["first", "last", *(f"{group}_{name}" for group, name in names)]
    rows = [
        [each.first, each.last, *(getattr(getattr(each, group), name) for group, name in names)]
        for each in stats.periods
    ]
    return as_csv(header, rows)


def chart_table(chart: ChartView) -> str:
    """Return one row for each period, and for each series its value and the one before."""
    header: list[Any] = ["first", "last"]
    for series in chart.series:
        header += [series.label, f"{series.label}, before"]
    rows = [
        [
            point.first,
            point.last,
            *(
                value
                for series in chart.series
                for value in (series.values[place], series.previous[place])
            ),
        ]
        for place, point in enumerate(chart.points)
    ]
    return as_csv(header, rows)


def analytics_table(drawn: AnalyticsView) -> str:
    """Return one row for each period; what is not told stays empty."""
    series = [(group.label, each) for group in drawn.groups for each in group.series]
    header = ["first", "last", *(f"{each.label}, {who.lower()}" for who, each in series)]
    rows = [
        [point.first, point.last, *(each.values[place] for _, each in series)]
        for place, point in enumerate(drawn.points)
    ]
    return as_csv(header, rows)


def heat_table(heat: HeatmapView) -> str:
    """Return one row for each day."""
    return as_csv(["day", heat.kind], ([each.day, each.value] for each in heat.days))


def burn_up_table(burn_up: BurnUpView) -> str:
    """Return one row for each day on which something changed, then the knots of the path."""
    rows = [[each.day, each.scope, each.done, None] for each in burn_up.points]
    rows += [[each.day, None, None, each.value] for each in burn_up.path]
    return as_csv(["day", "scope", "done", "path"], rows)
