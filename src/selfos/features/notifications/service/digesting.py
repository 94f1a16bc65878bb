"""Digests and reports told: each written from what the pages show, once for its day."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from selfos.features.agenda import service as agenda
from selfos.features.identity import service as identity
from selfos.features.notifications.digests import Digest, evening, morning, report, weekly
from selfos.features.notifications.models import NotificationPreference
from selfos.features.notifications.schemas.digests import DigestView
from selfos.features.notifications.schemas.words import (
    DIGESTS,
    Channel,
    NotificationKind,
    NotificationSubject,
)
from selfos.features.notifications.service.choosing import wanted
from selfos.features.notifications.service.following import OF_REPORTS
from selfos.features.notifications.service.telling import News, tell
from selfos.features.notifications.wording import say
from selfos.features.planning import service as planning
from selfos.features.progress import service as progress
from selfos.features.progress.schemas import ReportKind, StatsQuery
from selfos.kernel import rows
from selfos.kernel.context import Actor, Context, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind
from selfos.kernel.permissions import Permission

WEEK = timedelta(days=6)
KIND_OF_REPORT = {kind: ReportKind(name) for name, kind in OF_REPORTS.items()}


async def tell_digest(
    kernel: Kernel,
    *,
    workspace_id: str,
    user_id: str,
    kind: str,
    planned_at: str,
    report_id: str | None,
) -> None:
    """Tell somebody a digest or a report by the ways they want it; a day without one is skipped."""
    actor = Actor(ActorKind.SYSTEM, UUID(user_id))
    async with open_context(kernel, workspace_id=UUID(workspace_id), actor=actor) as ctx:
        me = (await identity.reach(ctx, [ctx.user_id])).get(ctx.user_id)
        if me is None:
            return
        noun, planned = NotificationKind(kind), datetime.fromisoformat(planned_at)
        if report_id is not None:
            await tell(ctx, [await _of_report(ctx, me, noun, UUID(report_id), planned)])
            return
        # By its day: whoever travels west meets the same morning twice, and hears of it once.
        day = me.clock.local_day(planned)
        digest = await _write(ctx, me, noun, day)
        if not digest.is_empty:
            place = (ctx.workspace_id, ctx.user_id)
            await tell(ctx, [News(place, noun, f"{noun}@{day}", planned, digest.values)])


async def preview_digest(ctx: Context, kind: NotificationKind) -> DigestView:
    """Show the acting person what a digest would say now."""
    ctx.require(Permission.NOTIFICATION_READ)
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    digest = await _write(ctx, me, kind, me.clock.today(ctx.now))
    said = say(kind, me.locale, digest.values)
    return DigestView.model_validate(
        {
            "kind": kind,
            "title": said.title,
            "body": said.body,
            "sections": digest.values["sections"],
            "empty": digest.is_empty,
        }
    )


async def send_digest(ctx: Context, kind: NotificationKind) -> None:
    """Tell the acting person one now, by the ways they want it and in the inbox.

    Also about an empty day, and whatever the hour: they have just asked. A report is told anew.
    """
    ctx.require(Permission.NOTIFICATION_WRITE)
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    mine = await rows.find(ctx, NotificationPreference, ctx.user_id)
    key, ways = f"{kind}:{new_id()}", wanted(mine, kind) | {Channel.INBOX}
    place = (ctx.workspace_id, ctx.user_id)
    if kind in DIGESTS:
        digest = await _write(ctx, me, kind, me.clock.today(ctx.now))
        news = News(place, kind, key, ctx.now, digest.values, channels=ways)
    else:
        report_id = await progress.generate_report(ctx, KIND_OF_REPORT[kind])
        news = await _of_report(ctx, me, kind, report_id, ctx.now, key=key, channels=ways)
    await tell(ctx, [news])


async def _of_report(
    ctx: Context,
    me: identity.Reached,
    kind: NotificationKind,
    report_id: UUID,
    planned: datetime,
    *,
    key: str | None = None,
    channels: frozenset[Channel] | None = None,
) -> News:
    page = await progress.retell_report(ctx, report_id, me.locale)
    return News(
        place=(ctx.workspace_id, ctx.user_id),
        kind=kind,
        key=key or f"{kind}@{page['first']}",
        planned_at=planned,
        values=report(page).values,
        subject=NotificationSubject.REPORT,
        subject_id=report_id,
        channels=channels,
    )


async def _write(ctx: Context, me: identity.Reached, kind: NotificationKind, day: date) -> Digest:
    match kind:
        case NotificationKind.MORNING_PLAN:
            return morning(await _today(ctx, day), me.clock.zone, me.locale)
        case NotificationKind.EVENING_RECORD:
            following = day + timedelta(days=1)
            calendar = json.loads(await agenda.show_calendar(ctx, following, following))
            return evening(await _today(ctx, day), calendar["days"][0], me.locale)
        case NotificationKind.WEEKLY_REVIEW:
            query = StatsQuery.model_validate({"from": day - WEEK, "to": day})
            stats = await progress.calculate_user_stats(ctx, query)
            risks = await planning.goals_at_risk(ctx, planning.Day(day, me.clock))
            said = await progress.told_in_sentences(ctx, ReportKind.WEEK, stats, me.locale)
            return weekly(stats, said, risks, me.locale)
        case _:
            raise ValueError(f"{kind} is no digest")


async def _today(ctx: Context, day: date) -> dict[str, Any]:
    return json.loads(await agenda.show_today(ctx, day))
