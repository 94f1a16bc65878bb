"""The scanner: claims alarms that are due and tells what they are about, each exactly once.

Every worker runs it. A batch is one transaction: rows are claimed with SKIP LOCKED, what they tell
is written with them, and a worker that dies leaves them as they were. What each says is looked up
when it rings, so an alarm that is late for its task has no say in when the task is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from selfos.features.calendar import service as calendar
from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.notifications.digests import TIMED
from selfos.features.notifications.models import Alarm, Notification, Reminder
from selfos.features.notifications.moments import next_at
from selfos.features.notifications.schemas.words import (
    DIGESTS,
    AlarmState,
    Anchor,
    Channel,
    NotificationKind,
    NotificationSubject,
)
from selfos.features.notifications.service.appointments import ring_event
from selfos.features.notifications.service.arming import moment_of
from selfos.features.notifications.service.choosing import Place, preferences_of, ways_of_plan
from selfos.features.notifications.service.telling import News, tell, tell_again
from selfos.features.notifications.service.timing import begin
from selfos.features.planning import service as planning
from selfos.features.workspaces import service as workspaces
from selfos.kernel.context import Actor, Context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM, Scope
from selfos.kernel.ledger.models import ActorKind

BATCH = 200
# So much later than planned, and so many at once for one person, come as one.
LATE, STORM = timedelta(minutes=15), 5
NAMED_IN_STORM, MOST_IN_STORM = 20, 5_000


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of the things that a batch of alarms is about."""

    people: dict[UUID, identity.Reached]
    members: set[Place]
    reminders: dict[planning.DatedKey, Reminder]
    plans: dict[planning.DatedKey, planning.Dated]
    events: dict[calendar.EventKey, calendar.Appointment]
    asking: dict[planning.DatedKey, str]


