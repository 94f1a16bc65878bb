"""What it takes to reach somebody at the right time, in their own words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import select

from selfos.features.identity.models import Preferences, User
from selfos.features.identity.service.accounts import user_times
from selfos.features.identity.service.clocks import UserTime
from selfos.kernel.context import Context


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody to tell something: where, in which language, at what time.

    `usual` is when they want to hear of a day that has no time of its own.
    """

    user_id: UUID
    name: str
    email: str
    email_verified: bool
    locale: str
    usual: time
    clock: UserTime


async def reach(ctx: Context, user_ids: Collection[UUID]) -> dict[UUID, Reached]:
    """Return how to reach these people, as far as this Context may see them: two queries."""
    clocks = await user_times(ctx, user_ids)
    found = await ctx.session.execute(
        select(
            User.id,
            User.name,
            User.email,
            User.email_verified,
            User.locale,
            Preferences.notification_time,
        )
        .join(Preferences, Preferences.user_id == User.id)
        .where(User.id.in_(user_ids))
    )
    return {
        row.id: Reached(
            row.id,
            row.name,
            row.email,
            row.email_verified,
            row.locale,
            row.notification_time,
            clocks[row.id],
        )
        for row in found
        if row.id in clocks
    }
