"""Stories as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from selfos.features.ai.schemas import Engine
from selfos.features.stories.facts import Fact, StoryDraft, StoryKind, Tone, shown_title
from selfos.features.stories.schemas import StoryStatus
from selfos.kernel.database import Model, Tenant, Versioned
from selfos.kernel.errors import Conflict
from selfos.kernel.tables import inside, of_tenant, of_user


class Story(Tenant, Versioned, Model):
    """What somebody did in a period, told; with all it takes to tell it again.

    `occasion` names what we tell unasked ("week:2026-11-23", "goal:<id>"), once per person.
    """

    __tablename__ = "stories"
    __table_args__ = (
        of_tenant(),
        of_user(),
        inside("goal_id", "goals"),
        Index("stories_occasion_key", "workspace_id", "user_id", "occasion", unique=True),
        Index("stories_period_end_idx", "workspace_id", "period_end", "id"),
        Index("stories_goal_id_idx", "workspace_id", "goal_id"),
        Index("stories_user_id_idx", "user_id"),
        Index("stories_status_idx", "status", "period_end"),
    )

    user_id: Mapped[UUID]
    goal_id: Mapped[UUID | None]
    occasion: Mapped[str | None]
    kind: Mapped[StoryKind]
    period_start: Mapped[date]
    period_end: Mapped[date]
    tone: Mapped[Tone]
    seed: Mapped[int]
    status: Mapped[StoryStatus]
    title: Mapped[str]
    # A title the reader gave stays when the story is told again.
    has_own_title: Mapped[bool] = mapped_column(default=False)
    engine: Mapped[Engine]
    engine_note: Mapped[str]
    sentences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    rating: Mapped[int | None]
    regeneration_count: Mapped[int] = mapped_column(default=0)
    trigger_event_id: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]

    @property
    def is_weekly(self) -> bool:
        """Tell whether this is the story of somebody's week, told unasked."""
        return self.occasion is not None and self.goal_id is None

    @property
    def is_of_reached_goal(self) -> bool:
        """Tell whether it was told because a goal was reached."""
        return self.occasion is not None and self.goal_id is not None

    def take(self, draft: StoryDraft, known: Sequence[Fact]) -> bool:
        """Take over a released draft with the facts it cites; returns whether it says otherwise.

        Other sentences void the rating: it was given to the old ones.
        """
        sentences = [
            {"text": sentence.text, "event_ids": [str(each) for each in sentence.event_ids]}
            for sentence in draft.sentences
        ]
        self.sources = sources_of(draft, known)
        self.engine, self.engine_note = Engine(draft.engine), draft.engine_note
        if not self.has_own_title:
            self.title = draft.title
        if sentences == self.sentences:
            return False
        self.sentences, self.rating = sentences, None
        return True

    def rename(self, title: str) -> None:
        """Call it as the reader does."""
        self.title, self.has_own_title = title, True

    def require_kept(self) -> None:
        """Refuse to change a story that was thrown away."""
        if self.deleted_at is not None:
            raise Conflict("This story was deleted; undo that first.")


def sources_of(draft: StoryDraft, known: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return every cited fact once, in order, as readers may see it."""
    cited = {event_id for sentence in draft.sentences for event_id in sentence.event_ids}
    return [
        {
            "event_id": str(fact.event_id),
            "type": fact.type,
            "at": fact.at.isoformat(),
            "title": shown_title(fact.title),
        }
        for fact in sorted(known, key=lambda fact: fact.order)
        if fact.event_id in cited
    ]
