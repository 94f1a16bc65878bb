"""Alarms: when each reminder comes next, derived from what it is about.

Written from how things stand, so a repeated or late event leaves what a timely one would have.
Reminders are read across people, so this runs in a system Context or in that of their person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.notifications.models import Alarm, Reminder
from selfos.features.notifications.moments import before, instant_of, next_at
from selfos.features.notifications.schemas.words import (
    AlarmState,
    Anchor,
    NotificationKind,
    NotificationSubject,
    RemindedOf,
)
from selfos.features.planning import service as planning
from selfos.kernel.context import Context
from selfos.kernel.identifiers import new_id

# A reminder that is set this shortly after its moment still comes, at once.
GRACE = timedelta(minutes=10)
KINDS = {
    RemindedOf.TASK: NotificationKind.TASK_REMINDER,
    RemindedOf.GOAL: NotificationKind.GOAL_REMINDER,
    RemindedOf.CALENDAR_EVENT: NotificationKind.CALENDAR_REMINDER,
}
ALARMS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """One reminder on one thing: what it was set on, or what repeats or continues that."""

    reminder: Reminder
    thing: UUID
    plan: planning.Dated | None

    @property
    def key(self) -> str:
        """Return what makes it one of its kind."""
        return f"{self.reminder.id}:{self.thing}"


def moment_of(
    reminder: Reminder, plan: planning.Dated, zone: ZoneInfo, usual: time
) -> datetime | None:
    """Return when a reminder of this thing comes, or None if it has no such date."""
    if reminder.anchor is Anchor.AT:
        if reminder.on_date is None or reminder.wall_time is None:
            return None
        wall = datetime.combine(reminder.on_date, reminder.wall_time)
        return instant_of(wall, ZoneInfo(reminder.zone) if reminder.zone else zone)
    dates = {Anchor.DUE: plan.due, Anchor.START: plan.start, Anchor.DEADLINE: plan.deadline}
    date = dates[reminder.anchor]
    if date is None:
        return None
    there = ZoneInfo(date.zone) if date.zone else zone
    if reminder.wall_time is not None:
        return instant_of(datetime.combine(date.day, reminder.wall_time), there)
    wall = datetime.combine(date.day, date.clock or usual)
    return before(wall, reminder.minutes_before or 0, there)


async def arm(ctx: Context, reminders: Sequence[Reminder]) -> None:
    """Set the alarms of these reminders, on every open occurrence of what repeats."""
    plans: dict[planning.DatedKey, planning.Dated] = {}
    for noun, read in (
        (RemindedOf.TASK, planning.dated_tasks),
        (RemindedOf.GOAL, planning.dated_goals),
    ):
        keys = {(r.workspace_id, r.subject_id) for r in reminders if r.subject is noun}
        if keys:
            plans |= await read(ctx, keys)
    pairs: list[Pair] = []
    for reminder in reminders:
        plan = plans.get((reminder.workspace_id, reminder.subject_id))
        pairs.append(Pair(reminder, reminder.subject_id, plan))
        if plan is not None and plan.series_id and reminder.anchor is not Anchor.AT:
            pairs += await _on_occurrences(ctx, reminder, plan.series_id)
    await _set(ctx, pairs)


async def _on_occurrences(ctx: Context, reminder: Reminder, series_id: UUID) -> list[Pair]:
    waiting = await planning.waiting_like(ctx, {reminder.subject_id: series_id})
    others = [each for each in waiting[reminder.subject_id] if each != reminder.subject_id]
    plans = await planning.dated_tasks(ctx, [(reminder.workspace_id, each) for each in others])
    return [Pair(reminder, task_id, plan) for (_, task_id), plan in plans.items()]


async def disarm(ctx: Context, *conditions: ColumnElement[bool]) -> None:
    """Let these alarms of this workspace not come."""
    await ctx.session.execute(
        update(Alarm)
        .where(
            Alarm.workspace_id == ctx.workspace_id,
            Alarm.state == AlarmState.PENDING,
            *conditions,
        )
        .values(state=AlarmState.CANCELLED)
        .execution_options(synchronize_session=False)
    )


async def rearm_thing(
    ctx: Context, subject: RemindedOf, thing: UUID, plan: planning.Dated | None
) -> None:
    """Set anew all alarms that are about this thing, whoever set the reminder."""
    about = Reminder.subject_id == thing
    if plan is not None and plan.series_id is not None:
        alike = planning.occurrences_before(ctx.workspace_id, plan.series_id)
        about = or_(about, and_(Reminder.anchor != Anchor.AT, Reminder.subject_id.in_(alike)))
    found = await ctx.session.scalars(
        select(Reminder).where(
            Reminder.workspace_id == ctx.workspace_id, Reminder.subject == subject, about
        )
    )
    reminders = list(found)
    if plan is None or not plan.waits:
        await disarm(ctx, Alarm.subject_id == thing)
    await _set(ctx, [Pair(reminder, thing, plan) for reminder in reminders])


async def _set(ctx: Context, pairs: Sequence[Pair]) -> None:
    people = await identity.reach(ctx, {pair.reminder.user_id for pair in pairs}) if pairs else {}
    found: list[tuple[Pair, datetime | None]] = []
    for pair in pairs:
        person = people.get(pair.reminder.user_id)
        at = None
        if person is not None and pair.plan is not None and pair.plan.waits:
            at = moment_of(pair.reminder, pair.plan, person.clock.zone, person.usual)
        found.append((pair, at if at is not None and at > ctx.now - GRACE else None))
    await put_pairs(ctx, found)


async def put_pairs(ctx: Context, found: Sequence[tuple[Pair, datetime | None]]) -> None:
    """Write the alarm of each pair, at its moment; without one it does not come."""
    if over := [pair.key for pair, at in found if at is None]:
        await disarm(ctx, Alarm.key.in_(over))
    await put(ctx, [_row(pair, at) for pair, at in found if at is not None])


def _row(pair: Pair, at: datetime) -> dict[str, object]:
    reminder = pair.reminder
    return {
        "workspace_id": reminder.workspace_id,
        "user_id": reminder.user_id,
        "kind": KINDS[reminder.subject],
        "key": pair.key,
        "subject": NotificationSubject(reminder.subject),
        "subject_id": pair.thing,
        "reminder_id": reminder.id,
        "fires_at": at,
    }


async def put(ctx: Context, rows: Sequence[Mapping[str, object]]) -> None:
    """Write alarms; one that has fired at that very moment stays as it is."""
    for start in range(0, len(rows), ALARMS_AT_ONCE):
        whole = [
            {"id": new_id(), "notification_id": None, "state": AlarmState.PENDING, **row}
            for row in rows[start : start + ALARMS_AT_ONCE]
        ]
        statement = insert(Alarm).values(whole)
        told = and_(Alarm.state == AlarmState.FIRED, Alarm.fires_at == statement.excluded.fires_at)
        await ctx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["workspace_id", "user_id", "key"],
                set_={
                    "fires_at": statement.excluded.fires_at,
                    "state": case((told, Alarm.state), else_=statement.excluded.state),
                },
            )
        )


async def rearm_habits(ctx: Context, habit_ids: Collection[UUID] | None = None) -> None:
    """Set the alarms of a workspace's habits, all or these, to their next times."""
    times = await habits.habit_times(ctx, ctx.workspace_id, habit_ids)
    people = await identity.reach(ctx, {each.user_id for each in times}) if times else {}
    rows: list[dict[str, object]] = []
    for each in times:
        person = people.get(each.user_id)
        if person is not None:
            zone = person.clock.zone
            rows += [
                _habit_row(ctx, each, clock, next_at(clock, ctx.now, zone)) for clock in each.times
            ]
    about = Alarm.kind.in_((NotificationKind.HABIT_REMINDER, NotificationKind.HABIT_WINDOW))
    if habit_ids is not None:
        about = and_(about, Alarm.subject_id.in_(habit_ids))
    await disarm(ctx, about, Alarm.key.not_in([row["key"] for row in rows]))
    await put(ctx, rows)


def _habit_row(
    ctx: Context, habit: habits.HabitTimes, clock: time, at: datetime
) -> dict[str, object]:
    return {
        "workspace_id": ctx.workspace_id,
        "user_id": habit.user_id,
        "kind": NotificationKind.HABIT_WINDOW
        if habit.of_window
        else NotificationKind.HABIT_REMINDER,
        "key": f"{habit.habit_id}:{clock:%H:%M}",
        "subject": NotificationSubject.HABIT,
        "subject_id": habit.habit_id,
        "reminder_id": None,
        "fires_at": at,
    }
