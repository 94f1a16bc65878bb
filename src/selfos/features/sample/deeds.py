"""What a life consists of: steps, each a few deeds done at one moment by one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Noun(StrEnum):
    """What can be made."""

    AREA = "area"
    PROJECT = "project"
    PHASE = "phase"
    GOAL = "goal"
    TASK = "task"
    HABIT = "habit"
    CALENDAR_EVENT = "calendar_event"
    JOURNAL_ENTRY = "journal_entry"


class Verb(StrEnum):
    """What can be done to something that is there."""

    ARCHIVE_PROJECT = "archive_project"
    CANCEL_TASK = "cancel_task"
    COMPLETE_GOAL = "complete_goal"
    COMPLETE_PROJECT = "complete_project"
    COMPLETE_TASK = "complete_task"
    DELETE_TASK = "delete_task"
    DROP_GOAL = "drop_goal"


@dataclass(frozen=True, slots=True)
class Make:
    """Make something. `links` name other things by their keys, members by theirs."""

    noun: Noun
    key: str
    fields: Mapping[str, Any]
    links: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Act:
    """Do something to what the key names."""

    verb: Verb
    key: str


@dataclass(frozen=True, slots=True)
class Postpone:
    """Plan a task for another day."""

    key: str
    day: date


@dataclass(frozen=True, slots=True)
class Tie:
    """Let one task wait for another."""

    key: str
    blocker: str


@dataclass(frozen=True, slots=True)
class Log:
    """Record days of a habit: an amount, or None for a tick; those left out for a reason apart."""

    key: str
    amounts: Mapping[date, float | None]
    skipped: Mapping[date, str] = field(default_factory=dict[date, str])


@dataclass(frozen=True, slots=True)
class Measure:
    """Record a number for a goal."""

    key: str
    value: float


@dataclass(frozen=True, slots=True)
class Give:
    """Record so many minutes on a task, up to this moment."""

    key: str
    minutes: int


Deed = Make | Act | Postpone | Tie | Log | Measure | Give


@dataclass(frozen=True, slots=True)
class Step:
    """Deeds that belong together, at one local wall time; `words` say what they amount to."""

    at: datetime
    who: str
    deeds: tuple[Deed, ...]
    words: str = ""
