"""The verbs of the assistant: conversations and answers, nudges, profiles, the welcome."""

from selfos.features.assistant.service.analysing import analyse
from selfos.features.assistant.service.answering import answer, answer_whole
from selfos.features.assistant.service.calming import hear_again, show_calm, update_calm
from selfos.features.assistant.service.classifying import begin_classifying, classify
from selfos.features.assistant.service.conversations import (
    correct_intent,
    create_conversation,
    delete_conversation,
    erase_message,
    get_conversation,
    list_conversations,
    list_messages,
    update_conversation,
)
from selfos.features.assistant.service.keeping import Asked, begin, begin_again
from selfos.features.assistant.service.naming import NAME_JOB, name_conversation
from selfos.features.assistant.service.nudging import (
    NUDGES,
    accept_nudge,
    dismiss_nudge,
    list_nudges,
    look_for_nudges,
    look_for_todays_nudge,
    take_nudge,
)
from selfos.features.assistant.service.onboarding import (
    get_onboarding,
    reset_onboarding,
    skip_onboarding,
    update_onboarding,
)
from selfos.features.assistant.service.profiles import (
    PROFILES,
    create_profile,
    delete_profile,
    list_profiles,
    make_default,
    preview_profile,
    profile_options,
    update_profile,
)
from selfos.features.assistant.service.showing import CONVERSATIONS, MESSAGES

__all__ = [
    "CONVERSATIONS",
    "MESSAGES",
    "NAME_JOB",
    "NUDGES",
    "PROFILES",
    "Asked",
    "accept_nudge",
    "analyse",
    "answer",
    "answer_whole",
    "begin",
    "begin_again",
    "begin_classifying",
    "classify",
    "correct_intent",
    "create_conversation",
    "create_profile",
    "delete_conversation",
    "delete_profile",
    "dismiss_nudge",
    "erase_message",
    "get_conversation",
    "get_onboarding",
    "hear_again",
    "list_conversations",
    "list_messages",
    "list_nudges",
    "list_profiles",
    "look_for_nudges",
    "look_for_todays_nudge",
    "make_default",
    "name_conversation",
    "preview_profile",
    "profile_options",
    "reset_onboarding",
    "show_calm",
    "skip_onboarding",
    "take_nudge",
    "update_calm",
    "update_conversation",
    "update_onboarding",
    "update_profile",
]
