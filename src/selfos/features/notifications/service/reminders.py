"""Reminders: setting one, changing it, taking it away."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from selfos.features.calendar import service as calendar
from selfos.features.identity import service as identity
from selfos.features.notifications.events import (
    ReminderDeleted,
    ReminderScheduled,
    ReminderUpdated,
)
from selfos.features.notifications.models import Alarm, Reminder
from selfos.features.notifications.moments import next_at
from selfos.features.notifications.schemas.reminders import (
    ReminderCreate,
    ReminderQuery,
    ReminderUpdate,
)
from selfos.features.notifications.schemas.words import AlarmState, RemindedOf
from selfos.features.notifications.service.appointments import arm_reminders
from selfos.features.notifications.service.arming import disarm
from selfos.features.planning import service as planning
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.documents import Documents, Json, Order
from selfos.kernel.errors import Conflict
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

MOST_PER_THING = 20
_next_at = (
    select(func.min(Alarm.fires_at))
    .where(
        Alarm.workspace_id == Reminder.workspace_id,
        Alarm.reminder_id == Reminder.id,
        Alarm.state == AlarmState.PENDING,
    )
    .correlate(Reminder)
    .scalar_subquery()
)
REMINDERS = Documents(
    Reminder,
    {
        "id": Reminder.id,
        "subject": Reminder.subject,
        "subject_id": Reminder.subject_id,
        "anchor": Reminder.anchor,
        "minutes_before": Reminder.minutes_before,
        "on_date": Reminder.on_date,
        "time": func.to_char(Reminder.wall_time, "HH24:MI"),
        "zone": Reminder.zone,
        "next_at": _next_at,
        "created_at": Reminder.created_at,
        "updated_at": Reminder.updated_at,
        "version": Reminder.version,
    },
)
# As a device keeps them: when one comes next hangs on clocks, and is reckoned there.
KEPT_REMINDERS = Documents(
    Reminder, {name: shown for name, shown in REMINDERS.fields.items() if name != "next_at"}
)


async def schedule_reminder(ctx: Context, new: ReminderCreate) -> Reminder:
    """Remind the acting person of a task, a goal or an event, at a time or before its dates."""
    ctx.require(Permission.REMINDER_WRITE)
    title = await _name_of_kept(ctx, new)
    await _refuse_too_many(ctx, new.subject_id)
    reminder = Reminder(
        workspace_id=ctx.workspace_id,
        user_id=ctx.user_id,
        seen_by=ctx.user_id,
        id=new.id or new_id(),
        subject=new.subject,
        subject_id=new.subject_id,
        anchor=new.anchor,
        minutes_before=new.minutes_before,
        on_date=new.on_date,
        wall_time=time.fromisoformat(new.time) if new.time else None,
        zone=new.zone,
    )
    reminder.check()
    ctx.session.add(reminder)
    await ctx.session.flush()
    await arm_reminders(ctx, [reminder])
    ctx.emit(ReminderScheduled(reminder_id=reminder.id, subject_id=reminder.subject_id))
    ctx.describe(f"Set a reminder of “{title}”")
    return reminder


async def next_day_with(ctx: Context, clock: time) -> date:
    """Return the day on which a wall clock of the acting person shows this time next."""
    zone = await identity.user_zone(ctx)
    return next_at(clock, ctx.now, zone).astimezone(zone).date()


async def update_reminder(ctx: Context, reminder_id: UUID, change: ReminderUpdate) -> Reminder:
    """Change when a reminder comes."""
    ctx.require(Permission.REMINDER_WRITE)
    reminder = await rows.get(ctx, Reminder, reminder_id, lock=True)
    ctx.expect(reminder)
    for name, value in _columns(change).items():
        setattr(reminder, name, value)
    reminder.check()
    await ctx.session.flush()
    await disarm(ctx, Alarm.reminder_id == reminder.id)
    await arm_reminders(ctx, [reminder])
    ctx.emit(ReminderUpdated(reminder_id=reminder.id, subject_id=reminder.subject_id))
    ctx.describe("Changed a reminder")
    return reminder


async def delete_reminder(ctx: Context, reminder_id: UUID) -> None:
    """Take a reminder away."""
    ctx.require(Permission.REMINDER_WRITE)
    reminder = await rows.get(ctx, Reminder, reminder_id, lock=True)
    ctx.expect(reminder)
    await disarm(ctx, Alarm.reminder_id == reminder.id)
    await ctx.session.delete(reminder)
    ctx.emit(ReminderDeleted(reminder_id=reminder.id, subject_id=reminder.subject_id))
    ctx.describe("Took a reminder away")


async def list_reminders(ctx: Context, query: ReminderQuery) -> Json:
    """Return one page of the acting person's reminders; of one thing if it is named."""
    ctx.require(Permission.REMINDER_READ)
    conditions: list[ColumnElement[bool]] = []
    if query.subject_id is not None:
        conditions.append(await _about(ctx, query.subject_id))
    return await REMINDERS.page(ctx, query, *conditions, order=Order((Reminder.created_at,)))


async def _name_of_kept(ctx: Context, new: ReminderCreate) -> str:
    """Return what the thing is called, or point at the field that named it."""
    if new.subject is RemindedOf.CALENDAR_EVENT:
        return await calendar.name_of_kept(ctx, new.subject_id, "/subject_id")
    noun = planning.Entity(new.subject)
    return await planning.name_of_kept(ctx, noun, new.subject_id, "/subject_id")


async def _about(ctx: Context, subject_id: UUID) -> ColumnElement[bool]:
    """Tell whether a reminder is about this thing, or about what it repeats."""
    key = (ctx.workspace_id, subject_id)
    plan = (await planning.dated_tasks(ctx, [key])).get(key)
    about = Reminder.subject_id == subject_id
    if plan is None:
        before = calendar.events_before(ctx.workspace_id, subject_id)
        return or_(about, Reminder.subject_id.in_(before))
    if plan.series_id is None:
        return about
    return or_(
        about,
        Reminder.subject_id.in_(planning.occurrences_before(ctx.workspace_id, plan.series_id)),
    )


async def _refuse_too_many(ctx: Context, subject_id: UUID) -> None:
    count = select(func.count()).where(Reminder.subject_id == subject_id)
    if (await ctx.session.scalar(count) or 0) >= MOST_PER_THING:
        raise Conflict(f"There are {MOST_PER_THING} reminders of this already; take one away.")


def _columns(change: ReminderUpdate) -> dict[str, Any]:
    given = change.given()
    if "time" in given:
        written = given.pop("time")
        given["wall_time"] = time.fromisoformat(written) if written else None
    return given
