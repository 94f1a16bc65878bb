"""What a sentence can claim, in a form that events can prove or refute."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Frame(StrEnum):
    """What a sentence measures; every number and date in it is bound to this."""

    PLAIN = "plain"
    BUSIEST_DAY = "busiest day"
    BUSIEST_WEEK = "busiest week"
    PAUSE = "pause"
    RUN = "days in a row"
    FIRST = "first"
    LAST = "last"
    SINCE = "since"
    AHEAD = "still open"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the sentence something stands."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote(Span):
    """A quoted title; related where the sentence says it is for, towards or in it."""

    title: str
    is_related: bool
    is_area: bool  # `in “Health”`
    noun: str | None  # the word for its kind right before it: the goal “...”


@dataclass(frozen=True, slots=True)
class Count(Span):
    """`twelve tasks`, `three times`, `five areas`."""

    value: Decimal
    noun: str


@dataclass(frozen=True, slots=True)
class Share(Span):
    """`seven of the twelve tasks`."""

    part: Decimal
    value: Decimal
    noun: str


@dataclass(frozen=True, slots=True)
class Contrast(Span):
    """`up from eight tasks`."""

    direction: str
    value: Decimal
    noun: str


@dataclass(frozen=True, slots=True)
class More(Span):
    """`and two more` after quoted titles."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Length(Span):
    """`nine days`, `about 14 weeks`; spread where it says `on nine days`."""

    value: Decimal
    unit: str
    is_rounded: bool
    is_spread: bool


@dataclass(frozen=True, slots=True)
class Amount(Span):
    """`42 pages`: a number with a unit only the facts can know."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Day(Span):
    """`Tuesday 3 March 2026`, or less of it; `is_week` where it names a week by its Monday."""

    day: int | None
    month: int | None
    year: int | None
    weekday: int | None
    is_week: bool = False


@dataclass(frozen=True, slots=True)
class Stretch(Span):
    """`from 3 March to 9 June`."""

    first: Day
    last: Day


Claim = Quote | Count | Share | Contrast | More | Length | Amount | Day | Stretch


@dataclass(frozen=True, slots=True)
class Leftover(Span):
    """A span that claims something in a way nobody can check, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Word(Span):
    """A capitalised or foreign word that may be a name."""

    text: str


@dataclass(slots=True)
class Reading:
    """What a sentence claims."""

    frames: tuple[Frame, ...]
    claims: list[Claim] = field(default_factory=list[Claim])
    leftovers: list[Leftover] = field(default_factory=list[Leftover])
    names: list[Word] = field(default_factory=list[Word])
    said: frozenset[str] = frozenset()  # the words outside quotes and the person's name
