"""What goes together in somebody's days: tested as one family, worded as association. Pure."""

from selfos.features.insights.association.factors import DayFactor, DayOutcome, Days, questions
from selfos.features.insights.association.looks import LOOKS, due_look, next_look_at
from selfos.features.insights.association.testing import Association, Question, look

__all__ = [
    "LOOKS",
    "Association",
    "DayFactor",
    "DayOutcome",
    "Days",
    "Question",
    "due_look",
    "look",
    "next_look_at",
    "questions",
]
