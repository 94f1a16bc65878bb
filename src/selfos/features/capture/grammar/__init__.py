"""The quick-add grammar: one line of text becomes a task, habit, goal or note. Pure."""

from selfos.features.capture.grammar.names import NO_NAMES, Name, Names
from selfos.features.capture.grammar.parsing import OPTIONS, Options, is_unclear, parse
from selfos.features.capture.grammar.results import (
    Fields,
    Habit,
    Offer,
    Parsed,
    Plan,
    Reference,
    Reminder,
    Repeat,
    Span,
    Target,
    Warning_,
)

__all__ = [
    "NO_NAMES",
    "OPTIONS",
    "Fields",
    "Habit",
    "Name",
    "Names",
    "Offer",
    "Options",
    "Parsed",
    "Plan",
    "Reference",
    "Reminder",
    "Repeat",
    "Span",
    "Target",
    "Warning_",
    "is_unclear",
    "parse",
]
