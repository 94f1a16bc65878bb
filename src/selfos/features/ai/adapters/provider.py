"""What every rung can do, from the built-in rules to a model in a cloud."""

from __future__ import annotations

from typing import Protocol

from selfos.features.ai.planner import PlanDraft, PlanRequest
from selfos.features.ai.schemas import Engine


class ModelProvider(Protocol):
    """Turns a goal into a plan. Every rung's plan passes the same validator."""

    @property
    def engine(self) -> Engine:
        """Name the rung, for the user to see."""
        ...

    def plan(self, request: PlanRequest) -> PlanDraft:
        """Return a sound plan; it changes nothing."""
        ...
