"""What crosses the doors of chats and other services."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from selfos.features.notifications.schemas.words import NotificationKind
from selfos.kernel.schema import ABSENT, Input, Name, View

LONGEST_URL = 2_000
Kinds = Annotated[
    list[NotificationKind] | None,
    Field(description="What it is told of what goes to chats; null: all of it."),
]


class DestinationCreate(Input):
    """Where to tell me; the URL is a secret, and is never shown again."""

    name: Name
    url: Annotated[
        str,
        StringConstraints(pattern=r"^[a-z]+://[\x21-\x7e]+$", max_length=LONGEST_URL),
        Field(description="Its Apprise URL, such as `ntfys://ntfy.example/my-topic`."),
    ]
    kinds: Kinds = None


class DestinationUpdate(Input):
    """What to call it, and what to tell it. Its URL stays; for another one, add it anew."""

    name: Name = ABSENT
    kinds: Kinds = None


class DestinationView(View):
    id: UUID
    name: str
    service: Annotated[str, Field(description="What it is: ntfy, Telegram, Slack ...")]
    kinds: Kinds
    created_at: datetime
    last_sent_at: datetime | None


class DestinationList(View):
    """Oldest first, with the services that can be added."""

    items: list[DestinationView]
    services: Annotated[
        dict[str, str], Field(description="The scheme of a URL, and the service it is of.")
    ]
