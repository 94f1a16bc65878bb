"""Time that was recorded with sessions: by day, by thing and by task, and against estimates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from selfos.features.focus import service as focus
from selfos.features.habits import service as habits
from selfos.features.planning import service as planning
from selfos.features.progress.counts import share
from selfos.features.progress.schemas import Dimension, EstimatesView, TaskTimeView
from selfos.features.progress.spans import Span
from selfos.kernel.context import Context

DIGITS = 2
TASKS_SHOWN = 20
Only = tuple[Dimension, UUID] | None


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of one day, and the task they were given to unless it is none or in the trash."""

    day: date
    seconds: int
    task_id: UUID | None
    task: planning.Filed | None

    def things(self, dimension: Dimension) -> Iterable[UUID | None]:
        """Return what these seconds count for; None is what lies in no area."""
        if self.task is None:
            return (None,) if dimension is Dimension.AREA else ()
        match dimension:
            case Dimension.AREA:
                return (self.task.area_id,)
            case Dimension.GOAL:
                return (self.task.goal_id,) if self.task.goal_id else ()
            case Dimension.LABEL:
                return self.task.label_ids


async def timed(ctx: Context, span: Span) -> list[Timed]:
    """Return what the acting person recorded on these days, without their habits: two queries."""
    found = await focus.recorded_between(ctx, span.first, span.last)
    filed = await planning.tasks_filed(ctx, {each.task_id for each in found if each.task_id})
    return [
        Timed(
            each.day,
            each.seconds,
            each.task_id,
            filed.get(each.task_id) if each.task_id is not None else None,
        )
        for each in found
    ]


def seconds_by_day(found: Iterable[Timed], only: Only = None) -> Mapping[date, int]:
    """Return the seconds of each day that has any, of all or of one thing."""
    counted: Counter[date] = Counter()
    for each in found:
        if only is None or only[1] in each.things(only[0]):
            counted[each.day] += each.seconds
    return counted


def minutes_by_thing(
    found: Iterable[Timed], tallies: Sequence[habits.Tally], span: Span, dimension: Dimension
) -> dict[UUID | None, float]:
    """Return the minutes recorded for each area, goal or label, with tasks and with habits."""
    counted: Counter[UUID | None] = Counter()
    for each in found:
        if span.covers(each.day):
            for of_id in each.things(dimension):
                counted[of_id] += each.seconds
    minutes = {of_id: focus.in_minutes(seconds) for of_id, seconds in counted.items()}
    for habit in tallies:
        of_id = None if dimension is Dimension.LABEL else getattr(habit, f"{dimension}_id")
        amounts = [amount for day, amount in habit.minutes.items() if span.covers(day)]
        if amounts and (of_id is not None or dimension is Dimension.AREA):
            minutes[of_id] = minutes.get(of_id, 0.0) + sum(amounts)
    return {of_id: round(each, DIGITS) for of_id, each in minutes.items()}


def together(seconds: Iterable[int], minutes: Iterable[float]) -> float | None:
    """Return seconds and minutes in minutes; None where nothing was recorded."""
    timed, kept = list(seconds), list(minutes)
    return round(focus.in_minutes(sum(timed)) + sum(kept), DIGITS) if timed or kept else None


async def each_task(ctx: Context, found: Iterable[Timed], span: Span) -> list[TaskTimeView]:
    """Return the tasks that got most of these days, each with all it ever got."""
    inside: Counter[UUID] = Counter()
    known: dict[UUID, planning.Filed] = {}
    for each in found:
        if each.task_id is not None and each.task is not None and span.covers(each.day):
            inside[each.task_id] += each.seconds
            known[each.task_id] = each.task
    most = inside.most_common(TASKS_SHOWN)
    ever = await focus.seconds_by_task(ctx, [task_id for task_id, _ in most])
    return [
        TaskTimeView(
            task_id=task_id,
            title=known[task_id].title,
            done_on=known[task_id].done_on,
            recorded_minutes=focus.in_minutes(seconds),
            total_minutes=focus.in_minutes(ever[task_id]),
            estimated_minutes=known[task_id].minutes,
        )
        for task_id, seconds in most
    ]


async def estimates(ctx: Context, span: Span) -> EstimatesView:
    """Return what the tasks done on these days were meant to take against what they took."""
    sized = planning.sized_and_done(ctx, span.first, span.last).subquery()
    taken = await focus.taken(ctx, span.first, span.last)
    meant = sum(each.minutes for each in taken)
    real = focus.in_minutes(sum(each.seconds for each in taken))
    return EstimatesView(
        tasks=len(taken),
        of=await ctx.session.scalar(select(func.count()).select_from(sized)) or 0,
        estimated_minutes=meant if taken else None,
        recorded_minutes=real if taken else None,
        times=share(real, meant),
    )
