"""What a report says, by the numbers of each sentence; the words are in the catalogues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from selfos.features.progress.schemas import StatsView, WeekAheadView

NEARLY_FULL = 0.9
MUCH_LATE = 0.5
FAR_OFF = 0.15
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Cited:
    """A number of the statistics, by where it stands in them."""

    name: str
    value: float


# A sentence, by its numbers: the first of them says which sentence it is.
Facts = tuple[Cited, ...]


def report_sentences(stats: StatsView) -> list[Facts]:
    """Return what there is to say of a time; of what there is nothing to say, nothing is said."""
    found = [
        _done(stats), _plans(stats), _put_off(stats), _habits(stats), _time(stats), _areas(stats),
        _goals(stats),
    ]  # fmt: skip
    return [each for each in found if each is not None]


def _done(stats: StatsView) -> Facts:
    now, before = stats.tasks.done, stats.previous.tasks.done
    facts = (Cited("tasks.done", now), Cited("previous.tasks.done", before))
    return facts if now and before else facts[:1]


def _plans(stats: StatsView) -> Facts | None:
    kept, planned = stats.tasks.kept, stats.tasks.planned
    return (Cited("tasks.kept", kept), Cited("tasks.planned", planned)) if planned else None


def _put_off(stats: StatsView) -> Facts | None:
    slipped = stats.tasks.slipped
    return (Cited("tasks.slipped", slipped),) if slipped else None


def _habits(stats: StatsView) -> Facts | None:
    kept, owed = stats.habits.kept, stats.habits.owed
    return (Cited("habits.kept", kept), Cited("habits.owed", owed)) if owed else None


def _time(stats: StatsView) -> Facts | None:
    minutes = round(stats.focus.recorded_minutes or 0)
    return (Cited("focus.recorded_minutes", minutes),) if minutes else None


def _areas(stats: StatsView) -> Facts | None:
    known = [each for each in stats.areas if each.id is not None and each.tasks.done]
    if not known:
        return None
    return (Cited(f"areas.{known[0].id}.done", known[0].tasks.done),)


def _goals(stats: StatsView) -> Facts | None:
    reached = stats.goal_success.reached
    return (Cited("goal_success.reached", reached),) if reached else None


def suggestion(stats: StatsView) -> Facts:
    """Return the one thing worth trying next, by the numbers that speak for it; none: go on."""
    ahead = _next(stats.load)
    if ahead is not None and (ahead.share or 0.0) > NEARLY_FULL:
        hours = round(ahead.minutes / MINUTES_PER_HOUR)
        free = round(ahead.available_minutes / MINUTES_PER_HOUR)
        return (Cited("load.hours", hours), Cited("load.available_hours", free))
    if stats.tasks.planned and (stats.tasks.kept_share or 0.0) < MUCH_LATE:
        planned, kept = stats.tasks.planned, stats.tasks.kept
        return (Cited("tasks.kept", kept), Cited("tasks.planned", planned))
    behind = min(stats.balance, key=lambda each: each.difference or 0.0, default=None)
    if behind is not None and (behind.difference or 0.0) < -FAR_OFF:
        return (Cited(f"balance.{behind.area_id}.deeds", behind.deeds),)
    if ahead is not None and ahead.unsized:
        return (Cited("load.unsized", ahead.unsized),)
    return ()


def _next(load: Sequence[WeekAheadView]) -> WeekAheadView | None:
    """Return the first week that has not begun."""
    return load[1] if len(load) > 1 else None
