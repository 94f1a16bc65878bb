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
    REFUSED = "refused"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"


class Outcome(StrEnum):
    """How one attempt at one model ended."""

    OK = "ok"
    CACHED = "cached"
    MISCONFIGURED = "misconfigured"
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
