"""The verbs of feedback: opinions, consent, and what may be cut from them."""

from selfos.features.feedback.preferences import (
    MOST_EACH,
    PAIRS_TO_TRAIN,
    PEOPLE_TO_TRAIN,
    Cut,
    Row,
    summary,
)
from selfos.features.feedback.service.cutting import cut_preferences
from selfos.features.feedback.service.opinions import (
    FEEDBACK,
    consent_of,
    give,
    hear_decision,
    hear_rating,
    hear_retelling,
    hear_undo,
    list_feedback,
    set_consent,
    stats,
    take_back,
)

__all__ = [
    "FEEDBACK",
    "MOST_EACH",
    "PAIRS_TO_TRAIN",
    "PEOPLE_TO_TRAIN",
    "Cut",
    "Row",
    "consent_of",
    "cut_preferences",
    "give",
    "hear_decision",
    "hear_rating",
    "hear_retelling",
    "hear_undo",
    "list_feedback",
    "set_consent",
    "stats",
    "summary",
    "take_back",
]
