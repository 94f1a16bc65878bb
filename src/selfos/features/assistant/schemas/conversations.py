"""Conversations and messages as they cross a door."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from selfos.features.ai.schemas import Engine, Reason
from selfos.features.assistant.schemas.parts import ContextRef, Part
from selfos.features.assistant.schemas.words import Intent, MessageRole
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import Input, Page, Query, RowView, View, without_nul

LONGEST_MESSAGE = 4_000
LONGEST_TITLE = 120
MessageText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_MESSAGE),
    BeforeValidator(without_nul),
]
ConversationTitle = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
    BeforeValidator(without_nul),
]


class ConversationCreate(Input):
    """Without a title it is called by its first message."""

    id: ClientId | None = None
    title: ConversationTitle | None = None
    profile_id: UUID | None = None


class ConversationUpdate(Input):
    """A new name, another profile, or another branch to show; absent means unchanged."""

    title: ConversationTitle = Field(default_factory=lambda: "")
    profile_id: UUID | None = None
    head_id: Annotated[
        UUID | None, Field(description="A message of this conversation: the tip to show.")
    ] = None


class ConversationView(RowView):
    title: str
    head_id: UUID | None
    profile_id: UUID | None
    messages: Annotated[int, Field(description="How many there are, on all branches.")]


class ConversationPage(Page):
    items: list[ConversationView]


class ConversationQuery(PageQuery):
    pass


class MessageQuery(PageQuery):
    """Newest first."""


class MessageCreate(Input):
    """Say something. `parent_id` forks: by default it follows the tip of the branch shown."""

    id: ClientId | None = None
    text: MessageText
    parent_id: UUID | None = None


class Regenerate(Input):
    """Ask for another answer beside the one there is."""


class MessageView(View):
    """One message of the tree; an answer says which rung gave it and what it went by."""

    id: UUID
    conversation_id: UUID
    parent_id: UUID | None
    role: MessageRole
    parts: list[Part]
    intent: Intent | None
    confidence: float | None
    entities: dict[str, str]
    engine: Engine | None
    model: str | None
    reason: Reason | None
    cost_micros: int | None
    context_refs: list[ContextRef]
    stopped: bool
    created_at: datetime
    redacted_at: datetime | None


class MessagePage(Page):
    items: list[MessageView]


class Exchange(View):
    """What was said and what was answered."""

    message: MessageView
    answer: MessageView


class IntentAsked(Input):
    text: MessageText


class IntentView(View):
    """What a message wants, how sure that is, and who says so."""

    intent: Intent
    confidence: Annotated[float, Field(ge=0, le=1)]
    entities: dict[str, str]
    engine: Engine


class IntentCorrection(Input):
    """Whether the intent of a message was right, and if not, what it was."""

    correct: bool
    intent: Intent | None = None


class IntentFeedbackView(View):
    id: UUID
    correct: bool
    intent: Intent | None
    created_at: datetime


class AnalyticsQuery(Query):
    days: Annotated[int, Field(ge=1, le=366)] = 30


class Count(View):
    name: str
    count: int


class IntentCount(View):
    """How often an intent was read, how surely, and what people said of it."""

    intent: Intent
    count: int
    confidence: float
    confirmed: int
    corrected: int


class ConversationAnalytics(View):
    """My own conversations in numbers."""

    days: int
    conversations: int
    messages: int
    intents: list[IntentCount]
    engines: list[Count]
    cost_micros: Annotated[int | None, Field(description="Null while a price is unknown.")]
