"""What is known of somebody's days, and what is missing to know more."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.insights import behaviour, wording
from selfos.features.insights.association import next_look_at
from selfos.features.insights.models import Insight, Look
from selfos.features.insights.schemas import (
    InsightsView,
    InsightView,
    LookView,
    SignalsView,
    SignalView,
)
from selfos.features.insights.service.gathering import days_of
from selfos.features.insights.service.lengths import TIMED_DAYS, lengths
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.permissions import Permission

SLIP_DAYS, HOUR_DAYS, LOAD_DAYS = 56, 90, 28


async def show_insights(ctx: Context) -> InsightsView:
    """Return what stood in the acting person's last look, and how they work."""
    ctx.require(Permission.INSIGHT_READ)
    last = await ctx.session.scalar(select(Look).order_by(Look.number.desc()).limit(1))
    days = (await days_of(ctx, with_habits=False)).data_days()
    following = next_look_at(last.number if last else 0)
    return InsightsView(
        look=LookView.model_validate(last) if last else None,
        items=await _items(ctx, last),
        caveat=wording.CAVEAT,
        days=days,
        next_look_at=following,
        status=_status(last, days, following),
        signals=await _signals(ctx),
    )


async def _items(ctx: Context, last: Look | None) -> list[InsightView]:
    if last is None:
        return []
    statement = select(Insight, habits.title_of(Insight)).where(Insight.look_id == last.id)
    found = await ctx.session.execute(statement.order_by(Insight.p, Insight.id))
    return [_shown(row[0], row[1]) for row in found]


def _shown(insight: Insight, title: str | None) -> InsightView:
    name = title or insight.name
    sentence = wording.association_sentence(
        insight.kind,
        name,
        insight.outcome,
        days=(insight.with_days, insight.without_days),
        means=(insight.with_mean, insight.without_mean),
        effect=(insight.effect, insight.low, insight.high),
    )
    values = {
        field: getattr(insight, field)
        for field in InsightView.model_fields
        if field not in ("sentence", "name")
    }
    return InsightView(**values, sentence=sentence, name=name)


def _status(last: Look | None, days: int, following: int | None) -> str:
    if following is None:
        return "All looks are done; what stood in the last one is shown."
    more = max(following - days, 0)
    when = f"after {more} more" if more else "tonight"
    counted = f"{days} days with a mood or a task done so far"
    if last is None:
        return f"{counted}; the first look comes {when}."
    return f"{counted}; the next look comes {when}."


async def _signals(ctx: Context) -> SignalsView:
    clock = await identity.user_time(ctx)
    today = clock.today(ctx.now)
    finished = await planning.finished_since(ctx, today - timedelta(days=HOUR_DAYS))
    first = today - timedelta(days=SLIP_DAYS)
    planned = await planning.planned_between(ctx, first, today - timedelta(days=1))
    put_off = await planning.put_off_since(ctx, ctx.now - timedelta(days=SLIP_DAYS))
    hours = [task.at.astimezone(clock.zone_at(task.at)).hour for task in finished]
    found = (
        behaviour.slips(((each.due, each.done) for each in planned), len(put_off)),
        behaviour.best_hours(hours),
        _load(clock, today, finished, planned, put_off),
    )
    slips, best, load = found
    plans = await _plans(ctx, clock, today)
    stretch = behaviour.stretch(plans)
    timed = await lengths(ctx)
    took = behaviour.estimates(timed)
    return SignalsView(
        slips=_signal(
            wording.slips_sentence(slips) if slips else None,
            f"{len(planned)} of {behaviour.LEAST_DATED} tasks whose date has passed",
        ),
        best_hours=_signal(
            wording.hours_sentence(best) if best else None,
            f"{len(hours)} tasks done in 90 days; needs {behaviour.LEAST_DONE}, and hours that"
            " stand out",
        ),
        load=_signal(
            wording.load_sentence(load) if load else None,
            f"needs {behaviour.LEAST_DAYS} days with a plan among the last {LOAD_DAYS}",
        ),
        estimates=_signal(
            wording.stretch_sentence(stretch) if stretch else None,
            f"{len(plans)} of {behaviour.LEAST_PLANS} goals whose first date has passed",
        ),
        lengths=_signal(
            wording.estimates_sentence(took) if took else None,
            f"{len(timed)} of {behaviour.LEAST_TIMED} tasks with an estimate and a timer, done in"
            f" {TIMED_DAYS} days",
        ),
    )


async def _plans(
    ctx: Context, clock: identity.UserTime, today: date
) -> list[tuple[date, date, date]]:
    """Return when each goal began, was first to be reached, and was, or that it goes on today."""
    return [
        (
            clock.local_day(each.created_at),
            each.meant,
            clock.local_day(each.completed_at) if each.completed_at else today,
        )
        for each in await planning.ventures(ctx, today)
    ]


def _signal(sentence: str | None, needs: str) -> SignalView:
    return SignalView(sentence=sentence, needs=needs)


def _load(
    clock: identity.UserTime,
    today: date,
    finished: list[planning.Finished],
    planned: list[planning.Planned],
    put_off: list[planning.PutOff],
) -> behaviour.Load | None:
    """Count what was planned for each day, also what was put off on the day itself or later."""
    plans: dict[date, set[UUID]] = defaultdict(set)
    done: dict[date, set[UUID]] = defaultdict(set)
    for each in planned:
        plans[each.due].add(each.id)
    for moved in put_off:
        if clock.local_day(moved.at) >= moved.due:
            plans[moved.due].add(moved.task_id)
    for task in finished:
        done[task.day].add(task.id)
    return behaviour.load(behaviour.days_before(today, LOAD_DAYS), plans, done)
