"""What happens at the coach, without a word of what was said."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from selfos.features.assistant.schemas.words import HowMuchLess, Intent
from selfos.kernel.events import Event


class NudgeEvent(Event):
    """Something that became of a nudge."""

    aggregate: ClassVar[str] = "nudge_id"

    nudge_id: UUID
    state: str


class NudgeDismissed(NudgeEvent):
    """Its user wants to hear less of it: of this one, today, or of its kind."""

    type: ClassVar[str] = "nudge.dismissed"

    less: HowMuchLess = HowMuchLess.THIS


class NudgeTaken(NudgeEvent):
    """Its user has asked for the proposal it offers."""

    type: ClassVar[str] = "nudge.taken"

    proposal_id: UUID


class NudgeAccepted(NudgeEvent):
    """Its user has said yes to it; what follows they do themselves."""

    type: ClassVar[str] = "nudge.accepted"


class IntentCorrected(Event):
    """Somebody has said whether an intent was read rightly."""

    type: ClassVar[str] = "intent.corrected"
    aggregate: ClassVar[str] = "message_id"

    message_id: UUID
    read: Intent | None
    correct: bool
    meant: Intent | None
