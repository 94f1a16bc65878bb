"""What crosses the doors of memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from selfos.features.ai.schemas import Engine
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Page, Query, RowView, View, without_nul

LONGEST_FACT, LONGEST_PROFILE, LONGEST_QUESTION = 1_000, 2_000, 2_000
BUDGET_TOKENS, BUDGET_MAXIMUM = 400, 4_000
ME = "me"


class FactKind(StrEnum):
    """What sort of thing a fact says."""

    PREFERENCE = "preference"
    CONSTRAINT = "constraint"
    FACT = "fact"
    EVENT = "event"
    COMMITMENT = "commitment"


class Origin(StrEnum):
    """Who wrote a fact down."""

    USER = "user"
    RULES = "rules"
    MODEL = "llm"
    IMPORT = "import"


class SourceKind(StrEnum):
    """What a fact was taken from."""

    PERSON = "person"
    MESSAGE = "message"
    TASK = "task"
    GOAL = "goal"
    HABIT = "habit"
    NOTE = "note"
    COMMENT = "comment"
    CALENDAR = "calendar"
    IMPORT = "import"


class Standing(StrEnum):
    """Which facts to list."""

    CURRENT = "current"
    PENDING = "pending"
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. Untrusted is whatever its person did not write themselves.

    `area_id` is the life area it was said in or about: its dial says how far the words may travel.
    """

    kind: SourceKind
    id: UUID | None = None
    trusted: bool = True
    area_id: UUID | None = None


BY_HAND = Source(SourceKind.PERSON)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("write something")
    return text.strip()


FactText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_FACT),
    BeforeValidator(without_nul),
    AfterValidator(_not_blank),
    Field(description="One sentence, in one's own words."),
]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    BeforeValidator(without_nul),
]
Predicate = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100), BeforeValidator(without_nul)
]


class FactCreate(Input):
    """Something to remember, written by hand."""

    id: ClientId | None = None
    text: FactText
    kind: FactKind = FactKind.FACT
    subject: Annotated[Word, Field(description="Whom it is about.")] = ME
    predicate: Annotated[Predicate, Field(description="What it says of them: `lives in`.")] = ""
    valid_from: Annotated[date | None, Field(description="Since when; null is not known.")] = None
    valid_to: Annotated[date | None, Field(description="First day it no longer holds.")] = None

    @model_validator(mode="after")
    def _in_order(self) -> FactCreate:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("it would end before it begins")
        return self


class FactCorrect(Input):
    """What holds instead: since a day, or all along when the old words were a mistake."""

    text: FactText
    kind: FactKind | None = None
    since: Annotated[date | None, Field(description="By default today.")] = None
    mistaken: Annotated[bool, Field(description="The old words were never true.")] = False


class FactQuery(PageQuery):
    standing: Standing = Standing.CURRENT
    kind: FactKind | None = None
    origin: Origin | None = None
    source_id: UUID | None = None


class FactSource(View):
    """What a fact was taken from; `title` is what that is called now, if it still exists."""

    kind: SourceKind
    id: UUID | None
    title: str | None


class FactView(RowView):
    subject: str
    predicate: str
    text: str
    kind: FactKind
    confidence: float
    origin: Origin
    source: FactSource
    trusted: Annotated[bool, Field(description="It comes from its person's own words or deeds.")]
    pending: Annotated[bool, Field(description="It waits for a yes and is used for nothing.")]
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    superseded_by: UUID | None
    confirmed_at: datetime | None
    last_used_at: datetime | None
    uses_count: int


class FactPage(Page):
    """Last recorded first."""

    items: list[FactView]


class FactUseView(View):
    """One time a fact was handed to something, and why."""

    id: UUID
    at: datetime
    purpose: str
    used_by: Annotated[UUID | None, Field(description="The message or generation it went into.")]
    words: Annotated[list[str], Field(description="Words of the question it shares.")]
    score: float
    similarity: float | None


class FactUsePage(Page):
    """Newest first."""

    items: list[FactUseView]


class RecallQuery(Query):
    """A question to memory."""

    q: Annotated[
        str, Field(min_length=1, max_length=LONGEST_QUESTION), BeforeValidator(without_nul)
    ]
    budget: Annotated[
        int, Field(ge=1, le=BUDGET_MAXIMUM, description="About how many tokens may come back.")
    ] = BUDGET_TOKENS
    on: Annotated[date | None, Field(description="What held on this day.")] = None


class Why(View):
    """Why a fact was found."""

    words: list[str]
    text_score: float
    recency: float
    kind_weight: float
    similarity: float | None = None


class HitView(View):
    """A fact that bears on the question, with the reason."""

    id: UUID
    text: str
    subject: str
    kind: FactKind
    origin: Origin
    area_id: UUID | None
    valid_from: date | None
    valid_to: date | None
    score: float
    why: Why


class Recalled(View):
    """What memory has to say, best first; nothing when it does not know.

    Which facts bear on a question is judged by rules, always; vectors are one of their numbers.
    """

    engine: Literal[Engine.RULES]
    items: list[HitView]
    enabled: bool
    on: Annotated[date | None, Field(description="The day asked about, read from the question.")]


class ProfileUpdate(Input):
    """The few words that always go along, and the switch."""

    text: Annotated[
        str, StringConstraints(max_length=LONGEST_PROFILE), BeforeValidator(without_nul)
    ] = ABSENT
    enabled: bool = ABSENT


class ProfileView(View):
    """What always goes along with a question, and whether anything is remembered at all."""

    text: str
    enabled: bool
    updated_at: datetime
    version: int
