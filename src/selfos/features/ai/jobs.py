"""AI's work by the clock: forgetting what is too old."""

from __future__ import annotations

from selfos.features.ai import service as ai
from selfos.kernel.jobs import Schedule

SCHEDULES = (
    Schedule("ai.forget_calls", "27 3 * * *", ai.forget_calls),
    Schedule("ai.forget_answers", "57 * * * *", ai.forget_answers),
)
