"""What comes back from mail servers, and what is forgotten in time."""

from __future__ import annotations

import hmac
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, or_

from selfos.features.habits import service as habits
from selfos.features.identity import service as identity
from selfos.features.notifications.models import Alarm, Delivery, Notification
from selfos.features.notifications.schemas.words import AlarmState
from selfos.features.notifications.service.arming import rearm_habits
from selfos.features.notifications.service.delivering import suppress
from selfos.kernel.context import open_context
from selfos.kernel.core import Kernel
from selfos.kernel.database import SYSTEM
from selfos.kernel.errors import NotFound

KEPT_ALARMS, KEPT_NOTIFICATIONS = timedelta(days=30), timedelta(days=180)


async def take_bounce(kernel: Kernel, secret: str | None, address: str, reason: str) -> None:
    """Send no more mail to an address that a mail provider reports; needs its secret."""
    expected = kernel.settings.notification_settings.bounce_secret
    if expected is None or secret is None:
        raise NotFound("There is no such page.")
    if not hmac.compare_digest(secret.encode(), expected.get_secret_value().encode()):
        raise NotFound("There is no such page.")
    async with identity.open_system(kernel) as ctx:
        account = await identity.find_by_email(ctx, address)
        if account is not None:
            await suppress(ctx, account.user_id, account.email, reason)


async def tidy(kernel: Kernel) -> None:
    """Forget what is long over, and set the alarms of habits that have none."""
    async with identity.open_system(kernel) as ctx:
        over = Alarm.fires_at < ctx.now - KEPT_ALARMS
        await ctx.session.execute(delete(Alarm).where(over, Alarm.state != AlarmState.PENDING))
        old = ctx.now - KEPT_NOTIFICATIONS
        await ctx.session.execute(
            delete(Notification).where(
                Notification.shown_at < old,
                or_(Notification.read_at.is_not(None), Notification.listed.is_(False)),
            )
        )
        await ctx.session.execute(delete(Delivery).where(Delivery.created_at < old))
    for workspace_id in await habits.workspaces_of_habits(kernel):
        await _rearm(kernel, workspace_id)


async def _rearm(kernel: Kernel, workspace_id: UUID) -> None:
    async with open_context(kernel, workspace_id=workspace_id, scope=SYSTEM) as ctx:
        await rearm_habits(ctx)
