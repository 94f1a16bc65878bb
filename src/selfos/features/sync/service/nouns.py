"""How the things that can be synced are described: their fields, their verbs, their rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from selfos.features.sync.merging import Kind
from selfos.kernel.context import Context
from selfos.kernel.database import Private
from selfos.kernel.documents import Documents
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input

Row = Mapping[str, Any]
# Writes a value out in full; one that cannot be read stays as it is, for the verb to refuse.
Form = Callable[[Any], Any]
ONLY_THIS = "this"
DELETED, ARCHIVED, FINISHED = "deleted", "archived", "finished"
# Fields that say what has become of a thing; the row shows the instant.
MARKS = {DELETED: "deleted_at", ARCHIVED: "archived_at", FINISHED: "finished_at"}


class Run(Protocol):
    """Carry a verb out; `given` are its checked fields, `row` is the thing as it is shown now."""

    def __call__(self, ctx: Context, thing: UUID, given: Any, row: Row) -> Awaitable[Any]: ...


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing a device may do: the service's own verb, what it takes, and what it sets.

    `sets` says what the verb means as fields, so that it can be merged with what others wrote.
    `dated` names the field for the day it counts for: the device's own, unless it says another;
    `timed` that for the instant. One that `settles` knows itself what becomes of it against others.
    """

    run: Run
    takes: type[Input] | None = None
    sets: Mapping[str, Any] = field(default_factory=dict[str, Any])
    dated: str | None = None
    timed: str | None = None
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Rows of their own that make up a set of words of the thing: labels on a task."""

    entity: str
    thing_column: str
    word_column: str
    word_entity: str


@dataclass(frozen=True, slots=True)
class Part:
    """A row of its own that is one field of the thing, which names it: how a task repeats.

    `shown` are the fields of that row which make up the value, in the form a device writes it.
    """

    entity: str
    documents: Documents
    pointer: str
    fields: frozenset[str]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a change is meant for, where that is not simply the thing it names.

    `row` is laid over the row of the thing: how the device saw what it changed. Of what others did
    to the thing `bears` names the fields that have to do with it, None for all, with the field it
    counts as. What is lost is noted under `told`.
    """

    thing: UUID
    fields: Mapping[str, Any]
    told: UUID
    row: Row = field(default_factory=dict[str, Any])
    bears: Mapping[str, str] | None = None


class FindAim(Protocol):
    """Find what a change by this verb is meant for."""

    def __call__(self, ctx: Context, verb: Verb, thing: UUID, fields: Row) -> Awaitable[Aim]: ...


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of thing, called as the ledger calls it.

    `columns` names the columns behind a field that is stored otherwise than it is shown. `put`
    brings a field about that only verbs can set. `forms` turn a value that can be written in
    several ways into the one it is shown in. `modifiers` say how far a verb reaches and are no
    fields of the thing. `stronger` names, for a field, values that stand against others whatever
    the clocks say. `shown` is False for what is sent as part of another row only. `aim` finds what
    a change is meant for, where that may be another thing than it names.
    """

    entity: str
    documents: Documents
    reads: Permission
    writes: Permission
    create: Verb | None
    verbs: Mapping[str, Verb]
    kinds: Mapping[str, Kind] = field(default_factory=dict[str, Kind])
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    links: Mapping[str, Link] = field(default_factory=dict[str, Link])
    parts: Mapping[str, Part] = field(default_factory=dict[str, Part])
    forms: Mapping[str, Form] = field(default_factory=dict[str, Form])
    put: Mapping[str, Run] = field(default_factory=dict[str, Run])
    modifiers: frozenset[str] = frozenset()
    stronger: Mapping[str, tuple[Any, Any]] = field(default_factory=dict[str, tuple[Any, Any]])
    shown: bool = True
    aim: FindAim | None = None

    @property
    def is_private(self) -> bool:
        """Tell whether each of these things is seen by one member alone."""
        return issubclass(self.documents.model, Private)

    def kind_of(self, name: str) -> Kind:
        """Return how a field is merged; what is not said is one value."""
        return self.kinds.get(name, Kind.SCALAR)

    def tells(self, name: str) -> bool:
        """Tell whether anybody would want to read that a value of this field was lost."""
        return name not in self.modifiers and self.kind_of(name) is not Kind.ORDER

    def reaches_on(self, wanted: Mapping[str, Any]) -> bool:
        """Tell whether a change reaches further than the thing itself."""
        return any(wanted[name] != ONLY_THIS for name in self.modifiers & wanted.keys())

    def columns_of(self, name: str) -> tuple[str, ...]:
        """Return the columns a field is stored in."""
        return self.columns.get(name, (MARKS.get(name, name),))

    def fields_of(self, columns: set[str]) -> set[str]:
        """Return the fields that some of these columns belong to."""
        by_column = {c: name for name in (*self.columns, *MARKS) for c in self.columns_of(name)}
        return {by_column.get(column, column) for column in columns}

    def value(self, name: str, row: Row) -> Any:
        """Return what a field holds, in the form a device writes it."""
        if name in MARKS:
            return row.get(MARKS[name]) is not None
        if name in self.links:
            return [word["name"] for word in row.get(name, ())]
        return row.get(name)


def plain(verb: Callable[[Context, UUID], Awaitable[Any]], **sets: Any) -> Verb:
    """Describe a verb that takes nothing but the thing's id."""

    async def run(ctx: Context, thing: UUID, given: Any, row: Row) -> Any:  # noqa: ARG001
        return await verb(ctx, thing)

    return Verb(run, None, sets)


def changing(verb: Callable[[Context, UUID, Any], Awaitable[Any]], takes: type[Input]) -> Verb:
    """Describe a verb that takes the thing's id and fields."""

    async def run(ctx: Context, thing: UUID, given: Any, row: Row) -> Any:  # noqa: ARG001
        return await verb(ctx, thing, given)

    return Verb(run, takes)


def creating(verb: Callable[[Context, Any], Awaitable[Any]], takes: type[Input]) -> Verb:
    """Describe a verb that makes a thing; its schema takes the id among the fields."""

    async def run(ctx: Context, thing: UUID, given: Any, row: Row) -> Any:  # noqa: ARG001
        return await verb(ctx, given)

    return Verb(run, takes)
