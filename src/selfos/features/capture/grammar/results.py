"""What a parse gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

Kind = Literal["task", "habit", "goal", "note"]
Period = Literal["day", "week", "month", "rolling"]
Mode = Literal["schedule", "completion"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned day, with a wall time or without, in a named zone or wherever one is."""

    date: date
    time: time | None = None
    zone: str | None = None

    @property
    def kind(self) -> Literal["date", "floating", "zoned"]:
        """Return which of the three kinds of plan it is."""
        if self.time is None:
            return "date"
        return "floating" if self.zone is None else "zoned"

    @property
    def wall(self) -> datetime:
        """Return it as a wall time; a day without one begins at midnight."""
        return datetime.combine(self.date, self.time or time())

    def as_json(self) -> dict[str, str]:
        """Return it as a client sends it."""
        shown = {"kind": self.kind, "date": self.date.isoformat()}
        if self.time is not None:
            shown["time"] = self.time.strftime("%H:%M")
        if self.zone is not None:
            shown["zone"] = self.zone
        return shown


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repetition: an RFC 5545 rule, what it counts from, and how it was said."""

    rule: str
    mode: Mode
    phrase: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that exists, by what was typed."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """Minutes before the due time, or a wall time on its day."""

    minutes_before: int | None = None
    time: time | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """What a habit asks for, in the words of the habits' own interface."""

    type: Literal["yes_no", "at_least", "at_most", "duration", "avoid"] = "yes_no"
    target: float = 1
    unit: str = ""
    period: Period = "day"
    rolling_days: int | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The amount a goal reaches."""

    value: float
    unit: str


@dataclass(slots=True)
class Fields:
    """Everything that was understood; what was not said is None or empty."""

    due: Plan | None = None
    start: Plan | None = None
    deadline: date | None = None
    repeat: Repeat | None = None
    duration_minutes: int | None = None
    priority: int | None = None
    project: Reference | None = None
    phase: Reference | None = None
    goal: Reference | None = None
    area: Reference | None = None
    parent: Reference | None = None
    assignee: Reference | None = None
    labels: list[str] = field(default_factory=list[str])
    notes: str = ""
    links: list[str] = field(default_factory=list[str])
    reminders: list[Reminder] = field(default_factory=list[Reminder])
    habit: Habit | None = None
    target: Target | None = None
    someday: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text that was understood, counted in characters (code points)."""

    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the person may have meant to make."""

    kind: Literal["project"]
    name: str


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - a plain Warning is Python's own
    """What was not taken as meant, in a sentence, with what can be done."""

    code: str
    message: str
    start: int | None = None
    end: int | None = None
    offer: Offer | None = None
    choices: list[Reference] = field(default_factory=list[Reference])


@dataclass(frozen=True, slots=True)
class Parsed:
    """One understood line."""

    kind: Kind
    title: str
    fields: Fields
    spans: list[Span]
    warnings: list[Warning_]
    preview: list[Plan]