async def ring(kernel: Kernel) -> bool:
    """Work off one batch of due alarms; tells whether there may be more."""
    async with identity.open_system(kernel) as ctx:
        alarms = list(
            await ctx.session.scalars(
                select(Alarm)
                .where(Alarm.state == AlarmState.PENDING, Alarm.fires_at <= ctx.now)
                .order_by(Alarm.fires_at, Alarm.id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
        )
        if alarms:
            await _ring(ctx, alarms)
    return len(alarms) == BATCH


async def _ring(ctx: Context, claimed: Sequence[Alarm]) -> None:
    storms = await _storms(ctx, claimed)
    alarms = [*claimed, *await _rest_of(ctx, storms, claimed)]
    scene = await _look(ctx, alarms)
    timed = [each for each in alarms if each.kind in TIMED and each.notification_id is None]
    if timed:
        await begin(ctx, timed, scene.people, scene.members)
    news: list[News] = []
    collapsed: dict[Place, list[News]] = {}
    for alarm in alarms:
        place = (alarm.workspace_id, alarm.user_id)
        rested = alarm.notification_id is not None
        if place not in scene.members and (rested or alarm.kind not in DIGESTS):
            alarm.state = AlarmState.CANCELLED
            continue
        if rested:
            await _wake(ctx, alarm)
            continue
        if alarm.kind in TIMED:
            continue
        late = alarm.fires_at
        told = _news(ctx, alarm, scene)
        if told is None:
            continue
        if place in storms and late < ctx.now - LATE:
            collapsed.setdefault(place, []).append(told)
        else:
            news.append(told)
    await ctx.session.flush()
    await tell(ctx, await _not_twice(ctx, news, scene))
    for place, many in collapsed.items():
        await _tell_storm(ctx, place, many)


def _news(ctx: Context, alarm: Alarm, scene: Scene) -> News | None:
    """Return what this alarm tells; settles whether it is over, moved, or comes again."""
    if alarm.subject is NotificationSubject.HABIT:
        return _habit_news(ctx, alarm, scene)
    if alarm.subject is NotificationSubject.CALENDAR_EVENT:
        return _event_news(ctx, alarm, scene)
    plan = scene.plans.get((alarm.workspace_id, alarm.subject_id or alarm.id))
    reminder = scene.reminders.get((alarm.workspace_id, alarm.reminder_id or alarm.id))
    person = scene.people[alarm.user_id]
    at = None
    if plan is not None and plan.waits and reminder is not None:
        at = moment_of(reminder, plan, person.clock.zone, person.usual)
    if at is None or plan is None or reminder is None:
        alarm.state = AlarmState.CANCELLED
        return None
    if at > ctx.now:
        alarm.fires_at = at
        return None
    alarm.state = AlarmState.FIRED
    values = {"title": plan.title, "due": _due(reminder, plan)}
    return _told(alarm, f"{alarm.key}@{alarm.fires_at.isoformat()}", values)


def _habit_news(ctx: Context, alarm: Alarm, scene: Scene) -> News | None:
    planned, person = alarm.fires_at, scene.people[alarm.user_id]
    clock = time.fromisoformat(alarm.key.partition(":")[2])
    alarm.fires_at = next_at(clock, ctx.now, person.clock.zone)
    title = scene.asking.get((alarm.workspace_id, alarm.subject_id or alarm.id))
    # After a night of rest nobody wants yesterday's habit.
    if title is None or person.clock.local_day(planned) != person.clock.today(ctx.now):
        return None
    told = _told(alarm, f"{alarm.key}@{planned.isoformat()}", {"title": title})
    return replace(told, planned_at=planned)


def _event_news(ctx: Context, alarm: Alarm, scene: Scene) -> News | None:
    event = scene.events.get((alarm.workspace_id, alarm.subject_id or alarm.id))
    reminder = scene.reminders.get((alarm.workspace_id, alarm.reminder_id or alarm.id))
    told = ring_event(alarm, event, reminder, scene.people[alarm.user_id], ctx.now)
    if told is None:
        return None
    planned, values = told
    return replace(_told(alarm, f"{alarm.key}@{planned.isoformat()}", values), planned_at=planned)


def _told(alarm: Alarm, key: str, values: dict[str, Any]) -> News:
    place = (alarm.workspace_id, alarm.user_id)
    return News(place, alarm.kind, key, alarm.fires_at, values, alarm.subject, alarm.subject_id)


def _due(reminder: Reminder, plan: planning.Dated) -> str | None:
    """Return what the reminder counts from as it is written, a day or a wall time."""
    start, deadline = reminder.anchor is Anchor.START, reminder.anchor is Anchor.DEADLINE
    date = plan.start if start else plan.deadline if deadline else plan.due
    date = plan.due if start and plan.due is not None else date
    if date is None:
        return None
    if date.clock is None:
        return date.day.isoformat()
    return datetime.combine(date.day, date.clock).isoformat()


async def _not_twice(ctx: Context, news: Sequence[News], scene: Scene) -> list[News]:
    """Leave out the ways by which the plan of this morning has just named the same day's tasks.

    Only what has a day and no time: a time somebody set is told at that time.
    """
    places = {each.place for each in news if _is_of_whole_day(each)}
    if not places:
        return list(news)
    chosen = await preferences_of(ctx, places)

    def named_by(each: News) -> frozenset[Channel]:
        if not _is_of_whole_day(each):
            return frozenset()
        clock = scene.people[each.place[1]].clock
        return ways_of_plan(
            chosen.get(each.place), clock.zone, ctx.now, date.fromisoformat(each.values["due"])
        )

    return [replace(each, without=named_by(each) - {Channel.INBOX}) for each in news]


def _is_of_whole_day(news: News) -> bool:
    due = news.values["due"] if news.kind is NotificationKind.TASK_REMINDER else None
    return due is not None and "T" not in due


async def _wake(ctx: Context, alarm: Alarm) -> None:
    """Bring a snoozed notification back."""
    alarm.state = AlarmState.FIRED
    found = await ctx.session.get(Notification, (alarm.workspace_id, alarm.notification_id))
    if found is None or found.snoozed_until is None:
        return
    place = (found.workspace_id, found.user_id)
    again = News(place, found.kind, found.key, alarm.fires_at, found.data)
    await tell_again(ctx, found, again)


async def _storms(ctx: Context, alarms: Sequence[Alarm]) -> set[Place]:
    """Return for whom so much is overdue that it is told as one."""
    late = {(a.workspace_id, a.user_id) for a in alarms if a.fires_at < ctx.now - LATE}
    if not late:
        return set()
    counted = await ctx.session.execute(
        select(Alarm.workspace_id, Alarm.user_id, func.count())
        .where(
            tuple_(Alarm.workspace_id, Alarm.user_id).in_(late),
            Alarm.state == AlarmState.PENDING,
            Alarm.kind.not_in(TIMED),
            Alarm.fires_at < ctx.now - LATE,
        )
        .group_by(Alarm.workspace_id, Alarm.user_id)
    )
    return {(row[0], row[1]) for row in counted if row[2] > STORM}


async def _rest_of(ctx: Context, storms: set[Place], claimed: Sequence[Alarm]) -> list[Alarm]:
    """Claim what else is overdue for these people, so that it comes as one."""
    if not storms:
        return []
    found = await ctx.session.scalars(
        select(Alarm)
        .where(
            tuple_(Alarm.workspace_id, Alarm.user_id).in_(storms),
            Alarm.state == AlarmState.PENDING,
            Alarm.kind.not_in(TIMED),
            Alarm.fires_at < ctx.now - LATE,
            Alarm.id.not_in([alarm.id for alarm in claimed]),
        )
        .order_by(Alarm.fires_at, Alarm.id)
        .limit(MOST_IN_STORM)
        .with_for_update(skip_locked=True)
    )
    return list(found)


async def _tell_storm(ctx: Context, place: Place, many: Sequence[News]) -> None:
    """Tell one person in one notification what has come while nobody was there to tell it."""
    titles = [str(each.values["title"]) for each in many]
    planned = max(each.planned_at for each in many)
    values = {"count": len(titles), "titles": titles[:NAMED_IN_STORM]}
    # By its first alarm, so that several workers that share a storm make no two of one part.
    key = f"overdue:{many[0].key}"
    await tell(ctx, [News(place, NotificationKind.OVERDUE, key, planned, values)])


async def _look(ctx: Context, alarms: Sequence[Alarm]) -> Scene:
    """Read everything the alarms are about, each kind of thing in one query."""
    keys: dict[NotificationSubject | None, set[planning.DatedKey]] = {}
    for alarm in alarms:
        if alarm.subject_id is not None:
            keys.setdefault(alarm.subject, set()).add((alarm.workspace_id, alarm.subject_id))
    places = {(alarm.workspace_id, alarm.user_id) for alarm in alarms}
    people = await identity.reach(ctx, {user_id for _, user_id in places})
    members = await workspaces.active_among(ctx, places)
    set_by = {(a.workspace_id, a.reminder_id) for a in alarms if a.reminder_id is not None}
    found = await ctx.session.scalars(
        select(Reminder).where(tuple_(Reminder.workspace_id, Reminder.id).in_(set_by))
    )
    plans: dict[planning.DatedKey, planning.Dated] = {}
    if tasks := keys.get(NotificationSubject.TASK):
        plans |= await planning.dated_tasks(ctx, tasks)
    if goals := keys.get(NotificationSubject.GOAL):
        plans |= await planning.dated_goals(ctx, goals)
    events: dict[calendar.EventKey, calendar.Appointment] = {}
    if wanted := keys.get(NotificationSubject.CALENDAR_EVENT):
        events = await calendar.appointments(ctx, wanted)
    reminders = {(each.workspace_id, each.id): each for each in found}
    members = {place for place in members if place[1] in people}
    asking = await _asking(ctx, alarms, people, members)
    return Scene(people, members, reminders, plans, events, asking)


async def _asking(
    ctx: Context,
    alarms: Sequence[Alarm],
    people: dict[UUID, identity.Reached],
    members: set[Place],
) -> dict[planning.DatedKey, str]:
    """Return the titles of those habits that still ask for something today.

    A habit is reckoned from all its records, which only its own person's Context reads.
    """
    wanted: dict[Place, set[UUID]] = {}
    for alarm in alarms:
        place = (alarm.workspace_id, alarm.user_id)
        if alarm.subject is NotificationSubject.HABIT and alarm.subject_id and place in members:
            wanted.setdefault(place, set()).add(alarm.subject_id)
    asking: dict[planning.DatedKey, str] = {}
    for place, habit_ids in wanted.items():
        workspace_id, user_id = place
        await ctx.transaction.enter(Scope(workspace_id, user_id), changeset_id=ctx.draft.id)
        theirs = replace(ctx, workspace_id=workspace_id, actor=Actor(ActorKind.SYSTEM, user_id))
        titles = await habits.titles_asking(theirs, habit_ids, clock=people[user_id].clock)
        asking |= {(workspace_id, habit_id): title for habit_id, title in titles.items()}
    if wanted:
        await ctx.transaction.enter(
            SYSTEM, changeset_id=ctx.draft.id, workspace_id=ctx.workspace_id
        )
    return asking
