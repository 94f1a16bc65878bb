"""All of somebody's numbers at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.planning.schemas.words import GoalStatus
from selfos.features.progress.balance import Weighed, balance
from selfos.features.progress.counts import Counts, share
from selfos.features.progress.schemas import (
    BalanceView,
    CountsView,
    Dimension,
    FocusView,
    GoalsView,
    HabitCountsView,
    HabitKeptView,
    PeriodView,
    StatsQuery,
    StatsView,
    ThingView,
    WeekAheadView,
)
from selfos.features.progress.service.counting import (
    Look,
    counts_by_day,
    counts_by_thing,
    first_day,
    look,
    tallies,
    within,
)
from selfos.features.progress.service.timing import (
    each_task,
    estimates,
    minutes_by_thing,
    seconds_by_day,
    timed,
    together,
)
from selfos.features.progress.spans import DAY, DAYS_PER_WEEK, Span, cut
from selfos.features.progress.success import Aim, success
from selfos.kernel.context import Context

THINGS_SHOWN = 50
WEEKS_AHEAD = 4
MINUTES_PER_HOUR = 60
NO_AREA = "No area"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted day by day, and the habits of the same days."""

    counts: Mapping[date, Counts]
    tallies: Sequence[habits.Tally]
    seconds: Mapping[date, int]

    def period(self, span: Span) -> PeriodView:
        """Return what these days amount to."""
        counts = within(self.counts, span)
        minutes = [
            amount
            for each in self.tallies
            for day, amount in each.minutes.items()
            if span.covers(day)
        ]
        seconds = [each for day, each in self.seconds.items() if span.covers(day)]
        return PeriodView(
            first=span.first,
            last=span.last,
            tasks=shown(counts),
            focus=FocusView(
                recorded_minutes=together(seconds, minutes),
                estimated_minutes=counts.minutes if counts.sized else None,
                without_estimate=counts.done - counts.sized,
            ),
            habits=self._habits(span),
        )

    def _habits(self, span: Span) -> HabitCountsView:
        kept = owed = 0
        for each in self.tallies:
            for stretch in each.stretches:
                if span.covers(stretch.last):
                    owed += 1
                    kept += stretch.kept
        done = sum(span.covers(day) for each in self.tallies for day in each.done_days)
        return HabitCountsView(owed=owed, kept=kept, kept_share=share(kept, owed), done_days=done)


def shown(counts: Counts) -> CountsView:
    """Return counts with the shares they imply."""
    return CountsView.model_validate(counts)


async def calculate_user_stats(ctx: Context, query: StatsQuery) -> StatsView:
    """Return the acting person's numbers for a span of days, exact as of now.

    The number of queries does not grow with the days or with what was done on them.
    """
    where = await look(ctx, query)
    span, before = where.span, where.span.before()
    wide = Span(before.first, span.last)
    only = query.only
    kept, time = await tallies(ctx, where, wide, only), await timed(ctx, wide)
    numbers = Numbers(await counts_by_day(ctx, wide, only), kept, seconds_by_day(time, only))
    now = numbers.period(span)
    things = {kind: await counts_by_thing(ctx, span, kind) for kind in Dimension}
    minutes = {kind: minutes_by_thing(time, kept, span, kind) for kind in Dimension}
    named = await planning.called(
        ctx,
        {of_id for each in (*things.values(), *minutes.values()) for of_id in each if of_id},
    )
    return StatsView(
        first=span.first,
        last=span.last,
        by=query.by,
        since=await first_day(ctx),
        tasks=now.tasks,
        focus=now.focus,
        habits=now.habits,
        previous=numbers.period(before),
        periods=[numbers.period(each) for each in cut(span, query.by, where.clock.first_weekday)],
        areas=_things(things[Dimension.AREA], minutes[Dimension.AREA], named),
        goals=_things(things[Dimension.GOAL], minutes[Dimension.GOAL], named),
        labels=_things(things[Dimension.LABEL], minutes[Dimension.LABEL], named),
        each_task=await each_task(ctx, time, span),
        estimates=await estimates(ctx, span),
        each_habit=each_habit(numbers.tallies, span),
        balance=await weigh(ctx, things[Dimension.AREA], numbers.tallies, span),
        goal_success=await goal_success(ctx, where),
        load=await load_ahead(ctx),
    )


