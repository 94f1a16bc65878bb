"""What a message is made of."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfos.features.assistant.schemas.words import Help, Subject
from selfos.features.moderation.schemas import Resource
from selfos.kernel.schema import View


class TextPart(View):
    """Words; of a model as Markdown without addresses."""

    type: Literal["text"] = "text"
    text: str


class CitedRow(View):
    """One thing an answer rests on."""

    entity: Literal["task", "goal", "habit", "project", "area"]
    id: UUID
    title: str
    detail: str = ""


class RowsPart(View):
    """What a question has found, by which filter; `more` says that there is more of it."""

    type: Literal["rows"] = "rows"
    filter: str
    rows: list[CitedRow]
    total: int
    more: bool = False


class ProposalPart(View):
    """A change that waits for the user's yes."""

    type: Literal["proposal"] = "proposal"
    proposal_id: UUID
    title: str


class NudgePart(View):
    """What the coach sees, the numbers it sees it by, a question, and what it can offer."""

    type: Literal["nudge"] = "nudge"
    nudge_id: UUID
    help: Help
    subject: Subject
    subject_id: UUID | None
    title: str
    headline: str
    reason: str
    question: str
    offer: str
    why: list[str] = []


class ToolPart(View):
    """What a model has looked at or asked for on the way, and what came of it."""

    type: Literal["tool"] = "tool"
    name: str
    outcome: Literal["read", "proposed", "refused"]
    detail: str = ""


class CarePart(View):
    """Who answers somebody in need; it stands instead of any plan."""

    type: Literal["care"] = "care"
    title: str
    resources: list[Resource]


class ChoicesPart(View):
    """Things to say next."""

    type: Literal["choices"] = "choices"
    choices: list[str]


Part = Annotated[
    TextPart | RowsPart | ProposalPart | NudgePart | ToolPart | CarePart | ChoicesPart,
    Field(discriminator="type"),
]


class ContextRef(View):
    """What an answer was given to go by."""

    kind: str
    id: UUID | None = None
    title: str
    detail: str = ""
