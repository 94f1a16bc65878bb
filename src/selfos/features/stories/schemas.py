"""Stories as they cross a door."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from selfos.features.ai.schemas import Engine
from selfos.features.stories.facts import StoryKind
from selfos.kernel.documents import PageQuery
from selfos.kernel.schema import Input, Page, RowView, Title, View

# Longer than a leap year nothing is told in seven sentences.
LONGEST_PERIOD = timedelta(days=366)
Rating = Annotated[int, Field(ge=1, le=5)]


class StoryStatus(StrEnum):
    """A draft still follows what happens; a ready story is told."""

    DRAFT = "draft"
    READY = "ready"


class Whose(StrEnum):
    """My stories, or those of everybody in the workspace."""

    MINE = "mine"
    ALL = "all"


class StoryGenerate(Input):
    """What to tell: of a goal its whole way, otherwise this week so far, unless dates are given."""

    period_start: date | None = None
    period_end: date | None = None
    kind: StoryKind | None = None
    goal_id: UUID | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        start, end = self.period_start, self.period_end
        if start and end and start > end:
            raise ValueError("the period ends before it starts")
        if start and end and end - start > LONGEST_PERIOD:
            raise ValueError("a story spans a year at most")
        return self


class StoryUpdate(Input):
    """The reader's own title, and what they think of it; a null rating takes it back."""

    title: Title | None = None
    rating: Rating | None = None

    @model_validator(mode="after")
    def _keep_titled(self) -> Self:
        if "title" in self.model_fields_set and self.title is None:
            raise ValueError("a story needs a title")
        return self


class StoryQuery(PageQuery):
    """Narrow the list of stories."""

    whose: Whose = Whose.MINE
    kind: StoryKind | None = None
    goal_id: UUID | None = None


class SentenceView(View):
    """A sentence and every event that proves it."""

    text: str
    event_ids: list[UUID]


class TriggerView(View):
    """The event that made us tell it."""

    event_id: UUID
    type: str


class SourceView(View):
    """One cited event, with the name its subject had then."""

    event_id: UUID
    type: str
    at: datetime
    title: str


class StoryView(RowView):
    """A story; `engine_note` says who told it and how."""

    user_id: UUID
    goal_id: UUID | None
    title: str
    period_start: date
    period_end: date
    kind: StoryKind
    engine: Engine
    engine_note: str
    status: StoryStatus
    sentences: list[SentenceView]
    text: str
    rating: Rating | None
    regeneration_count: int
    trigger: TriggerView | None
    sources: list[SourceView]
    deleted_at: datetime | None


class StoryPage(Page):
    """The latest period first."""

    items: list[StoryView]
