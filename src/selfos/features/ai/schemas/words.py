"""The vocabulary of AI: who answered, what for, how private, and why not better."""

from __future__ import annotations

from enum import StrEnum


class Engine(StrEnum):
    """The rung that gave an answer, or an assistant from outside."""

    CLIENT = "client"
    RULES = "rules"
    LOCAL_MODEL = "local-llm"
    MODEL = "llm"


class AiTask(StrEnum):
    """What a model is asked for. Each has a chain of models of its own, ending in rules."""

    DECOMPOSE = "decompose"
    QUICK_ADD = "quick_add"
    COACH = "coach"
    STORY = "story"
    SUMMARISE = "summarise"
    CLASSIFY = "classify"
    EMBED = "embed"
    MODERATE = "moderate"


class Dial(StrEnum):
    """How far words may travel, from anywhere to nowhere."""

    ANY = "any"
    LOCAL_ONLY = "local_only"
    RULES_ONLY = "rules_only"


class Reason(StrEnum):
    """Why a lower rung answered than the best one configured."""

    NO_MODEL = "no_model"
    SWITCHED_OFF = "switched_off"
    PRIVACY = "privacy"
    BUDGET = "budget"
    RESTING = "resting"
    MISCONFIGURED = "misconfigured"
    REJECTED = "rejected"
    BUSY = "busy"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    TOO_LONG = "too_long"
    REFUSED = "refused"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"


# The same as sentences, for notes beside what rules gave. Without a model there is nothing to say.
WHY_NOT = {
    Reason.SWITCHED_OFF: "No model was asked: you have switched models off.",
    Reason.PRIVACY: "No model was asked: these words stay here.",
    Reason.BUDGET: "No model was asked: the budget is spent.",
    Reason.RESTING: "No model was asked: it rests after failures.",
    Reason.MISCONFIGURED: "The model takes no questions: it is set up wrongly.",
    Reason.REJECTED: "The model would not take this question.",
    Reason.BUSY: "No model was asked: it had too many other questions.",
    Reason.RATE_LIMITED: "The model wants fewer questions just now.",
    Reason.TIMEOUT: "No model answered in time.",
    Reason.TOO_LONG: "This is too long for the model.",
    Reason.REFUSED: "The model refused.",
    Reason.INVALID: "The model's answer could not be used.",
    Reason.UNAVAILABLE: "The model could not be reached, or broke off.",
}


class Outcome(StrEnum):
    """How one attempt at one model ended."""

    OK = "ok"
    CACHED = "cached"
    MISCONFIGURED = "misconfigured"
    REJECTED = "rejected"
    RATE_LIMITED = "rate_limited"
    TRANSIENT = "transient"
    TIMEOUT = "timeout"
    OVERFLOW = "overflow"
    REFUSED = "refused"
    INVALID = "invalid"
    CANCELLED = "cancelled"


class Cached(StrEnum):
    """Where an answer comes from that no model was asked for this time."""

    EXACT = "exact"
    SEMANTIC = "semantic"


class Speaker(StrEnum):
    """Who said a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
