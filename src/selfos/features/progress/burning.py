"""What a goal's tasks have come to, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

# When a task was written down, the day it was done if it was, and how much it weighs.
Piece = tuple[date, date | None, float]


def burn_up(pieces: Sequence[Piece], today: date) -> list[tuple[date, float, float]]:
    """Return all there was and what of it was done, at the end of each day that changed either.

    What was done for a day before it was written down counts from that day on, in both.
    """
    steps: dict[date, tuple[float, float]] = {}

    def add(day: date, scope: float, done: float) -> None:
        before = steps.get(day, (0.0, 0.0))
        steps[day] = before[0] + scope, before[1] + done

    for written, done_on, weight in pieces:
        add(min(written, done_on or written), weight, 0.0)
        if done_on is not None:
            add(done_on, 0.0, weight)
    if steps:
        add(max(today, *steps), 0.0, 0.0)
    points: list[tuple[date, float, float]] = []
    scope = done = 0.0
    for day in sorted(steps):
        scope, done = scope + steps[day][0], done + steps[day][1]
        points.append((day, round(scope, 4), round(done, 4)))
    return points
