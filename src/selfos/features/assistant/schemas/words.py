"""The words of the assistant: intents, roles, kinds of help, languages, steps of the welcome."""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """What somebody wants with a message."""

    CREATE_TASK = "create_task"
    CREATE_GOAL = "create_goal"
    CREATE_PROJECT = "create_project"
    CREATE_AREA = "create_area"
    CREATE_HABIT = "create_habit"
    UPDATE = "update"
    COMPLETE = "complete"
    QUERY = "query"
    REFLECT = "reflect"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"

    @property
    def writes(self) -> bool:
        """Tell whether it asks for a change, which is only ever proposed."""
        return self in WRITING


class MessageRole(StrEnum):
    """Who said a message."""

    USER = "user"
    ASSISTANT = "assistant"


class Help(StrEnum):
    """What the built-in coach offers in a situation."""

    SHRINK = "shrink"
    REANCHOR = "reanchor"
    IF_THEN = "if_then"
    RESCHEDULE = "reschedule"
    CELEBRATE = "celebrate"
    DROP = "drop"
    PLAN = "plan"
    RECORD = "record"


class Subject(StrEnum):
    """What a nudge is about; a life as a whole has no id."""

    TASK = "task"
    GOAL = "goal"
    HABIT = "habit"
    AREA = "area"
    LIFE = "life"


class NudgeStatus(StrEnum):
    """What became of a nudge."""

    OPEN = "open"
    DISMISSED = "dismissed"
    PUT_OFF = "put_off"
    REFUSED = "refused"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"


class HowMuchLess(StrEnum):
    """How far a nudge is sent away: this one, for today, or all of its kind."""

    THIS = "this"
    TODAY = "today"
    KIND = "kind"


class Language(StrEnum):
    """The languages a model is asked to answer in; the built-in coach speaks English."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"
    ITALIAN = "it"
    PORTUGUESE = "pt"
    DUTCH = "nl"
    POLISH = "pl"


class WelcomeStep(StrEnum):
    """The steps of the welcome, in order."""

    WELCOME = "welcome"
    ASSISTANT = "assistant"
    PERSONALITY = "personality"
    LIFE_AREAS = "life_areas"
    FIRST_GOAL = "first_goal"
    DONE = "done"


WRITING = frozenset(
    {
        Intent.CREATE_TASK,
        Intent.CREATE_GOAL,
        Intent.CREATE_PROJECT,
        Intent.CREATE_AREA,
        Intent.CREATE_HABIT,
        Intent.UPDATE,
        Intent.COMPLETE,
    }
)
