"""What a mail brings along: a report as a PDF, where its person wants that and it can be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from selfos.features.notifications.adapters.channel import Enclosure, Parcel
from selfos.features.notifications.digests import when_of
from selfos.features.notifications.models import Delivery, Notification, NotificationPreference
from selfos.features.notifications.schemas.words import Channel, NotificationSubject
from selfos.features.notifications.wording import phrase
from selfos.features.progress import service as progress
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.errors import Unavailable

# A report is some 60 kB. Mail servers refuse what is too large for them, and the mail with it.
LARGEST_BYTES = 2_000_000

ReportPage = Mapping[str, Any]


async def page_to_enclose(
    ctx: Context, delivery: Delivery, notification: Notification, locale: str
) -> ReportPage | None:
    """Return the page of a report whose mail is to bring it as a PDF, else None."""
    is_report = notification.subject is NotificationSubject.REPORT
    if delivery.channel is not Channel.EMAIL or not is_report or notification.subject_id is None:
        return None
    mine = await rows.find(ctx, NotificationPreference, ctx.user_id)
    if mine is None or not when_of(mine.times, notification.kind).pdf:
        return None
    return await progress.retell_report(ctx, notification.subject_id, locale)


async def with_paper(parcel: Parcel, page: ReportPage) -> Parcel:
    """Return the parcel with its page set as a PDF; where that cannot be, with where to find it."""
    try:
        paper = await progress.set_report(page)
    except Unavailable:
        paper = None
    if paper is None or len(paper.content) > LARGEST_BYTES:
        remark = phrase("pdf_instead", parcel.locale, {"link": parcel.link})
        return replace(parcel, remark=remark)
    return replace(parcel, enclosure=Enclosure(paper.name, paper.content))
