"""What happens to stories."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class StoryGenerated(Event):
    """A story was told, or told anew with other words or other facts."""

    type: ClassVar[str] = "story.generated"
    aggregate: ClassVar[str] = "story_id"

    story_id: UUID
    user_id: UUID
    goal_id: UUID | None = None


class StoryRated(Event):
    """Somebody said how true a story feels to them, from 1 to 5, or took it back."""

    type: ClassVar[str] = "story.rated"
    aggregate: ClassVar[str] = "story_id"

    story_id: UUID
    rating: int | None
