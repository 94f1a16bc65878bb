"""How goals fare: what was reached, what was let go, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from uuid import UUID

from selfos.features.progress.counts import share
from selfos.features.progress.spans import Span

# A season that came this far was brought to its end.
WHOLE = 1.0


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal as far as its success goes, in its person's days."""

    id: UUID
    set_on: date
    reached_on: date | None
    dropped_on: date | None
    target: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class Success:
    """How goals fared in a span; see `GoalsView` for what each number means."""

    active: int
    overdue: int
    reached: int
    reached_on_time: int
    let_go: int
    success_share: float | None
    median_days: float | None


def success(
    aims: Sequence[Aim], seasons: Sequence[tuple[UUID, float | None]], span: Span, today: date
) -> Success:
    """Judge goals, with the seasons that ended in the span and how far each had come."""
    reached = [aim for aim in aims if aim.reached_on and span.covers(aim.reached_on)]
    short = [goal_id for goal_id, progress in seasons if (progress or 0.0) < WHOLE]
    dropped = {aim.id for aim in aims if aim.dropped_on and span.covers(aim.dropped_on)}
    let_go = len((dropped | set(short)) - {aim.id for aim in reached})
    overdue = sum(aim.active and aim.target is not None and aim.target < today for aim in aims)
    took = [(aim.reached_on - aim.set_on).days for aim in reached if aim.reached_on]
    return Success(
        active=sum(aim.active for aim in aims),
        overdue=overdue,
        reached=len(reached),
        reached_on_time=sum(
            aim.target is not None and aim.reached_on is not None and aim.reached_on <= aim.target
            for aim in reached
        ),
        let_go=let_go,
        success_share=share(len(reached), len(reached) + let_go + overdue),
        median_days=float(median(took)) if took else None,
    )
