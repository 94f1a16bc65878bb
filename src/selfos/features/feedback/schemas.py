"""What crosses the doors of feedback."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from selfos.features.ai.schemas import AiTask, Engine
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import Input, Page, Prose, View

BEST_RATING, MOST_AT_ONCE = 5, 100


class FeedbackKind(StrEnum):
    """What sort of opinion it is."""

    THUMB = "thumb"
    RATING = "rating"
    EDIT = "edit"
    PICK = "pick"
    LINE = "line"


# What was made is not looked up: answers of rules are kept nowhere. The id is noted as it is told,
# leads nowhere and opens nothing.
Handle = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]


class FeedbackCreate(Input):
    """One opinion on one generation.

    A thumb has a `value`, a rating a `rating`, an edit the `original` and what it became
    (`edited`), a line the `line_id` and a `value`. A pick has the generation it was preferred to;
    where both have one id, as a story told again, `original` is what was left and `edited` what
    was chosen.
    """

    id: ClientId | None = None
    generation_id: Handle
    kind: FeedbackKind
    value: Annotated[float | None, Field(ge=-1, le=1)] = None
    rating: Annotated[int | None, Field(ge=1, le=BEST_RATING)] = None
    original: Prose | None = None
    edited: Prose | None = None
    rejected_id: Handle | None = None
    line_id: Handle | None = None
    task: AiTask | None = None
    engine: Engine | None = None
    comment: ShortText = ""

    @model_validator(mode="after")
    def _says_something(self) -> FeedbackCreate:
        needs: dict[FeedbackKind, tuple[object, ...]] = {
            FeedbackKind.THUMB: (self.value,),
            FeedbackKind.RATING: (self.rating,),
            FeedbackKind.EDIT: (self.original, self.edited),
            FeedbackKind.PICK: (self.rejected_id or (self.original and self.edited) or None,),
            FeedbackKind.LINE: (self.line_id, self.value),
        }
        if any(each is None for each in needs[self.kind]):
            raise ValueError(f"a {self.kind} says more than that")
        if self.original is not None and self.original == self.edited:
            raise ValueError("both texts are the same")
        return self

    def worth(self) -> float:
        """Return the opinion as a number from -1 to 1."""
        if self.value is not None:
            return self.value
        if self.rating is not None:
            return (self.rating - 3) / 2
        # What had to be edited was not good, and what was picked was the better one.
        return -0.5 if self.kind is FeedbackKind.EDIT else 1.0


class FeedbackBulk(Input):
    """Several opinions at once, all or none."""

    items: Annotated[list[FeedbackCreate], Field(min_length=1, max_length=MOST_AT_ONCE)]


class FeedbackQuery(PageQuery):
    generation_id: Annotated[
        list[UUID] | None,
        Field(max_length=MOST_AT_ONCE, description="Of these generations; may be repeated."),
    ] = None
    kind: FeedbackKind | None = None


class FeedbackView(View):
    id: UUID
    generation_id: UUID
    kind: FeedbackKind
    value: float
    rating: int | None
    original: str | None
    edited: str | None
    rejected_id: UUID | None
    line_id: UUID | None
    task: AiTask | None
    engine: Engine | None
    comment: str
    consented: Annotated[bool, Field(description="Its writer lets it be learnt from.")]
    created_at: datetime


class FeedbackPage(Page):
    """Newest first."""

    items: list[FeedbackView]


class FeedbackAdded(View):
    """The ids of what was added, in the order it was sent."""

    ids: list[UUID]


class KindStats(View):
    """How often, and what it comes to on average, from -1 to 1."""

    count: int
    value: float


class FeedbackStats(View):
    """What I have said so far."""

    count: int
    value: float | None
    by_kind: dict[FeedbackKind, KindStats]


class ConsentUpdate(Input):
    """Whether what I say here may be learnt from; off until I say so."""

    consent: bool


class ConsentView(View):
    consent: bool
