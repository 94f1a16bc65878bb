"""What slices offer to assistants: one definition for every door that lets one in.

A tool reads, makes a proposal, or stands for a deed: what a line of a proposal can ask for, and
what an assistant may do at once where its user has said so. Tools know nothing of the doors.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from selfos.kernel.context import Context
from selfos.kernel.documents import Document, Json
from selfos.kernel.errors import NotFound
from selfos.kernel.permissions import Permission
from selfos.kernel.schema import Input

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500),
    Field(description="Why, in a sentence; the user reads it beside the change."),
]


class Group(StrEnum):
    """What consent is given for, one by one."""

    AREAS = "areas"
    GOALS = "goals"
    HABITS = "habits"
    HISTORY = "history"
    NOTES = "notes"
    OVERVIEW = "overview"
    PROJECTS = "projects"
    TASKS = "tasks"


class Level(StrEnum):
    """How far consent goes, from least to most; each includes those before it."""

    READ = "read"
    PROPOSE = "propose"
    ACT = "act"

    def covers(self, wanted: Level) -> bool:
        """Tell whether this much consent includes that."""
        order = list(Level)
        return order.index(self) >= order.index(wanted)


class Operation(StrEnum):
    """What a line of a proposal would do with a thing."""

    APPEND = "append"
    ARCHIVE = "archive"
    CHECK_IN = "check_in"
    COMPLETE = "complete"
    CREATE = "create"
    DELETE = "delete"
    MOVE = "move"
    REOPEN = "reopen"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Consent:
    """What a user lets an assistant do, group by group; `by` is what they call it."""

    by: str
    levels: Mapping[Group, Level]

    def allows(self, group: Group, level: Level) -> bool:
        """Tell whether consent in this group goes that far."""
        given = self.levels.get(group)
        return given is not None and given.covers(level)


class Change(Input):
    """The arguments of a deed begin with these; without consent it becomes a proposal's line."""

    reason: Reason = ""
    proposal_id: Annotated[
        UUID | None,
        Field(description="An open proposal of yours to add this to; by default a new one."),
    ] = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One operation on one kind of thing: what it takes, the verb, and how the thing is shown."""

    entity: str
    operation: Operation
    fields: type[Input]
    carry_out: Callable[[Context, UUID, Any], Awaitable[object]]
    show: Callable[[Context, UUID], Awaitable[Document]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolBase:
    """What all tools have; `description` is written for a model.

    `level` is what the tool does with full consent, `least` what opens it at all.
    """

    level: ClassVar[Level]
    least: ClassVar[Level]

    name: str
    description: str
    group: Group
    permission: Permission
    arguments: type[Input]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTool(ToolBase):
    """Answers and changes nothing."""

    level: ClassVar[Level] = Level.READ
    least: ClassVar[Level] = Level.READ

    verb: Callable[[Context, Any], Awaitable[Json]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeTool(ToolBase):
    """Makes a proposal of its own kind; returns its id."""

    level: ClassVar[Level] = Level.PROPOSE
    least: ClassVar[Level] = Level.PROPOSE

    verb: Callable[[Context, Any], Awaitable[UUID]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActTool(ToolBase):
    """Stands for a deed. `subject` is the argument that names the thing; None makes a new one.

    A destructive one waits for the user's click whatever the consent.
    """

    level: ClassVar[Level] = Level.ACT
    least: ClassVar[Level] = Level.PROPOSE

    arguments: type[Change]
    deed: Deed
    subject: str | None = None
    destructive: bool = False

    def is_automatic(self, consent: Consent) -> bool:
        """Tell whether a call changes something without a click of the user."""
        return not self.destructive and consent.allows(self.group, self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectTool(ToolBase):
    """Acts at once with consent and not at all without: what it does cannot wait in a line."""

    level: ClassVar[Level] = Level.ACT
    least: ClassVar[Level] = Level.ACT

    verb: Callable[[Context, Any], Awaitable[Json]]


Tool = ReadTool | ProposeTool | ActTool | DirectTool


class Toolbox:
    """All tools of an instance, by name, and the deeds they stand for."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        """A name, and an operation on a kind of thing, is offered once."""
        self._tools = {tool.name: tool for tool in tools}
        deeds = [tool.deed for tool in self if isinstance(tool, ActTool)]
        self._deeds = {(deed.entity, deed.operation): deed for deed in deeds}

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def named(self, name: str) -> Tool:
        """Return a tool or raise NotFound."""
        tool = self._tools.get(name)
        if tool is None:
            raise NotFound("There is no such tool.")
        return tool

    def deed(self, entity: str, operation: Operation) -> Deed:
        """Return what carries out a line of a proposal."""
        return self._deeds[entity, operation]

    def offered(self, consent: Consent) -> Iterator[Tool]:
        """Yield the tools that this consent opens, in any way."""
        return (tool for tool in self if consent.allows(tool.group, tool.least))

    def furthest(self) -> dict[Group, Level]:
        """Return for each group the most that consent can mean in it."""
        most: dict[Group, Level] = {}
        for tool in self:
            level = tool.level
            if isinstance(tool, ActTool) and tool.destructive:
                level = Level.PROPOSE
            if tool.group not in most or level.covers(most[tool.group]):
                most[tool.group] = level
        return most
