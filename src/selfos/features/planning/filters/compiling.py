"""Turns a filter into SQLAlchemy conditions over one kind of row; never into text of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true

from selfos.features.planning.filters.days import Day, Present, resolve_day
from selfos.features.planning.filters.tree import (
    And,
    Assignee,
    Dated,
    Everything,
    Filter,
    Measured,
    Node,
    Not,
    Or,
    Place,
    Range,
    Span,
    Text,
    Word,
)
from selfos.features.planning.filters.words import FilterError, meant

Condition = ColumnElement[bool]
# What SQLAlchemy calls anything that stands in a column: a mapped attribute or an expression.
Column = Any


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, and how they count days: zone, the turn of their day, their week."""

    workspace_id: UUID
    user_id: UUID | None
    present: Present
    zone: str
    # The instant at which a local day begins.
    begins: Callable[[date], datetime]


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day somebody planned; `of` is the local day, `near` a plain column at most two days off."""

    of: Callable[[Asker], Column]
    near: Column


@dataclass(frozen=True, slots=True)
class PastDay:
    """The local day on which something happened, as it was written down; `only` says to whom."""

    column: Column
    only: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Instant:
    """Something that happened, found by the local days it happened on."""

    column: Column


@dataclass(frozen=True, slots=True)
class Grouping:
    """How rows are gathered: what orders the groups, their key (empty: none) and their title.

    No column is ever NULL.
    """

    order: tuple[Column, ...]
    key: Column
    title: Column


def _no_groups() -> dict[str, Callable[[Asker], Grouping]]:
    return {}


@dataclass(frozen=True, slots=True)
class Fields:
    """What one kind of row can be asked for; what is not here is refused where it stands."""

    noun: str
    text: Callable[[Text, Asker], Condition]
    places: Mapping[str, Callable[[Place, Asker], Condition]]
    words: Mapping[tuple[str, str], Callable[[Asker], Condition]]
    days: Mapping[str, PlannedDay | PastDay | Instant]
    numbers: Mapping[str, Column]
    # Columns without NULL, for ascending or descending order.
    sorts: Mapping[str, Callable[[bool], tuple[Column, ...]]]
    groups: Mapping[str, Callable[[Asker], Grouping]] = field(default_factory=_no_groups)
    assignee: Callable[[Assignee, Asker], Condition] | None = None
    # What a section finds that does not speak of what is settled; None: everything.
    still_open: Condition | None = None


def compile_filter(chosen: Filter, fields: Fields, asker: Asker) -> list[Condition]:
    """Return the condition of each section; raises FilterError for what these rows have not."""
    compiler = _Compiler(fields, asker)
    return [compiler.condition(section.where) for section in chosen.sections]


def check_fields(chosen: Filter, fields: Fields, asker: Asker) -> None:
    """Refuse a filter that asks these rows for something they have not."""
    compile_filter(chosen, fields, asker)
    for key in chosen.sort:
        if key.name not in fields.sorts:
            raise _lacking(fields, f"cannot be sorted by {key.name}", key.span)
    if chosen.group and chosen.group.name not in fields.groups:
        raise _lacking(fields, f"cannot be grouped by {chosen.group.name}", chosen.group.span)


def leaves(node: Node) -> Iterator[Node]:
    """Yield the conditions of a tree, wherever they stand."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Not(part=part):
            yield from leaves(part)
        case _:
            yield node


def mentions(node: Node, wanted: Callable[[Node], bool]) -> bool:
    """Tell whether some condition in this tree is one of those wanted."""
    return any(wanted(leaf) for leaf in leaves(node))


def asks_for(chosen: Filter, *names: str) -> bool:
    """Tell whether a filter speaks of one of these, such as `streak` or `is:due`."""

    def is_named(node: Node) -> bool:
        match node:
            case Word(name=name, word=word):
                return name in names or f"{name}:{word}" in names
            case Dated(name=name) | Measured(name=name):
                return name in names
            case _:
                return False

    return any(mentions(section.where, is_named) for section in chosen.sections) or any(
        key.name in names for key in chosen.sort
    )


