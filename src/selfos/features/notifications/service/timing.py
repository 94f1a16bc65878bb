"""When digests and reports come: an alarm for each digest that somebody wants, and for each report.

A digest's alarm is always its next one: it is set anew when it rings, when its person chooses
another time and when they move to another time zone. A report has one alarm, which rings once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from selfos.features.identity import service as identity
from selfos.features.notifications.digests import TIMED, when_of
from selfos.features.notifications.models import Alarm, NotificationPreference
from selfos.features.notifications.schemas.words import (
    DIGESTS,
    REPORTS,
    AlarmState,
    NotificationKind,
    NotificationSubject,
)
from selfos.features.notifications.service.arming import disarm, put
from selfos.features.notifications.service.choosing import Place, preferences_of, wanted
from selfos.kernel.context import Context

DIGEST_JOB = "notifications.digest"
# A plan of the morning is of no use in the evening.
STALE = timedelta(hours=6)


def next_times(
    preference: NotificationPreference | None, person: identity.Reached, now: datetime
) -> dict[NotificationKind, datetime]:
    """Return when each digest or report that somebody wants would come next."""
    times = preference.times if preference is not None else {}
    return {
        kind: when_of(times, kind).next(now, person.clock.zone)
        for kind in TIMED
        if wanted(preference, kind)
    }


async def set_times(
    ctx: Context, preference: NotificationPreference, person: identity.Reached
) -> None:
    """Let digests and waiting reports of a workspace come when they are wanted now, or not."""
    coming = next_times(preference, person, ctx.now)
    mine = (Alarm.user_id == person.user_id, Alarm.notification_id.is_(None))
    here = (Alarm.workspace_id == ctx.workspace_id, Alarm.state == AlarmState.PENDING, *mine)
    # What is due by now rings as it was set, and is set by the new times then.
    ringing = set(
        await ctx.session.scalars(select(Alarm.kind).where(*here, Alarm.fires_at <= ctx.now))
    )
    moved = [kind for kind in DIGESTS if kind in coming and kind not in ringing]
    await put(ctx, [_row(ctx, person.user_id, kind, coming[kind]) for kind in moved])
    unwanted = [kind for kind in TIMED if kind not in coming]
    await disarm(ctx, *mine, Alarm.kind.in_(unwanted))
    for kind in REPORTS:
        if kind in coming:
            await ctx.session.execute(
                update(Alarm)
                .where(*here, Alarm.kind == kind, Alarm.fires_at > ctx.now)
                .values(fires_at=coming[kind])
                .execution_options(synchronize_session=False)
            )


async def wait_with_report(
    ctx: Context, user_id: UUID, kind: NotificationKind, report_id: UUID
) -> None:
    """Let a report that is there be told when its person wants to hear of it, if they do."""
    place = (ctx.workspace_id, user_id)
    person = (await identity.reach(ctx, [user_id])).get(user_id)
    if person is None:
        return
    preference = (await preferences_of(ctx, [place])).get(place)
    coming = next_times(preference, person, ctx.now)
    if kind in coming:
        row = _row(ctx, user_id, kind, coming[kind])
        about = {"subject": NotificationSubject.REPORT, "subject_id": report_id}
        await put(ctx, [{**row, "key": f"report:{report_id}", **about}])


async def follow_times(ctx: Context, user_id: UUID) -> None:
    """Let digests and reports come by the clocks of where somebody is now; sees everybody."""
    person = (await identity.reach(ctx, [user_id])).get(user_id)
    found = await ctx.session.scalars(
        select(NotificationPreference).where(NotificationPreference.user_id == user_id)
    )
    for each in list(found):
        if person is not None:
            await set_times(replace(ctx, workspace_id=each.workspace_id), each, person)


async def begin(
    ctx: Context,
    alarms: Sequence[Alarm],
    people: Mapping[UUID, identity.Reached],
    members: Collection[Place],
) -> None:
    """Have each of these written by a job of its own, and set the digests among them anew."""
    chosen = await preferences_of(ctx, {(each.workspace_id, each.user_id) for each in alarms})
    for alarm in alarms:
        place, planned = (alarm.workspace_id, alarm.user_id), alarm.fires_at
        person = people.get(alarm.user_id)
        coming = next_times(chosen.get(place), person, ctx.now) if person is not None else {}
        if alarm.kind not in coming:
            alarm.state = AlarmState.CANCELLED
            continue
        if alarm.kind in DIGESTS:
            alarm.fires_at = coming[alarm.kind]
        else:
            alarm.state = AlarmState.FIRED
        if place in members and not (alarm.kind in DIGESTS and planned < ctx.now - STALE):
            ctx.defer(
                DIGEST_JOB,
                lock=f"digest:{alarm.id}",
                workspace_id=str(place[0]),
                user_id=str(place[1]),
                kind=str(alarm.kind),
                planned_at=planned.isoformat(),
                report_id=str(alarm.subject_id) if alarm.subject_id is not None else None,
            )


def _row(ctx: Context, user_id: UUID, kind: NotificationKind, at: datetime) -> dict[str, object]:
    return {
        "workspace_id": ctx.workspace_id,
        "user_id": user_id,
        "kind": kind,
        "key": str(kind),
        "subject": None,
        "subject_id": None,
        "reminder_id": None,
        "fires_at": at,
    }
