"""How dark a day is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from selfos.features.progress.spans import Span

DARKEST = 4


def level(value: int, most: int) -> int:
    """Return 0 for nothing, and 1 to 4 for the quarter of the most that a value lies in."""
    return math.ceil(DARKEST * value / most) if value and most else 0


def year(
    values: Mapping[date, int], span: Span, known: Span | None
) -> list[tuple[date, int | None, int]]:
    """Return each day with its value and level; outside of what is known there is no value."""
    most = max((values.get(day, 0) for day in span.each()), default=0)
    days: list[tuple[date, int | None, int]] = []
    for day in span.each():
        if known is None or not known.covers(day):
            days.append((day, None, 0))
        else:
            value = values.get(day, 0)
            days.append((day, value, level(value, most)))
    return days
