"""Requests that succeed, for what reaches people: reminders, the inbox, preferences, devices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from selfos.features.notifications import service as notifications
from selfos.features.notifications.models import Destination
from selfos.features.notifications.schemas.words import Channel, NotificationKind
from selfos.features.notifications.service.telling import News, tell
from selfos.kernel.context import Actor, open_context
from selfos.kernel.identifiers import new_id
from selfos.kernel.ledger.models import ActorKind
from tests.security.operations import Tree
from tests.security.requests_by_operation import Builder, thing
from tests.security.world import Owner

BOUNCE_SECRET = "a secret of sixteen and more"
BROWSER_KEYS = {
    "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQ",
    "auth": "tBHItJI5svbpez7KI4CCXg",
}


async def schedule_reminder(owner: Owner) -> list[Tree]:
    body: dict[str, Any] = {"subject_id": await thing(owner, "tasks"), "minutes_before": 5}
    return [{"body": {"id": str(new_id()), **body}}]


async def list_reminders(owner: Owner) -> list[Tree]:
    task = await thing(owner, "tasks")
    await owner.make("/reminders", subject_id=task, minutes_before=5)
    return [{"query": {"subject_id": task}}]


def on_reminder(**body: Any) -> Builder:
    """A request about one reminder of one's own."""

    async def build(owner: Owner) -> list[Tree]:
        task = await thing(owner, "tasks")
        reminder = await owner.make("/reminders", subject_id=task, minutes_before=5)
        return [{"path": {"reminder_id": reminder}, **({"body": body} if body else {})}]

    return build


def on_notification(**body: Any) -> Builder:
    """A request about one notification that has been told."""

    async def build(owner: Owner) -> list[Tree]:
        place = UUID(owner.workspace), owner.person.user_id
        async with open_context(
            owner.person.kernel,
            workspace_id=place[0],
            actor=Actor(ActorKind.SYSTEM, place[1]),
        ) as ctx:
            values = {"title": owner.mark, "body": owner.mark}
            inbox = frozenset({Channel.INBOX})
            news = News(
                place, NotificationKind.MESSAGE, str(new_id()), ctx.now, values, channels=inbox
            )
            (notification,) = await tell(ctx, [news])
        path = {"notification_id": str(notification)}
        return [{"path": path, **({"body": body} if body else {})}]

    return build


async def add_device(owner: Owner) -> list[Tree]:
    endpoint = f"https://push.example/{new_id()}"
    return [{"body": {"name": owner.mark, "endpoint": endpoint, "keys": BROWSER_KEYS}}]


async def add_phone(owner: Owner) -> list[Tree]:
    return [{"body": {"name": owner.mark, "kind": "fcm", "token": f"{new_id()}:{new_id()}"}}]


async def on_device(owner: Owner) -> list[Tree]:
    (made,) = await add_device(owner)
    return [{"path": {"device_id": await owner.make("/notifications/devices", **made["body"])}}]


async def add_destination(owner: Owner) -> list[Tree]:
    return [{"body": {"name": owner.mark, "url": f"ntfys://ntfy.example/{owner.mark}"}}]


async def on_destination(owner: Owner) -> list[Tree]:
    """A request about a chat; what it would be told by is of no matter here."""
    async with owner.person.context() as ctx:
        chat = Destination(
            user_id=owner.person.user_id, name=owner.mark, service="ntfy", sealed_url=b"",
            created_at=ctx.now, last_sent_at=None,
        )  # fmt: skip
        ctx.session.add(chat)
        await ctx.session.flush()
        return [{"path": {"destination_id": str(chat.id)}}]


async def update_destination(owner: Owner) -> list[Tree]:
    (made,) = await on_destination(owner)
    return [{**made, "body": {"name": owner.mark, "kinds": ["message"]}}]


def on_words() -> Builder:
    """A request that says something in words of the workspace's own."""

    async def build(owner: Owner) -> list[Tree]:
        body = {"title": f"{{{{ count }}}} {owner.mark}", "body": "x"}
        return [{"path": {"kind": "overdue", "language": "de"}, "body": body}]

    return build


async def on_changed_words(owner: Owner) -> list[Tree]:
    """A request to say it in the built-in words again, after it was changed."""
    body = {"title": owner.mark, "body": owner.mark}
    await owner.call("PUT", "/notifications/templates/overdue/es", **body)
    return [{"path": {"kind": "overdue", "language": "es"}}]


async def send_test(owner: Owner) -> list[Tree]:
    await on_device(owner)
    return [{"body": {"channel": "push"}}]


async def resume_mail(owner: Owner) -> list[Tree]:
    place = UUID(owner.workspace), owner.person.user_id
    actor = Actor(ActorKind.SYSTEM, place[1])
    async with open_context(owner.person.kernel, workspace_id=place[0], actor=actor) as ctx:
        await notifications.suppress(ctx, place[1], owner.person.email, owner.mark)
    return [{}]


async def unsubscribe(owner: Owner) -> list[Tree]:
    place = UUID(owner.workspace), owner.person.user_id
    token = notifications.unsubscribe_token(owner.person.kernel, place, NotificationKind.MESSAGE)
    return [{"query": {"token": token}}]


async def show_mail(owner: Owner) -> list[Tree]:
    path = "/notifications/templates/message/en/preview"
    said = await owner.call("POST", path, title=owner.mark, body="")
    return [{"query": {"token": said.json()["mail"].partition("token=")[2]}}]


async def report_bounce(owner: Owner) -> list[Tree]:
    secret = {"SelfOS-Bounce-Secret": BOUNCE_SECRET}
    address = f"nobody.{new_id()}@example.org"
    return [{"header": secret, "body": {"address": address, "reason": "Mailbox full"}}]
