"""What a goal's tasks have come to, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

# A day, and what is meant to be done by its end.
Knot = tuple[date, float]
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


def straight(first: date, last: date | None, target: float) -> list[Knot]:
    """Return the even path from nothing to all of it; none without a date, or one that is past."""
    return [(first, 0.0), (last, target)] if last is not None and first < last else []


def due_by(knots: Sequence[Knot], day: date) -> float | None:
    """Return what a path asks for by the end of a day: straight between knots, flat outside."""
    if not knots:
        return None
    before, after = knots[0], knots[-1]
    for knot in knots:
        if knot[0] <= day:
            before = knot
        else:
            after = knot
            break
    if day <= before[0] or before is after:
        return before[1]
    share = min(1.0, (day - before[0]).days / (after[0] - before[0]).days)
    return before[1] + (after[1] - before[1]) * share
