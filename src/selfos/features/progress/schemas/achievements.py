"""What has been achieved, told."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from selfos.kernel.schema import View


class TierView(View):
    """One tier; it goes when what it rests on is undone, and comes back with it."""

    threshold: int
    earned_on: Annotated[date | None, Field(description="Null while it is ahead.")]


class AchievementView(View):
    """One achievement and how far it has come."""

    key: str
    group: str
    title: str
    text: str
    value: float
    tiers: list[TierView]
    next: Annotated[int | None, Field(description="The next tier; null when all are earned.")]
    share: Annotated[float, Field(ge=0, le=1, description="How far the way to it lies behind.")]


class AchievementsView(View):
    """All achievements, those nearest to their next tier first within each group."""

    earned: Annotated[int, Field(description="Tiers earned.")]
    of: int
    latest: Annotated[list[AchievementView], Field(description="Earned last, newest first.")]
    items: list[AchievementView]
