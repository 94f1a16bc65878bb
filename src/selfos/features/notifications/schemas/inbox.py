"""What crosses the doors of the inbox, the preferences and the delivery log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from selfos.features.notifications.schemas.digests import (
    SectionView,
    TimedKind,
    TimeInput,
    TimeView,
)
from selfos.features.notifications.schemas.words import (
    MINUTES_PER_YEAR,
    Channel,
    DeliveryStatus,
    DeviceKind,
    NotificationKind,
    NotificationSubject,
    Snooze,
    WallTime,
)
from selfos.kernel.documents import PageQuery
from selfos.kernel.schema import ABSENT, Input, Name, Page, View

LONGEST_ENDPOINT, LONGEST_KEY = 2_000, 200
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=LONGEST_KEY)]


class NotificationQuery(PageQuery):
    unread: Annotated[bool, Field(description="Only what is unread.")] = False


class NotificationView(View):
    id: UUID
    kind: NotificationKind
    subject: NotificationSubject | None
    subject_id: UUID | None
    title: str
    body: str
    sections: Annotated[list[SectionView], Field(description="The parts of a digest.")]
    planned_at: datetime
    shown_at: datetime
    read_at: datetime | None
    snoozed_until: datetime | None


class NotificationPage(Page):
    """Newest first; what is snoozed comes back when its time is over."""

    items: list[NotificationView]


class UnreadView(View):
    unread: int


class SnoozeInput(Input):
    for_: Annotated[Snooze, Field(alias="for")]


class DeliveryView(View):
    id: UUID
    notification_id: UUID
    title: str
    kind: NotificationKind
    template_version: Annotated[
        int | None, Field(description="Of the workspace's own words; null: the built-in ones.")
    ]
    channel: Channel
    status: DeliveryStatus
    attempts: int
    not_before: datetime
    reason: str
    created_at: datetime
    sent_at: datetime | None


class DeliveryPage(Page):
    """What was sent outside of the page, and what became of it; newest first."""

    items: list[DeliveryView]


class MailView(View):
    address: str
    confirmed: bool
    suppressed: Annotated[str | None, Field(description="Why no mail goes there, if none does.")]


class NotificationPreferencesView(View):
    channels: dict[NotificationKind, list[Channel]]
    quiet_from: WallTime | None
    quiet_until: WallTime | None
    escalate_minutes: int | None
    hold_in_focus: Annotated[
        bool, Field(description="Hold all that is sent while my timer runs, not suggestions alone.")
    ]
    times: Annotated[
        dict[NotificationKind, TimeView], Field(description="When digests and reports come.")
    ]
    sets_pdf: Annotated[
        bool, Field(description="Whether this installation can set a report as a PDF.")
    ]
    email: MailView
    version: int


Channels = dict[NotificationKind, list[Channel]]


class NotificationPreferencesUpdate(Input):
    """Kinds that are absent stay as they are; quiet hours are two times, or null for none."""

    channels: Channels = ABSENT
    times: dict[TimedKind, TimeInput] = ABSENT
    quiet_from: WallTime | None = None
    quiet_until: WallTime | None = None
    escalate_minutes: Annotated[
        int | None,
        Field(
            ge=1,
            le=MINUTES_PER_YEAR,
            description="Push what was mailed and is still unread after so many minutes.",
        ),
    ] = None
    hold_in_focus: bool = ABSENT

    @model_validator(mode="after")
    def _whole_hours(self) -> NotificationPreferencesUpdate:
        given = {"quiet_from", "quiet_until"} & self.model_fields_set
        if len(given) == 1 or (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet hours have a beginning and an end")
        return self


class TestInput(Input):
    channel: Literal[Channel.EMAIL, Channel.PUSH]


class PushKeyView(View):
    key: Annotated[str, Field(description="The applicationServerKey to subscribe with.")]


class PushKeys(Input):
    p256dh: Key
    auth: Key


class DeviceCreate(Input):
    """A browser's push subscription, as its `toJSON()` says it, and what to call the browser."""

    name: Name
    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://", max_length=LONGEST_ENDPOINT)]
    keys: PushKeys


class PhoneCreate(Input):
    """An app's registration: at Firebase by its token, or at Apple by its device token in hex."""

    name: Name
    kind: Literal[DeviceKind.FCM, DeviceKind.APNS]
    token: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9:_-]{16,}$", max_length=LONGEST_ENDPOINT)
    ]


class DeviceView(View):
    id: UUID
    name: str
    kind: DeviceKind
    created_at: datetime
    last_sent_at: datetime | None


class DeviceList(View):
    items: list[DeviceView]


class BounceInput(Input):
    """Mail to this address came back for good, or its reader complained."""

    address: Annotated[str, StringConstraints(min_length=3, max_length=320)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
