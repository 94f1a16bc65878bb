"""Chats and other services that somebody wants to be told through."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from selfos.features.identity import service as identity
from selfos.features.notifications.adapters.apprise import SERVICES, is_understood, service_of
from selfos.features.notifications.adapters.channel import NotSentError
from selfos.features.notifications.models import Destination
from selfos.features.notifications.schemas.destinations import (
    DestinationCreate,
    DestinationList,
    DestinationUpdate,
    DestinationView,
)
from selfos.features.notifications.schemas.words import Channel, NotificationKind
from selfos.features.notifications.service.telling import News, tell
from selfos.features.notifications.wording import say
from selfos.kernel import rows
from selfos.kernel.context import Context
from selfos.kernel.core import Kernel
from selfos.kernel.crypto import Keys, open_bytes, seal_bytes
from selfos.kernel.errors import Conflict, Unavailable, invalid
from selfos.kernel.identifiers import new_id
from selfos.kernel.permissions import Permission

PURPOSE = "notifications.destination"
MOST_DESTINATIONS = 20


async def list_destinations(ctx: Context) -> DestinationList:
    """Return where the acting person is told, oldest first; the addresses stay with us."""
    ctx.require(Permission.NOTIFICATION_READ)
    found = await ctx.session.scalars(
        select(Destination).order_by(Destination.created_at, Destination.id)
    )
    items = [DestinationView.model_validate(each) for each in found]
    return DestinationList(items=items, services=SERVICES)


async def add_destination(ctx: Context, kernel: Kernel, new: DestinationCreate) -> DestinationView:
    """Tell the acting person through this service as well; nothing is sent yet."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    service = service_of(new.url)
    if service is None:
        known = ", ".join(sorted({f"{scheme}://" for scheme in SERVICES}))
        raise invalid("/url", f"We send to addresses that begin with one of these: {known}.")
    if await ctx.session.scalar(select(func.count()).select_from(Destination)) == MOST_DESTINATIONS:
        raise Conflict(f"You are told in {MOST_DESTINATIONS} places already; take one away.")
    try:
        understood = await is_understood(kernel, new.url)
    except NotSentError as error:
        raise Unavailable("The address could not be checked; try again.") from error
    if not understood:
        raise invalid("/url", f"This is not a whole address of {service}.")
    destination = Destination(
        id=new_id(),
        user_id=ctx.user_id,
        name=new.name,
        service=service,
        kinds=_kinds(new.kinds),
        created_at=ctx.now,
        last_sent_at=None,
    )
    destination.sealed_url = sealed(kernel.keys, destination, new.url)
    ctx.session.add(destination)
    await ctx.session.flush()
    return DestinationView.model_validate(destination)


async def update_destination(
    ctx: Context, destination_id: UUID, change: DestinationUpdate
) -> DestinationView:
    """Tell this service other things, or call it otherwise."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    destination = await rows.get(ctx, Destination, destination_id, lock=True)
    given = change.given()
    if "name" in given:
        destination.name = change.name
    if "kinds" in given:
        destination.kinds = _kinds(change.kinds)
    await ctx.session.flush()
    return DestinationView.model_validate(destination)


async def remove_destination(ctx: Context, destination_id: UUID) -> None:
    """Tell the acting person through this service no longer."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    await ctx.session.delete(await rows.get(ctx, Destination, destination_id))


async def try_destination(ctx: Context, destination_id: UUID, instance: str) -> None:
    """Send a test to this place alone; the delivery log says what became of it."""
    ctx.require(Permission.NOTIFICATION_WRITE)
    destination = await rows.get(ctx, Destination, destination_id)
    me = (await identity.reach(ctx, [ctx.user_id]))[ctx.user_id]
    said = say("test", me.locale, {"instance": instance})
    await tell(
        ctx,
        [
            News(
                place=(ctx.workspace_id, ctx.user_id),
                kind=NotificationKind.MESSAGE,
                key=f"test:{new_id()}",
                planned_at=ctx.now,
                values={"title": said.title, "body": said.body},
                channels=frozenset({Channel.CHAT}),
                target=destination.id,
            )
        ],
    )


def _kinds(chosen: Collection[NotificationKind] | None) -> list[str] | None:
    return sorted(set(chosen)) if chosen is not None else None


def url_of(keys: Keys, destination: Destination) -> str:
    """Return the address in the clear, for sending alone."""
    owner = _owner(destination)
    return open_bytes(keys, PURPOSE, destination.sealed_url, bound_to=owner).decode()


def sealed(keys: Keys, destination: Destination, url: str) -> bytes:
    """Return an address as it is kept: moved to another row it cannot be opened."""
    return seal_bytes(keys, PURPOSE, url.encode(), bound_to=_owner(destination))


def _owner(destination: Destination) -> str:
    return f"{destination.user_id}|{destination.id}"
