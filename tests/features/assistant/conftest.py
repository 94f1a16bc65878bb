"""The instance with model vendors that the tests of the orchestrator use."""

from tests.features.ai.conftest import (
    ai_instance,
    ai_settings,
    asker,
    models,
    running_vendors,
    vendors,
)

__all__ = ["ai_instance", "ai_settings", "asker", "models", "running_vendors", "vendors"]
