"""The welcome as it crosses a door."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, model_validator

from selfos.features.assistant.schemas.words import WelcomeStep
from selfos.kernel.schema import Input, View

LARGEST_CHOICES = 4_000


class WelcomeStatus(StrEnum):
    """How far the welcome is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SKIPPED = "skipped"
    COMPLETED = "completed"


class OnboardingUpdate(Input):
    """Go to a step; `chosen` is merged into what was chosen before. `done` completes it."""

    step: WelcomeStep
    chosen: Annotated[dict[str, Any], Field(max_length=20)] = {}

    @model_validator(mode="after")
    def _small(self) -> OnboardingUpdate:
        if len(str(self.chosen)) > LARGEST_CHOICES:
            raise ValueError("this is more than choices need")
        return self


class OnboardingView(View):
    """Where the welcome stands, on whatever device it is gone on with."""

    status: WelcomeStatus
    step: WelcomeStep
    steps: list[WelcomeStep]
    chosen: dict[str, Any]
    skipped_at: datetime | None
    completed_at: datetime | None
