"""Reading what is needed to reckon habits: a fixed number of queries, however many habits."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from selfos.features.habits.documents import HABITS
from selfos.features.habits.models import CheckIn, Habit, HabitPause
from selfos.features.habits.reckoning import Calendar, Mark, Obligation, Reckoning, reckon
from selfos.features.habits.schemas.words import CheckInKind, HabitType, Period
from selfos.features.habits.service.rules import due_days
from selfos.features.habits.service.travel import unlived_days
from selfos.features.identity import service as identity
from selfos.kernel.context import Context
from selfos.kernel.documents import Json

Records = list[dict[str, Any]]
Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A habit as shown, what its records amount to, and the records of the day itself."""

    body: Json
    shown: Mapping[str, Any]
    reckoning: Reckoning
    records: Records

    @property
    def id(self) -> UUID:
        """Return which habit it is."""
        return UUID(self.shown["id"])


@dataclass(frozen=True, slots=True)
class Marks:
    """What the check-ins of some habits amount to, day by day, and those of the days asked for."""

    by_day: Mapping[UUID, Mapping[date, Mark]]
    records: Mapping[tuple[UUID, date], Records]


@dataclass(frozen=True, slots=True)
class Stored:
    """A habit as shown, and the days on which it, or everything its person does, is paused."""

    body: Json
    shown: Mapping[str, Any]
    pauses: Sequence[Span]

    @property
    def id(self) -> UUID:
        """Return which habit it is."""
        return UUID(self.shown["id"])

    @property
    def owner(self) -> UUID:
        """Return whose it is."""
        return UUID(self.shown["user_id"])


async def gather(
    ctx: Context,
    *conditions: ColumnElement[bool],
    owner: UUID,
    day: date | None = None,
    clock: identity.UserTime | None = None,
) -> tuple[date, list[Gathered]]:
    """Return the day and the habits of one person, reckoned as of it, by default their today.

    Who has read the owner's clock already hands it over.
    """
    clock = clock or await identity.user_time(ctx, owner)
    today = day or clock.today(ctx.now)
    habits = await _stored(ctx, *conditions)
    return today, await _judged(ctx, habits, {owner: (clock, today)}, ends_there=day is not None)


async def gather_all(ctx: Context, *conditions: ColumnElement[bool]) -> list[Gathered]:
    """Return habits of whomever, each reckoned as of its person's own today."""
    habits = await _stored(ctx, *conditions)
    if not habits:
        return []
    owners = {habit.owner for habit in habits}
    clocks = await identity.user_times(ctx, owners)
    todays = {owner: (clock, clock.today(ctx.now)) for owner, clock in clocks.items()}
    return await _judged(ctx, habits, todays)


async def _judged(
    ctx: Context,
    habits: Sequence[Stored],
    todays: Mapping[UUID, tuple[identity.UserTime, date]],
    *,
    ends_there: bool = False,
) -> list[Gathered]:
    """Reckon each habit as its person counts time; with `ends_there` by what was before."""
    if not habits:
        return []
    days = {day for _, day in todays.values()}
    marks = await _marks(ctx, [habit.id for habit in habits], days, ends_there=ends_there)
    gathered: list[Gathered] = []
    for habit in habits:
        clock, today = todays[habit.owner]
        reckoning = _reckoned(habit, marks.by_day.get(habit.id, {}), clock, today, ctx.now)
        records = marks.records.get((habit.id, today), [])
        gathered.append(Gathered(habit.body, habit.shown, reckoning, records))
    return gathered


def _reckoned(
    habit: Stored, days: Mapping[date, Mark], clock: identity.UserTime, today: date, now: datetime
) -> Reckoning:
    shown = habit.shown
    calendar = Calendar(
        start=min([date.fromisoformat(shown["start_day"]), *days]),
        today=today,
        final_before=min(today, clock.local_day(now - _grace(shown))),
        first_weekday=clock.first_weekday,
        pauses=habit.pauses,
        unlived=unlived_days(clock),
    )
    return reckon(_obligation(shown, calendar), days, calendar)


def _grace(shown: Mapping[str, Any]) -> timedelta:
    return timedelta(hours=shown["grace_hours"])


def _obligation(shown: Mapping[str, Any], calendar: Calendar) -> Obligation:
    rule = shown["schedule"].get("rule")
    start = date.fromisoformat(shown["start_day"])
    return Obligation(
        type=HabitType(shown["type"]),
        target=shown["target"],
        period=Period(shown["period"]),
        times=shown["schedule"].get("times", 1),
        rolling_days=shown["rolling_days"] or 0,
        due=due_days(rule, start, calendar.today) if rule is not None else None,
        forgiven=shown["skip_budget"] if shown["auto_skip"] else 0,
    )


async def _marks(
    ctx: Context, habit_ids: Collection[UUID], days: Collection[date], *, ends_there: bool
) -> Marks:
    """Read all records of these habits, one row for a habit's day; with `ends_there` up to it."""
    log = CheckIn.kind == CheckInKind.LOG
    record = func.json_build_object(
        "id", CheckIn.id, "kind", CheckIn.kind, "amount", CheckIn.amount, "note", CheckIn.note
    )
    query = (
        select(
            CheckIn.habit_id,
            CheckIn.day,
            func.coalesce(func.sum(CheckIn.amount).filter(log), 0.0),
            func.bool_or(log & (CheckIn.amount == 0)),
            func.bool_or(CheckIn.kind == CheckInKind.SKIP),
            func.json_agg(aggregate_order_by(record, CheckIn.id)).filter(CheckIn.day.in_(days)),
        )
        .where(CheckIn.habit_id.in_(habit_ids))
        .group_by(CheckIn.habit_id, CheckIn.day)
    )
    if ends_there:
        query = query.where(CheckIn.day <= max(days))
    by_day: dict[UUID, dict[date, Mark]] = defaultdict(dict)
    records: dict[tuple[UUID, date], Records] = {}
    for habit_id, day, amount, confirmed, skipped, said in await ctx.session.execute(query):
        by_day[habit_id][day] = Mark(amount, confirmed=confirmed, skipped=skipped)
        if said is not None:
            records[habit_id, day] = said
    return Marks(by_day, records)


async def _stored(ctx: Context, *conditions: ColumnElement[bool]) -> list[Stored]:
    found = await HABITS.keyed(ctx, _pauses(), *conditions, order_by=[Habit.id])
    return [
        Stored(body, json.loads(body), [_span(pause) for pause in pauses or ()])
        for pauses, body in found
    ]


def _pauses() -> ColumnElement[Any]:
    """Return the pauses of a habit, and those of everything its person does."""
    of_everything = and_(HabitPause.habit_id.is_(None), HabitPause.user_id == Habit.user_id)
    days = func.json_build_array(HabitPause.first_day, HabitPause.last_day)
    query = select(func.json_agg(days)).where(
        HabitPause.workspace_id == Habit.workspace_id,
        or_(HabitPause.habit_id == Habit.id, of_everything),
    )
    return query.correlate(Habit).scalar_subquery()


def _span(pause: list[str | None]) -> Span:
    first, last = pause
    return date.fromisoformat(str(first)), date.fromisoformat(last) if last else None
