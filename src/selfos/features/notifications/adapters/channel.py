"""What a way out must do with one notification for one address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from selfos.features.notifications.schemas.words import NotificationKind


@dataclass(frozen=True, slots=True)
class Parcel:
    """One notification, ready to go: what it says, where it leads, and what keeps it one.

    `message_id` stays the same when it is sent again. `unsubscribe` is the address that takes one
    click.
    """

    message_id: str
    notification_id: UUID
    kind: NotificationKind
    title: str
    body: str
    link: str
    locale: str
    unsubscribe: str
    settings_link: str


class NotSentError(Exception):
    """It did not go out; the reason is for its person to read, and another try may help."""


class NeverSentError(NotSentError):
    """It did not go out and never will."""


class GoneError(NeverSentError):
    """The address is no more; forget it."""


class Outlet(Protocol):
    """Takes one parcel; raises `NotSentError` if it was not accepted."""

    async def send(self, parcel: Parcel) -> None:
        """Hand it over."""
        ...
