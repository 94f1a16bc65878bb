"""What a way out must do with one notification for one address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from selfos.features.notifications.schemas.words import NotificationKind

CLIENT_ERRORS = range(400, 500)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a digest: what it is about, and its lines."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A PDF that a mail brings along."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """One notification, ready to go: what it says, where it leads, and what keeps it one.

    `message_id` stays the same when it is sent again. `unsubscribe` is the address that takes one
    click. Mails alone bring an `enclosure`, or the `remark` that says why they do not.
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
    parts: tuple[Part, ...] = ()
    enclosure: Enclosure | None = None
    remark: str = ""


class NotSentError(Exception):
    """It did not go out; the reason is for its person to read, and another try may help.

    `again_in` is how long whoever refused it asks us to wait.
    """

    def __init__(self, reason: str, *, again_in: timedelta | None = None) -> None:
        """Say why, in a sentence."""
        super().__init__(reason)
        self.again_in = again_in


class NeverSentError(NotSentError):
    """It did not go out and never will."""


class GoneError(NeverSentError):
    """The address is no more; forget it, unless it has been given to us again `since`."""

    def __init__(self, reason: str, *, since: datetime | None = None) -> None:
        """Say why, in a sentence."""
        super().__init__(reason)
        self.since = since


class Outlet(Protocol):
    """Takes one parcel; raises `NotSentError` if it was not accepted."""

    async def send(self, parcel: Parcel) -> None:
        """Hand it over."""
        ...


def is_for_good(status: int | None, passing: Collection[int]) -> bool:
    """Tell whether no other try helps: the status blames us, and is none of those that pass."""
    return status in CLIENT_ERRORS and status not in passing
