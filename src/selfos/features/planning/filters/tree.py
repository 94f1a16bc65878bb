"""A filter as a tree: tagged unions that know where in the text they stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from selfos.features.planning.filters.days import Day

Value = TypeVar("Value")
PlaceKind = Literal["project", "label", "area", "goal"]


@dataclass(frozen=True, slots=True)
class Span:
    """From one character of the text up to another; two trees are equal wherever they stood."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Range(Generic[Value]):
    """Values between two ends, either of which may be open or left out."""

    low: Value | None
    high: Value | None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    part: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """All there is: `*`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a title or a text; `exact` ones stand there as they are, others may go on."""

    text: str
    exact: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """What lies in a project, area or goal of this name, or carries this label.

    `*` in a name stands for anything; `deep` includes what lies under the tasks there.
    """

    kind: PlaceKind
    name: str
    phase: str | None = None
    deep: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A qualifier with one of its words: `is:done`, `by:ai`."""

    name: str
    word: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Assignee:
    """Tasks of somebody: `me`, `none`, or a name."""

    who: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dated:
    """A qualifier of days: `due:<today`."""

    name: str
    range: Range[Day]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Measured:
    """A qualifier of numbers: `priority:<=2`, `duration:<30m` (in minutes)."""

    name: str
    range: Range[float]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Node = And | Or | Not | Everything | Text | Place | Word | Assignee | Dated | Measured


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column to sort by."""

    name: str
    descending: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """What rows are gathered by."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """One list of a filter: its rows, and the words it was asked in."""

    where: Node
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """A whole filter: its sections, and how their rows are ordered, grouped and cut off."""

    sections: tuple[Section, ...]
    sort: tuple[SortKey, ...] = ()
    group: Group | None = None
    limit: int | None = None


def joined(kind: type[And | Or], parts: list[Node]) -> Node:
    """Return one node for all parts; what is nested in its own kind is drawn up."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        match part:
            case And(parts=inner) if kind is And:
                flat += inner
            case Or(parts=inner) if kind is Or:
                flat += inner
            case _:
                flat.append(part)
    return kind(tuple(flat))