def _things(
    found: Mapping[UUID | None, Counts],
    minutes: Mapping[UUID | None, float],
    named: Mapping[UUID, planning.Called],
) -> list[ThingView]:
    """Return the numbers of each thing that still exists, the most done first."""
    known = [
        ThingView(
            id=of_id,
            name=named[of_id].name if of_id else NO_AREA,
            color=named[of_id].color if of_id else None,
            tasks=shown(found.get(of_id, Counts())),
            recorded_minutes=minutes.get(of_id),
        )
        for of_id in {**found, **minutes}
        if of_id is None or of_id in named
    ]
    known.sort(
        key=lambda each: (
            -each.tasks.done, -each.tasks.planned, -(each.recorded_minutes or 0), each.name
        )
    )  # fmt: skip
    return known[:THINGS_SHOWN]


def each_habit(found: Sequence[habits.Tally], span: Span) -> list[HabitKeptView]:
    """Return how each habit is kept, the strongest first; strength and streak are today's."""
    views: list[HabitKeptView] = []
    for each in found:
        ended = [stretch.kept for stretch in each.stretches if span.covers(stretch.last)]
        if each.archived and not ended:
            continue
        views.append(
            HabitKeptView(
                habit_id=each.habit_id,
                title=each.title,
                archived=each.archived,
                strength=each.strength,
                streak=each.streak,
                best=each.best,
                unit=each.unit,
                owed=len(ended),
                kept=sum(ended),
                kept_share=share(sum(ended), len(ended)),
            )
        )
    return sorted(views, key=lambda view: (view.archived, -view.strength, view.title))


async def weigh(
    ctx: Context,
    counts: Mapping[UUID | None, Counts],
    found: Sequence[habits.Tally],
    span: Span,
) -> list[BalanceView]:
    """Return how deeds are spread over the areas in use, against their weights."""
    deeds: Counter[UUID] = Counter()
    for area_id, each in counts.items():
        if area_id is not None:
            deeds[area_id] += each.done
    for habit in found:
        if habit.area_id is not None:
            deeds[habit.area_id] += sum(span.covers(day) for day in habit.done_days)
    areas = [
        Weighed(each.id, each.name, each.color, each.weight)
        for each in await planning.areas_in_use(ctx)
    ]
    return [
        BalanceView(
            area_id=each.area.id,
            name=each.area.name,
            color=each.area.color,
            weight=each.area.weight,
            deeds=each.deeds,
            meant=each.meant,
            had=each.had,
            difference=each.difference,
        )
        for each in balance(areas, deeds)
    ]


async def goal_success(ctx: Context, where: Look) -> GoalsView:
    """Return how the workspace's goals fared in these days."""
    clock = where.clock
    aims = [
        Aim(
            each.id,
            clock.local_day(each.created_at),
            clock.local_day(each.completed_at) if each.completed_at else None,
            clock.local_day(each.dropped_at) if each.dropped_at else None,
            each.target_date,
            active=each.status is GoalStatus.ACTIVE and each.archived_at is None,
        )
        for each in await planning.outcomes(ctx)
    ]
    seasons = await planning.seasons_ended(ctx, where.span.first, where.span.last)
    ended = [(each.goal_id, each.progress) for each in seasons]
    return GoalsView.model_validate(success(aims, ended, where.span, where.today))


async def load_ahead(ctx: Context) -> list[WeekAheadView]:
    """Return how full this week and the ones after it are; this one from today on."""
    day = await planning.day_of(ctx, None)
    weeks = [day.week_first + timedelta(weeks=number) for number in range(WEEKS_AHEAD)]
    last = weeks[-1] + timedelta(days=DAYS_PER_WEEK - 1)
    due = await planning.due_between(ctx, day, last)
    repeating = await planning.upcoming_minutes(ctx, day, last)
    hours = await identity.free_hours(ctx)
    views: list[WeekAheadView] = []
    for first in weeks:
        week = Span(first, first + timedelta(days=DAYS_PER_WEEK) - DAY)
        inside = [each for each in due if week.covers(each.day)]
        minutes = sum(each.minutes for each in inside)
        minutes += sum(amount for on, amount in repeating.items() if week.covers(on))
        views.append(
            WeekAheadView(
                first=week.first,
                last=week.last,
                tasks=sum(each.tasks for each in inside),
                minutes=float(minutes),
                unsized=sum(each.unsized for each in inside),
                available_minutes=hours * MINUTES_PER_HOUR,
                share=share(minutes, hours * MINUTES_PER_HOUR),
            )
        )
    return views
