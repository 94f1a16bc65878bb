"""The verbs of memory; each takes a Context and is about its acting person alone."""

from selfos.features.memory.ranking import QueryVector
from selfos.features.memory.reading import FactDraft
from selfos.features.memory.service.embedding import (
    embed_facts,
    prepare_question,
    prepare_texts,
    vector_of,
)
from selfos.features.memory.service.facts import (
    FACTS,
    confirm,
    correct,
    forget,
    forget_everything,
    get_fact,
    list_facts,
    remember,
)
from selfos.features.memory.service.following import follow_goal, follow_habit, follow_undo
from selfos.features.memory.service.learning import learn, learn_drafts
from selfos.features.memory.service.profile import core_profile, get_profile, update_profile
from selfos.features.memory.service.recalling import forget_uses, list_uses, note_use, recall
from selfos.features.memory.service.writing import EMBED_JOB

__all__ = [
    "EMBED_JOB",
    "FACTS",
    "FactDraft",
    "QueryVector",
    "confirm",
    "core_profile",
    "correct",
    "embed_facts",
    "follow_goal",
    "follow_habit",
    "follow_undo",
    "forget",
    "forget_everything",
    "forget_uses",
    "get_fact",
    "get_profile",
    "learn",
    "learn_drafts",
    "list_facts",
    "list_uses",
    "note_use",
    "prepare_question",
    "prepare_texts",
    "recall",
    "remember",
    "update_profile",
    "vector_of",
]
