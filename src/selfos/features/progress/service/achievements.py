"""Achievements: read from the numbers, kept so that each is told once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select

from selfos.features.focus import service as focus
from selfos.features.habits import service as habits
from selfos.features.habits.schemas.words import StreakUnit, Verdict
from selfos.features.identity import service as identity
from selfos.features.planning import service as planning
from selfos.features.progress.achieving import Source, Standing, judge, rules
from selfos.features.progress.events import AchievementEarned
from selfos.features.progress.models import Achievement, Rollup
from selfos.features.progress.schemas import AchievementsView, AchievementView, Dimension, TierView
from selfos.features.progress.service.counting import ALL, NOTHING
from selfos.features.progress.service.rollups import catch_up
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Context, act_for
from selfos.kernel.ledger.models import Changeset, EventRecord
from selfos.kernel.permissions import Permission

LATEST = 5
AWAY = timedelta(days=7)
TWO_HABITS = 2
HUNDREDTHS = 100
OWED = (Verdict.DONE, Verdict.PARTIAL, Verdict.MISSED)


async def get_achievement_progress(ctx: Context) -> AchievementsView:
    """Return every achievement of the acting person, with what it has come to as of now."""
    ctx.require(Permission.PROGRESS_READ)
    await catch_up(ctx)
    items = [_shown(each) for each in await _standings(ctx)]
    newest = sorted(
        (each for each in items if _last(each) is not None),
        key=lambda each: _last(each) or date.min,
        reverse=True,
    )
    return AchievementsView(
        earned=sum(tier.earned_on is not None for each in items for tier in each.tiers),
        of=sum(len(each.tiers) for each in items),
        latest=newest[:LATEST],
        items=items,
    )


def _last(item: AchievementView) -> date | None:
    return max((tier.earned_on for tier in item.tiers if tier.earned_on), default=None)


def _shown(standing: Standing) -> AchievementView:
    rule = standing.rule
    following = next((tier for tier in rule.tiers if tier not in standing.earned), None)
    return AchievementView(
        key=rule.key,
        group=rule.group,
        title=rule.title,
        text=rule.text,
        value=standing.value,
        tiers=[
            TierView(threshold=tier, earned_on=standing.earned.get(tier)) for tier in rule.tiers
        ],
        next=following,
        share=1.0 if following is None else round(min(1.0, standing.value / following), 4),
    )


async def follow_achievements(ctx: Context, touched: set[UUID]) -> None:
    """Bring up to date what these people, and whoever caused the event, have achieved.

    From how things stand: a repeated event changes nothing, and undo takes back what it bore.
    """
    caused = await ctx.session.scalar(
        select(Changeset.user_id)
        .join(
            EventRecord,
            (EventRecord.changeset_id == Changeset.id)
            & (EventRecord.workspace_id == Changeset.workspace_id),
        )
        .where(EventRecord.id == ctx.draft.cause)
    )
    for user_id in sorted(touched | ({caused} if caused else set())):
        if await workspaces.is_active_member(ctx, user_id):
            await _keep(await act_for(ctx, user_id))


async def _keep(ctx: Context) -> None:
    kept = {(row.key, row.tier): row for row in await ctx.session.scalars(select(Achievement))}
    stands: set[tuple[str, int]] = set()
    for standing in await _standings(ctx):
        for tier, day in standing.earned.items():
            stands.add((standing.rule.key, tier))
            row = kept.get((standing.rule.key, tier))
            if row is not None:
                row.earned_on = day
                continue
            ctx.session.add(Achievement(key=standing.rule.key, tier=tier, earned_on=day))
            ctx.emit(
                AchievementEarned(user_id=ctx.user_id, key=standing.rule.key, tier=tier, day=day)
            )
    for name, row in kept.items():
        if name not in stands:
            row.earned_on = None
    await ctx.session.flush()


async def _standings(ctx: Context) -> list[Standing]:
    clock = await identity.user_time(ctx)
    today = clock.today(ctx.now)
    counted = await ctx.session.execute(
        select(
            Rollup.day, Rollup.dimension, Rollup.of_id,
            Rollup.done, Rollup.on_time, Rollup.kept, Rollup.minutes,
        ).where(
            Rollup.user_id == ctx.user_id, Rollup.dimension.in_([ALL, Dimension.AREA])
        )
    )  # fmt: skip
    amounts: dict[Source, dict[date, float]] = defaultdict(dict)
    areas: dict[date, frozenset[Any]] = {}
    for day, dimension, of_id, done, on_time, kept, minutes in counted:
        if dimension != ALL:
            if of_id != NOTHING and done:
                areas[day] = areas.get(day, frozenset()) | {of_id}
            continue
        told = {Source.DONE: done, Source.ON_TIME: on_time, Source.KEPT: kept}
        for source, amount in {**told, Source.MINUTES: minutes}.items():
            if amount and day <= today:
                amounts[source][day] = amount
    tallies = await habits.tally_habits(ctx, date.min, today, clock=clock)
    await _add_goals(ctx, amounts, clock)
    done_days = _add_habits(amounts, tallies)
    for each in await focus.recorded_between(ctx, date.min, today):
        before = amounts[Source.RECORDED].get(each.day, 0)
        amounts[Source.RECORDED][each.day] = before + focus.in_minutes(each.seconds)
    amounts[Source.RETURNS] = dict.fromkeys(
        _returns(sorted({*amounts[Source.DONE], *done_days})), 1.0
    )
    return judge(rules(), amounts, areas, clock.first_weekday)


async def _add_goals(
    ctx: Context, amounts: dict[Source, dict[date, float]], clock: identity.UserTime
) -> None:
    reached: Counter[date] = Counter()
    in_time: Counter[date] = Counter()
    for goal in await planning.outcomes(ctx):
        if goal.completed_at is None:
            continue
        day = clock.local_day(goal.completed_at)
        reached[day] += 1
        if goal.target_date is not None and day <= goal.target_date:
            in_time[day] += 1
    amounts[Source.GOALS] = {day: float(number) for day, number in reached.items()}
    amounts[Source.GOALS_ON_TIME] = {day: float(number) for day, number in in_time.items()}


def _add_habits(
    amounts: dict[Source, dict[date, float]], tallies: Sequence[habits.Tally]
) -> set[date]:
    """Add what habits amount to; returns the days on which one was done."""
    days: Counter[date] = Counter()
    owed: Counter[date] = Counter()
    done: set[date] = set()
    for habit in tallies:
        days.update(habit.kept_days)
        done.update(habit.done_days)
        owed.update(day for day, verdict in habit.verdicts.items() if verdict in OWED)
        for day, minutes in habit.minutes.items():
            _raise(amounts[Source.RECORDED], day, amounts[Source.RECORDED].get(day, 0) + minutes)
        for day, strength in habit.course.items():
            _raise(amounts[Source.STRENGTH], day, strength * HUNDREDTHS)
        _add_streak(amounts, habit)
    amounts[Source.HABIT_DAYS] = {day: float(number) for day, number in days.items()}
    amounts[Source.HABITS_EACH] = {
        day: 1.0 for day, number in owed.items() if number >= TWO_HABITS and days[day] == number
    }
    return done


def _add_streak(amounts: dict[Source, dict[date, float]], habit: habits.Tally) -> None:
    source = {
        StreakUnit.DAYS: Source.STREAK_DAYS,
        StreakUnit.WEEKS: Source.STREAK_WEEKS,
    }.get(habit.unit)
    if source is None:
        return
    run = 0
    for stretch in habit.stretches:
        run = run + 1 if stretch.kept else 0
        if run:
            _raise(amounts[source], stretch.last, float(run))


def _raise(amounts: dict[date, float], day: date, value: float) -> None:
    amounts[day] = max(amounts.get(day, 0.0), value)


def _returns(days: Sequence[date]) -> list[date]:
    """Return the days on which somebody came back after a week or more without anything."""
    return [day for before, day in pairwise(days) if day - before > AWAY]
