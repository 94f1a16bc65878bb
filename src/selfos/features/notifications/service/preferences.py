"""What somebody wants to be told, how and when."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from selfos.features.identity import service as identity
from selfos.features.notifications.digests import TIMED, when_of
from selfos.features.notifications.models import MailSuppression, NotificationPreference
from selfos.features.notifications.moments import end_of_quiet
from selfos.features.notifications.schemas.digests import TimeInput, TimeView
from selfos.features.notifications.schemas.inbox import (
    MailView,
    NotificationPreferencesUpdate,
    NotificationPreferencesView,
)
from selfos.features.notifications.schemas.words import (
    REPORTS,
    WEEKLY,
    Channel,
    NotificationKind,
)
from selfos.features.notifications.service.choosing import quiet_hours, wanted
from selfos.features.notifications.service.timing import set_times
from selfos.features.progress import service as progress
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import Conflict, invalid
from selfos.kernel.permissions import Permission


async def quiet_until(ctx: Context, zone: ZoneInfo) -> datetime | None:
    """Return when the quiet hours end that the acting person is in, or None outside of them."""
    mine = await rows.find(ctx, NotificationPreference, ctx.user_id)
    return end_of_quiet(ctx.now, zone, quiet_hours(mine))


async def get_preferences(ctx: Context) -> NotificationPreferencesView:
    """Show what the acting person is told here, how and when."""
    ctx.require(Permission.NOTIFICATION_READ)
    mine = await rows.find(ctx, NotificationPreference, ctx.user_id)
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    reason = await ctx.session.scalar(
        select(MailSuppression.reason).where(MailSuppression.address == me.email)
    )
    hours = quiet_hours(mine)
    return NotificationPreferencesView(
        channels={
            kind: [channel for channel in Channel if channel in wanted(mine, kind)]
            for kind in NotificationKind
        },
        quiet_from=f"{hours[0]:%H:%M}" if hours else None,
        quiet_until=f"{hours[1]:%H:%M}" if hours else None,
        escalate_minutes=mine.escalate_minutes if mine else None,
        hold_in_focus=mine is not None and mine.hold_in_focus,
        times=_times(mine),
        sets_pdf=progress.sets_paper(),
        email=MailView(address=me.email, confirmed=me.email_verified, suppressed=reason),
        version=mine.version if mine else 0,
    )


async def update_preferences(
    ctx: Context, change: NotificationPreferencesUpdate
) -> NotificationPreferencesView:
    """Choose anew what the acting person is told here."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    mine = await _mine(ctx)
    given = change.given()
    if "channels" in given:
        told: dict[str, list[str]] = {
            kind: sorted(set(channels)) for kind, channels in change.channels.items()
        }
        mine.channels = {**mine.channels, **told}
    if "quiet_from" in given:
        mine.quiet_from = _clock(change.quiet_from)
        mine.quiet_until = _clock(change.quiet_until)
    if "escalate_minutes" in given:
        mine.escalate_minutes = change.escalate_minutes
    if "hold_in_focus" in given:
        mine.hold_in_focus = change.hold_in_focus
    if "times" in given:
        mine.times = {**mine.times, **{kind: _at(kind, at) for kind, at in change.times.items()}}
    await ctx.session.flush()
    if {"channels", "times"} & given.keys():
        await set_times(ctx, mine, (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id])
    return await get_preferences(ctx)


async def mute(ctx: Context, kind: NotificationKind, channel: Channel) -> None:
    """Tell the person of this Context nothing more of this kind in this way."""
    mine = await _mine(ctx)
    left = wanted(mine, kind) - {channel}
    mine.channels = {**mine.channels, kind: sorted(left)}
    await ctx.session.flush()
    await set_times(ctx, mine, (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id])


async def resume_mail(ctx: Context) -> NotificationPreferencesView:
    """Send mail to the acting person's address again, though it had come back."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    found = await ctx.session.scalar(
        select(MailSuppression).where(MailSuppression.address == me.email)
    )
    if found is None:
        raise Conflict("Mail goes to your address already.")
    await ctx.session.delete(found)
    await ctx.session.flush()
    return await get_preferences(ctx)


async def _mine(ctx: Context) -> NotificationPreference:
    values: dict[str, Any] = {
        "workspace_id": ctx.workspace_id,
        "id": ctx.user_id,
        "user_id": ctx.user_id,
        "channels": {},
        "times": {},
        "hold_in_focus": False,
    }
    await ctx.session.execute(
        insert(NotificationPreference).values(**values).on_conflict_do_nothing()
    )
    return await rows.get(ctx, NotificationPreference, ctx.user_id, lock=True)


def _times(mine: NotificationPreference | None) -> dict[NotificationKind, TimeView]:
    found = {kind: when_of(mine.times if mine else {}, kind) for kind in TIMED}
    return {
        kind: TimeView(time=f"{when.clock:%H:%M}", weekday=when.weekday, pdf=when.pdf)
        for kind, when in found.items()
    }


def _at(kind: NotificationKind, at: TimeInput) -> dict[str, Any]:
    if at.weekday is not None and kind not in WEEKLY:
        raise invalid(f"/times/{kind}/weekday", "Only weekly ones come on a day of the week.")
    if at.pdf and kind not in REPORTS:
        raise invalid(f"/times/{kind}/pdf", "Only reports come as a PDF.")
    return {"time": at.time, "weekday": at.weekday, "pdf": at.pdf}


def _clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text is not None else None
