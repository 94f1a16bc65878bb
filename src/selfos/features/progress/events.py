"""What happens to achievements."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from selfos.kernel.events import Event


class AchievementEarned(Event):
    """Somebody came to a tier for the first time; told once, also if it goes and comes back."""

    type: ClassVar[str] = "achievement.earned"
    aggregate: ClassVar[str] = "user_id"

    user_id: UUID
    key: str
    tier: int
    day: date
