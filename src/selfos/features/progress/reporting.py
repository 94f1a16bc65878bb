"""A report in sentences, each with the numbers it rests on. Pure: numbers in, words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from selfos.features.progress.schemas import ReportKind, StatsView, WeekAheadView
from selfos.features.progress.wording import counted

NEARLY_FULL = 0.9
MUCH_LATE = 0.5
FAR_OFF = 0.15
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Cited:
    """A number of the statistics, by where it stands in them."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and every number it rests on."""

    text: str
    facts: tuple[Cited, ...] = field(default_factory=tuple[Cited, ...])


def report_sentences(stats: StatsView, kind: ReportKind) -> list[Said]:
    """Say what the time was like; of what there is nothing to say, nothing is said."""
    found = [
        _done(stats, kind), _plans(stats), _put_off(stats), _habits(stats), _time(stats),
        _areas(stats), _goals(stats),
    ]  # fmt: skip
    return [each for each in found if each is not None]


def _done(stats: StatsView, kind: ReportKind) -> Said:
    now, before = stats.tasks.done, stats.previous.tasks.done
    facts = (Cited("tasks.done", now), Cited("previous.tasks.done", before))
    if not now:
        return Said(f"No task was completed this {kind}.", facts[:1])
    text = f"You completed {counted(now, 'task')}"
    if not before:
        return Said(f"{text}.", facts[:1])
    return Said(f"{text}; the {kind} before it was {before}.", facts)


def _plans(stats: StatsView) -> Said | None:
    kept, planned = stats.tasks.kept, stats.tasks.planned
    if not planned:
        return None
    facts = (Cited("tasks.kept", kept), Cited("tasks.planned", planned))
    return Said(
        f"Of {counted(planned, 'task')} planned for these days, {kept} were done in time.", facts
    )


def _put_off(stats: StatsView) -> Said | None:
    slipped = stats.tasks.slipped
    if not slipped:
        return None
    verb = "was" if slipped == 1 else "were"
    return Said(
        f"{counted(slipped, 'task')} {verb} moved to a later day.",
        (Cited("tasks.slipped", slipped),),
    )


def _habits(stats: StatsView) -> Said | None:
    kept, owed = stats.habits.kept, stats.habits.owed
    if not owed:
        return None
    facts = (Cited("habits.kept", kept), Cited("habits.owed", owed))
    return Said(f"Habits were kept {kept} of {counted(owed, 'time')}.", facts)


def _time(stats: StatsView) -> Said | None:
    minutes = stats.focus.recorded_minutes
    if not minutes:
        return None
    return Said(
        f"You recorded {counted(round(minutes), 'minute')} with habits kept in time.",
        (Cited("focus.recorded_minutes", round(minutes)),),
    )


def _areas(stats: StatsView) -> Said | None:
    known = [each for each in stats.areas if each.id is not None and each.tasks.done]
    if not known:
        return None
    first = known[0]
    return Said(
        f"Most of it lay in {first.name}: {counted(first.tasks.done, 'task')}.",
        (Cited(f"areas.{first.id}.done", first.tasks.done),),
    )


def _goals(stats: StatsView) -> Said | None:
    reached = stats.goal_success.reached
    if not reached:
        return None
    return Said(f"{counted(reached, 'goal')} reached.", (Cited("goal_success.reached", reached),))


def suggestion(stats: StatsView) -> Said:
    """Return the one thing worth trying next, with the number that speaks for it."""
    ahead = _next(stats.load)
    if ahead is not None and (ahead.share or 0.0) > NEARLY_FULL:
        hours = round(ahead.minutes / MINUTES_PER_HOUR)
        free = round(ahead.available_minutes / MINUTES_PER_HOUR)
        return Said(
            f"Next week holds {counted(hours, 'hour')} of tasks and you have {free}: move one of"
            " them to a later week now.",
            (Cited("load.hours", hours), Cited("load.available_hours", free)),
        )
    if stats.tasks.planned and (stats.tasks.kept_share or 0.0) < MUCH_LATE:
        planned, kept = stats.tasks.planned, stats.tasks.kept
        return Said(
            f"{kept} of {planned} plans held: plan fewer things next week, and leave room.",
            (Cited("tasks.kept", kept), Cited("tasks.planned", planned)),
        )
    behind = min(stats.balance, key=lambda each: each.difference or 0.0, default=None)
    if behind is not None and (behind.difference or 0.0) < -FAR_OFF:
        return Said(
            f"{behind.name} had {counted(behind.deeds, 'deed')}, less than it is meant to have:"
            " give it one small task next week.",
            (Cited(f"balance.{behind.area_id}.deeds", behind.deeds),),
        )
    if ahead is not None and ahead.unsized:
        return Said(
            f"{counted(ahead.unsized, 'task')} of next week without a length: guess, and you see"
            " what fits.",
            (Cited("load.unsized", ahead.unsized),),
        )
    return Said("Go on as you do.")


def _next(load: Sequence[WeekAheadView]) -> WeekAheadView | None:
    """Return the first week that has not begun."""
    return load[1] if len(load) > 1 else None
