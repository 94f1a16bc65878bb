"""What crosses the doors of moderation."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import Input, Page, Prose, RowView, View, without_nul


class Verdict(StrEnum):
    """What is to become of a text, from least to most."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"
    CRISIS = "crisis"


class Category(StrEnum):
    """What a text may be about: the thirteen of OpenAI's moderation, and four of our own."""

    HARASSMENT = "harassment"
    THREAT = "harassment/threatening"
    HATE = "hate"
    HATE_THREAT = "hate/threatening"
    ILLICIT = "illicit"
    ILLICIT_VIOLENT = "illicit/violent"
    SELF_HARM = "self-harm"
    SELF_HARM_INTENT = "self-harm/intent"
    SELF_HARM_INSTRUCTIONS = "self-harm/instructions"
    SEXUAL = "sexual"
    SEXUAL_MINORS = "sexual/minors"
    VIOLENCE = "violence"
    GRAPHIC = "violence/graphic"
    PERSONAL = "personal data"
    SECRET = "secret"  # noqa: S105 - a word, not a password
    LINK = "link"
    WORD_LIST = "word list"


class Where(StrEnum):
    """Who will read a text."""

    PRIVATE = "private"
    COACH = "coach"
    TEAM = "team"
    PUBLIC = "public"


class Finding(View):
    """One thing found: what it is about, and the words, shortened where they are a secret."""

    category: Category
    words: str


class Resource(View):
    """Somebody who helps."""

    name: str
    contact: str
    region: str


class CrisisCard(View):
    """What to show instead of an answer, to somebody who may harm themselves."""

    title: str
    text: str
    resources: list[Resource]


class Moderation(View):
    """What was made of a text, by whom, and why."""

    verdict: Verdict
    findings: list[Finding]
    engine: Annotated[str, Field(description="`rules`, or the rung that looked beside them.")]
    unchecked: Annotated[
        bool, Field(description="A model should have looked and could not; do not publish.")
    ] = False
    card: CrisisCard | None = None


class TextCheck(Input):
    """A text that somebody is about to send or publish."""

    text: Prose
    where: Where = Where.PUBLIC


def _a_word(text: str) -> str:
    if not any(letter.isalnum() for letter in text):
        raise ValueError("a word has letters or digits")
    return text


ListedText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=100),
    BeforeValidator(without_nul),
    AfterValidator(_a_word),
]


class ListedVerdict(StrEnum):
    """What a word of the list does."""

    WARN = "warn"
    BLOCK = "block"


class ListedWordCreate(Input):
    """A word or phrase that this workspace does not want in what it shares."""

    id: ClientId | None = None
    text: ListedText
    verdict: ListedVerdict = ListedVerdict.WARN


class ListedWordQuery(PageQuery):
    """All there are, in the order they were added."""


class ListedWordView(RowView):
    text: str
    verdict: ListedVerdict
    author_id: UUID | None


class ListedWordPage(Page):
    items: list[ListedWordView]


class ModelOpinion(BaseModel):
    """What a model finds in a text, in our words."""

    model_config = ConfigDict(extra="forbid")

    categories: list[Category] = Field(max_length=17)
