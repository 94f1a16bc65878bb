"""Ways out of mail: one click in a mail program, and what mail servers report."""

from __future__ import annotations

import base64
import hmac
import json
from uuid import UUID

from selfos.features.notifications.schemas.words import Channel, NotificationKind
from selfos.features.notifications.service.choosing import Place
from selfos.features.notifications.service.preferences import mute
from selfos.kernel.context import Actor, open_context
from selfos.kernel.core import Kernel
from selfos.kernel.errors import NotFound
from selfos.kernel.ledger.models import ActorKind

PURPOSE = "notifications.unsubscribe"
MAC_BYTES = 16
NO_SUCH = "This link is not one of ours; choose what you are told in Settings, Notifications."


def unsubscribe_link(kernel: Kernel, place: Place, kind: NotificationKind) -> str:
    """Return the address that takes somebody out of the mails of this kind, by one POST."""
    token = unsubscribe_token(kernel, place, kind)
    return f"{kernel.settings.origin}/api/v1/notifications/unsubscribe?token={token}"


def unsubscribe_token(kernel: Kernel, place: Place, kind: NotificationKind) -> str:
    """Return a signed token: it takes out of mails and does nothing else, and so never ends."""
    message = json.dumps([str(place[0]), str(place[1]), kind]).encode()
    mac = kernel.keys.sign(PURPOSE, message)[:MAC_BYTES]
    return base64.urlsafe_b64encode(mac + message).rstrip(b"=").decode()


async def unsubscribe(kernel: Kernel, token: str) -> None:
    """Take somebody out of the mails of one kind; repeating it changes nothing."""
    place, kind = _read(kernel, token)
    actor = Actor(ActorKind.SYSTEM, place[1])
    async with open_context(kernel, workspace_id=place[0], actor=actor) as ctx:
        await mute(ctx, kind, Channel.EMAIL)


def _read(kernel: Kernel, token: str) -> tuple[Place, NotificationKind]:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        mac, message = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not hmac.compare_digest(mac, kernel.keys.sign(PURPOSE, message)[:MAC_BYTES]):
            raise NotFound(NO_SUCH)
        workspace_id, user_id, kind = json.loads(message)
        return (UUID(workspace_id), UUID(user_id)), NotificationKind(kind)
    except ValueError as error:
        raise NotFound(NO_SUCH) from error
