"""What somebody has chosen to be told, read from their row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_

from selfos.features.notifications.digests import when_of
from selfos.features.notifications.models import NotificationPreference
from selfos.features.notifications.moments import instant_of
from selfos.features.notifications.schemas.words import USUAL, Channel, NotificationKind
from selfos.kernel.context import Context

Place = tuple[UUID, UUID]
# For so long after the plan of the morning, a reminder of that day says nothing new.
PLAN_STANDS = timedelta(minutes=30)


def wanted(preference: NotificationPreference | None, kind: NotificationKind) -> frozenset[Channel]:
    """Return how somebody wants to hear of this kind."""
    chosen = preference.channels.get(kind) if preference is not None else None
    return USUAL[kind] if chosen is None else frozenset(Channel(name) for name in chosen)


def quiet_hours(preference: NotificationPreference | None) -> tuple[time, time] | None:
    """Return between which wall times somebody wants no mail and no push."""
    if preference is None or preference.quiet_from is None or preference.quiet_until is None:
        return None
    return preference.quiet_from, preference.quiet_until


async def preferences_of(
    ctx: Context, places: Collection[Place]
) -> dict[Place, NotificationPreference]:
    """Return what these people have chosen in these workspaces, where they have."""
    columns = tuple_(NotificationPreference.workspace_id, NotificationPreference.user_id)
    found = await ctx.session.scalars(select(NotificationPreference).where(columns.in_(places)))
    return {(each.workspace_id, each.user_id): each for each in found}


def ways_of_plan(
    preference: NotificationPreference | None, zone: ZoneInfo, now: datetime, day: date
) -> frozenset[Channel]:
    """Return by which ways the plan of the morning has just told of this day."""
    ways = wanted(preference, NotificationKind.MORNING_PLAN)
    if preference is None or not ways or day != now.astimezone(zone).date():
        return frozenset()
    clock = when_of(preference.times, NotificationKind.MORNING_PLAN).clock
    told = instant_of(datetime.combine(day, clock), zone)
    return ways if told <= now < told + PLAN_STANDS else frozenset()
