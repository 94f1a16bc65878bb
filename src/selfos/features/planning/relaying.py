"""Laying a path anew: easing or steepening it after a horizon, or resting and starting again.

The days up to the horizon stay as they were promised. Only who has lost the path may rest: then
it begins again from where one stands.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from selfos.features.planning.paths import Knot, Path
from selfos.features.planning.schemas.words import PathChangeKind
from selfos.kernel.errors import invalid

LONGEST_HORIZON = 7


def relaid(path: Path, turn: date, goal: Knot) -> Path:
    """Return the path that goes on as it was until `turn` and then straight to `goal`.

    Raises Invalid if it would end before it turns, lead back, or lead where it leads already.
    """
    if goal == path.last:
        raise invalid("/target_value", "The path leads there already; aim elsewhere.")
    if goal.day <= turn:
        raise invalid(
            "/target_date", f"The days until {turn} stay as they are; end on a later day."
        )
    bend = Knot(turn, path.value_on(turn))
    if path.sign * (goal.value - bend.value) < 0:
        raise invalid(
            "/target_value",
            f"By {turn} the path has gone further than that already; it does not lead back.",
        )
    kept = [knot for knot in path.knots if knot.day < turn]
    return Path((*kept, bend, goal), path.step)


def direction(before: Path, after: Path) -> PathChangeKind:
    """Tell whether a path asks for less than before on the first day that one of them ends."""
    day = min(before.last.day, after.last.day)
    less = before.sign * (after.value_on(day) - before.value_on(day)) < 0
    return PathChangeKind.EASE if less else PathChangeKind.STEEPEN


def rested(path: Path, value: Fraction, today: date, *, rest_days: int, keep_date: bool) -> Path:
    """Return the path that begins anew at today's value, flat while one rests.

    It leads to the same target: on the same day, steeper, or at the same pace, later.
    """
    resume = today + timedelta(days=rest_days)
    end = path.last.day if keep_date else resume + _same_pace(path, value)
    if end <= resume:
        raise invalid("/rest_days", "There is no day left after that rest; keep the pace instead.")
    flat = (Knot(resume, value),) if rest_days else ()
    return Path((Knot(today, value), *flat, Knot(end, path.last.value)), path.step)


def _same_pace(path: Path, value: Fraction) -> timedelta:
    days = (path.last.day - path.first.day).days
    pace = abs(path.last.value - path.first.value) / days
    return timedelta(days=ceil(abs(path.last.value - value) / pace))
