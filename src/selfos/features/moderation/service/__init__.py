"""Looking at a text, and keeping the workspace's list of words."""

from selfos.features.moderation.service.looking import (
    Look,
    crisis_card,
    in_need,
    look_closer,
    may_look_closer,
    moderate,
    prepare_look,
    reveals,
)
from selfos.features.moderation.service.words import (
    WORDS,
    create_word,
    delete_word,
    list_words,
)

__all__ = [
    "WORDS",
    "Look",
    "create_word",
    "crisis_card",
    "delete_word",
    "in_need",
    "list_words",
    "look_closer",
    "may_look_closer",
    "moderate",
    "prepare_look",
    "reveals",
]