def texts_of(node: Node) -> list[Text]:
    """Return the words that this tree wants to find, not those it wants to leave out."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            return [text for part in parts for text in texts_of(part)]
        case Text():
            return [node]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class _Compiler:
    fields: Fields
    asker: Asker

    def condition(self, node: Node) -> Condition:  # noqa: C901, PLR0911 - a line for each kind
        match node:
            case And(parts=parts):
                return and_(*(self.condition(part) for part in parts))
            case Or(parts=parts):
                return or_(*(self.condition(part) for part in parts))
            case Not(part=part):
                # What is not there is not so: `!due:today` finds what has no date as well.
                return not_(func.coalesce(self.condition(part), false()))
            case Everything():
                return true()
            case Text():
                return self.fields.text(node, self.asker)
            case Place():
                return self.place(node)
            case Word():
                return self.word(node)
            case Assignee():
                return self.assigned(node)
            case Dated():
                return self.dated(node)
            case Measured():
                return self.measured(node)

    def place(self, node: Place) -> Condition:
        found = self.fields.places.get(node.kind)
        if found is None:
            raise _lacking(self.fields, f"do not know a {node.kind}", node.span)
        return found(node, self.asker)

    def word(self, node: Word) -> Condition:
        found = self.fields.words.get((node.name, node.word))
        if found is None:
            raise self.unknown_word(node)
        return found(self.asker)

    def unknown_word(self, node: Word) -> FilterError:
        """Refuse a word; who says `is:due` of what has a date means `due:today`."""
        what = f"{self.fields.noun.capitalize()} do not know `{node.name}:{node.word}`"
        is_day = node.name == "is" and node.word in self.fields.days
        suggestion = f"{node.word}:today" if is_day else None
        return FilterError(
            f"{what}{meant(suggestion)}", node.span.start, node.span.end, suggestion=suggestion
        )

    def assigned(self, node: Assignee) -> Condition:
        if self.fields.assignee is None:
            raise _lacking(self.fields, "are nobody's in particular", node.span)
        return self.fields.assignee(node, self.asker)

    def dated(self, node: Dated) -> Condition:
        match self.fields.days.get(node.name):
            case None:
                raise _lacking(self.fields, f"do not know `{node.name}:`", node.span)
            case PlannedDay(of=of, near=near):
                low, high = self.ends(node.range, past=False)
                around = _between(near, _moved(low, -2), _moved(high, 2))
                return and_(around, _between(of(self.asker), low, high))
            case PastDay(column=column, only=only):
                return and_(*only, _between(column, *self.ends(node.range, past=True)))
            case Instant(column=column):
                low, high = self.ends(node.range, past=True)
                begins = self.asker.begins
                after = [] if low is None else [column >= begins(low)]
                before = [] if high is None else [column < begins(high + timedelta(days=1))]
                return and_(column.is_not(None), *after, *before)

    def ends(self, days: Range[Day], *, past: bool) -> tuple[date | None, date | None]:
        """Return the first and the last day of a range, both of them inside."""
        present = self.asker.present
        low = None if days.low is None else resolve_day(days.low, present, past=past)
        high = None if days.high is None else resolve_day(days.high, present, past=past)
        return _moved(low, 1 if days.above else 0), _moved(high, -1 if days.below else 0)

    def measured(self, node: Measured) -> Condition:
        column = self.fields.numbers.get(node.name)
        if column is None:
            raise _lacking(self.fields, f"do not know `{node.name}:`", node.span)
        numbers = node.range
        ends: list[Condition] = []
        if numbers.low is not None:
            ends.append(column > numbers.low if numbers.above else column >= numbers.low)
        if numbers.high is not None:
            ends.append(column < numbers.high if numbers.below else column <= numbers.high)
        return and_(*ends)


def _between(column: Column, low: date | None, high: date | None) -> Condition:
    ends: list[Condition] = [] if low is None else [column >= low]
    return and_(true(), *ends, *([] if high is None else [column <= high]))


def _moved(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days=days)


def _lacking(fields: Fields, what: str, span: Span) -> FilterError:
    return FilterError(f"{fields.noun.capitalize()} {what}.", span.start, span.end)
