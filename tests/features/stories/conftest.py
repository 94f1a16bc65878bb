"""An instance that may ask models, as AI's own tests have it."""

from tests.features.ai.conftest import (
    ai_instance,
    ai_settings,
    asker,
    asking,
    models,
    running_vendors,
    vendors,
)

__all__ = ["ai_instance", "ai_settings", "asker", "asking", "models", "running_vendors", "vendors"]
