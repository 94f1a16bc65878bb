"""What a device sends and receives, and how the journal of conflicts looks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from selfos.kernel.documents import PageQuery
from selfos.kernel.schema import Input, Name, Page, View

OPS_LIMIT = ROWS_LIMIT = 500
LARGEST_NUMBER = 2**53 - 1
WORDS_LIMIT = 50

# Judged one by one and not with the request, so that one bad change holds no other up.
Word = Annotated[str, Field(max_length=100)]
LedgerNumber = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
DeviceId = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        description="A UUID the device makes once and keeps.",
    ),
]


class Op(Input):
    """One change made on a device. Fields are those of the verb's own operation."""

    id: Annotated[Word, Field(description="UUIDv7, made with the change; repeating it is safe.")]
    entity: Word
    entity_id: Annotated[Word, Field(description="UUID; UUIDv7 of its own for a new thing.")]
    verb: Word
    fields: dict[str, Any] = {}
    base: Annotated[
        LedgerNumber | None,
        Field(description="`seq` at which the device knew the row; null if it never did."),
    ] = None
    hlc: Annotated[Word, Field(description="Hybrid clock: `<ISO ms>Z-<4 hex>-<device>`.")]


class SyncRequest(Input):
    """What a device has done since, and how far it knows the ledger."""

    device: DeviceId
    cursor: Annotated[
        LedgerNumber | None,
        Field(description="`cursor` of the last answer; null asks for everything."),
    ] = None
    page: Annotated[
        str | None,
        Field(max_length=500, description="`page` of the last answer, inside a full sync."),
    ] = None
    ops: Annotated[list[Op], Field(max_length=OPS_LIMIT)] = []
    limit: Annotated[int, Field(ge=1, le=ROWS_LIMIT)] = ROWS_LIMIT


class WordsEdit(Input):
    """A set of words as it was edited, instead of as it became."""

    add: Annotated[list[Name], Field(max_length=WORDS_LIMIT)] = []
    remove: Annotated[list[Name], Field(max_length=WORDS_LIMIT)] = []


class AckStatus(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    REFUSED = "refused"
    REPEATED = "repeated"


class LostWrite(View):
    """One field of which two wrote different values: what stands now, and what does not."""

    id: UUID
    field: str
    kept: Any
    lost: Any


class Ack(View):
    id: str
    status: AckStatus
    changeset_id: UUID | None = None
    problem: dict[str, Any] | None = None
    conflicts: list[LostWrite] = []


class ChangedRow(View):
    """A row as it is now, or null when it is gone for good."""

    entity: str
    id: UUID
    seq: int
    row: dict[str, Any] | None


class SyncAnswer(View):
    acks: list[Ack]
    changes: list[ChangedRow]
    cursor: int | None
    page: str | None
    more: bool
    full_sync: bool
    server_hlc: str


class ConflictState(StrEnum):
    """What was done about a lost write."""

    OPEN = "open"
    RESTORED = "restored"
    DISMISSED = "dismissed"


class ConflictView(View):
    """A write that lost against another one. `lost` can be written back as long as it is open."""

    id: UUID
    entity: str
    entity_id: UUID
    field: str
    kept: Any
    lost: Any
    kept_by: UUID | None
    lost_by: UUID | None
    device: UUID
    state: ConflictState
    created_at: datetime
    settled_at: datetime | None


class ConflictPage(Page):
    items: list[ConflictView]


class ConflictQuery(PageQuery):
    """Newest first; by default those nobody has looked at."""

    state: ConflictState | Literal["all"] = ConflictState.OPEN
    entity_id: UUID | None = None
