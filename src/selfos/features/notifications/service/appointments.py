"""Alarms of appointments: each reminder of an event has one, which is always its next.

What repeats takes place again and again without anybody settling it, so the alarm is set anew when
it rings. It holds for the event it was set on and for those that continue it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from selfos.features.calendar import service as calendar
from selfos.features.identity import service as identity
from selfos.features.notifications.models import Alarm, Reminder
from selfos.features.notifications.schemas.words import (
    AlarmState,
    Anchor,
    RemindedOf,
)
from selfos.features.notifications.service.arming import (
    GRACE,
    Pair,
    arm,
    disarm,
    moment_of,
    put_pairs,
)
from selfos.features.planning import service as planning
from selfos.kernel.context import Context

A_MOMENT = timedelta(microseconds=1)
# A year of what takes place each day, with its reminder a year before, and some more.
MOST_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Next:
    """When a reminder comes next, and of what."""

    at: datetime
    coming: calendar.Coming


def next_of(
    reminder: Reminder,
    event: calendar.Appointment,
    person: identity.Reached,
    after: datetime,
) -> Next | None:
    """Return the first moment of a reminder that is later than `after`, or None."""
    here = person.clock.zone
    for coming, _ in zip(
        event.times(after.astimezone(here).date(), here), range(MOST_LOOKED_AT), strict=False
    ):
        at = moment_of(reminder, _dated(coming), here, person.usual)
        if at is not None and at > after:
            return Next(at, coming)
        if reminder.anchor is Anchor.AT:
            return None
    return None


async def arm_reminders(ctx: Context, reminders: Sequence[Reminder]) -> None:
    """Set the alarms of these reminders, whatever they are about."""
    of_events = [each for each in reminders if each.subject is RemindedOf.CALENDAR_EVENT]
    others = [each for each in reminders if each.subject is not RemindedOf.CALENDAR_EVENT]
    if of_events:
        await _arm_of_events(ctx, of_events)
    if others:
        await arm(ctx, others)


async def _arm_of_events(ctx: Context, reminders: Sequence[Reminder]) -> None:
    carried = {each.subject_id for each in reminders if each.anchor is not Anchor.AT}
    following = await calendar.events_following(ctx, carried)
    pairs: list[Pair] = []
    for reminder in reminders:
        of: Sequence[UUID] = [reminder.subject_id]
        if reminder.anchor is not Anchor.AT:
            of = following.get(reminder.subject_id, of)
        pairs += [Pair(reminder, event_id, None) for event_id in of]
    await _set(ctx, pairs)


async def rearm_event(ctx: Context, event_id: UUID) -> bool:
    """Set anew all alarms that are about this event; tells whether it still takes place."""
    before = calendar.events_before(ctx.workspace_id, event_id)
    about = or_(
        Reminder.subject_id == event_id,
        and_(Reminder.anchor != Anchor.AT, Reminder.subject_id.in_(before)),
    )
    found = await ctx.session.scalars(
        select(Reminder).where(
            Reminder.workspace_id == ctx.workspace_id,
            Reminder.subject == RemindedOf.CALENDAR_EVENT,
            about,
        )
    )
    await _set(ctx, [Pair(reminder, event_id, None) for reminder in found])
    key = (ctx.workspace_id, event_id)
    event = (await calendar.appointments(ctx, [key])).get(key)
    if event is not None and event.waits:
        return True
    await disarm(ctx, Alarm.subject_id == event_id)
    return False


def ring_event(
    alarm: Alarm,
    event: calendar.Appointment | None,
    reminder: Reminder | None,
    person: identity.Reached,
    now: datetime,
) -> tuple[datetime, dict[str, Any]] | None:
    """Return what this alarm tells and when it was planned, and set it to when it comes next.

    What is over by now is not told any more.
    """
    due = None
    if event is not None and reminder is not None:
        due = _first_not_over(reminder, event, person, alarm.fires_at - A_MOMENT, now)
    if event is None or reminder is None or due is None:
        alarm.state = AlarmState.CANCELLED
        return None
    if due.at > now:
        alarm.fires_at = due.at
        return None
    later = None if reminder.anchor is Anchor.AT else next_of(reminder, event, person, due.at)
    alarm.state = AlarmState.PENDING if later is not None else AlarmState.FIRED
    alarm.fires_at = later.at if later is not None else due.at
    return due.at, {"title": due.coming.title, "due": due.coming.timing.start.isoformat()}


def _first_not_over(
    reminder: Reminder,
    event: calendar.Appointment,
    person: identity.Reached,
    after: datetime,
    now: datetime,
) -> Next | None:
    due = next_of(reminder, event, person, after)
    while (
        due is not None
        and reminder.anchor is not Anchor.AT
        and due.at <= now
        and due.coming.timing.ends(person.clock.zone) < now - GRACE
    ):
        due = next_of(reminder, event, person, due.at)
    return due


async def _set(ctx: Context, pairs: Sequence[Pair]) -> None:
    if not pairs:
        return
    keys = {(pair.reminder.workspace_id, pair.thing) for pair in pairs}
    events = await calendar.appointments(ctx, keys)
    people = await identity.reach(ctx, {pair.reminder.user_id for pair in pairs})
    alarms: list[tuple[Pair, datetime | None]] = []
    for pair in pairs:
        person = people.get(pair.reminder.user_id)
        event = events.get((pair.reminder.workspace_id, pair.thing))
        found = None
        if person is not None and event is not None:
            found = next_of(pair.reminder, event, person, ctx.now - GRACE)
        alarms.append((pair, found.at if found is not None else None))
    await put_pairs(ctx, alarms)


def _dated(coming: calendar.Coming) -> planning.Dated:
    start = coming.timing.start
    clock = start.time() if isinstance(start, datetime) else None
    begins = planning.Moment(planning.slot_day(start), clock, coming.timing.zone)
    return planning.Dated(coming.title, waits=True, due=begins, start=begins, deadline=None)
