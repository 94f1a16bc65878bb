"""Templates: what goes in and out."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from selfos.features.planning.recurrence.canonical import canonical
from selfos.features.planning.recurrence.following import CatchUp, Mode
from selfos.features.planning.recurrence.rules import read
from selfos.features.planning.schemas.repeating import RuleText
from selfos.features.planning.schemas.words import (
    Day,
    DependencyKind,
    LabelNames,
    Minutes,
    Priority,
    TaskWeight,
    WallTime,
    ZoneName,
)
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Name, Page, Prose, RowView, Title, Variant, View

TASKS_PER_TEMPLATE = 200
DEEPEST_LINE = 5
DaysAfterStart = Annotated[
    int, Field(ge=-366, le=3660, description="Days after the day it starts; before it, negative.")
]


class TemplateTie(Variant):
    """Another line, counted from 0. With `blocks` that one comes first."""

    line: Annotated[int, Field(ge=0, lt=TASKS_PER_TEMPLATE)]
    kind: DependencyKind = DependencyKind.BLOCKS


class TemplateRepeat(Variant):
    """How a task made from this line repeats, from its first date on.

    Where the rule ends on a day, `until_day` says so in days after the start.
    """

    rule: RuleText
    mode: Mode = Mode.SCHEDULE
    catch_up: CatchUp | None = None
    phrase: Name | None = None
    until_day: DaysAfterStart | None = None

    def check(self) -> None:
        """Raise ValueError for a rule that could never be followed."""
        rule = canonical(read(self.rule), follows=self.mode is Mode.COMPLETION)
        if rule.until is not None:
            raise ValueError("it ends on a date of its own; say `until_day`")
        if rule.count is not None and self.until_day is not None:
            raise ValueError("it ends on a day or after a number of times, not both")
        if self.mode is Mode.COMPLETION and self.catch_up is CatchUp.ALL:
            raise ValueError("what counts from its completion is never missed more than once")


class TemplateTask(Variant):
    """One line of an outline: with a greater depth it lies under the line before it.

    Times in a zone of their own name it. A line that repeats does so wherever it stands by itself;
    under a task it comes back with that.
    """

    title: Title
    depth: Annotated[int, Field(ge=0, le=DEEPEST_LINE)] = 0
    notes: Prose = ""
    priority: Priority = 4
    start_day: DaysAfterStart | None = None
    start_time: WallTime | None = None
    start_zone: ZoneName | None = None
    due_day: DaysAfterStart | None = None
    due_time: WallTime | None = None
    due_zone: ZoneName | None = None
    deadline_day: DaysAfterStart | None = None
    duration_minutes: Minutes | None = None
    weight: TaskWeight = 1.0
    labels: LabelNames = []
    phase: Annotated[
        Name | None, Field(description="The phase it lies in, wherever it lies in a project.")
    ] = None
    ties: Annotated[list[TemplateTie], Field(max_length=TASKS_PER_TEMPLATE)] = []
    repeat: TemplateRepeat | None = None

    def check(self) -> None:
        """Raise ValueError for plans that say only half of what they need."""
        for plan in ("start", "due"):
            day, clock, zone = (getattr(self, f"{plan}_{part}") for part in ("day", "time", "zone"))
            if clock is not None and day is None:
                raise ValueError(f"has a time and no day; add `{plan}_day`")
            if zone is not None and clock is None:
                raise ValueError(f"has a zone and no time; add `{plan}_time`")
        if self.repeat is None:
            return
        if self.depth > 0:
            raise ValueError("cannot repeat under another; let that repeat")
        if self.due_day is None:
            raise ValueError("repeats without a first day; add `due_day`")
        try:
            self.repeat.check()
        except ValueError as error:
            raise ValueError(f"cannot repeat so: {error}") from error


def _outline(lines: list[TemplateTask]) -> list[TemplateTask]:
    deepest = 0
    for number, line in enumerate(lines, start=1):
        if line.depth > deepest:
            raise ValueError(f"line {number} skips a level: its depth is at most {deepest}")
        try:
            line.check()
        except ValueError as error:
            raise ValueError(f"line {number} {error}") from error
        deepest = line.depth + 1
    _check_ties(lines)
    return lines


def _check_ties(lines: list[TemplateTask]) -> None:
    """Refuse ties to nowhere, ties that are there twice, and circles of lines that wait."""
    before: dict[int, list[int]] = {}
    seen: set[tuple[DependencyKind, int, int]] = set()
    for place, line in enumerate(lines):
        for tie in line.ties:
            if tie.line >= len(lines) or tie.line == place:
                raise ValueError(f"line {place + 1} is tied to no other line")
            ends = (tie.line, place)
            if tie.kind is DependencyKind.RELATES:
                ends = (min(ends), max(ends))
            if (tie.kind, *ends) in seen:
                raise ValueError(f"line {place + 1} is tied to the same line twice")
            seen.add((tie.kind, *ends))
            if tie.kind is DependencyKind.BLOCKS:
                before.setdefault(place, []).append(tie.line)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        raise ValueError("some lines wait for each other in a circle") from error


Outline = Annotated[
    list[TemplateTask],
    Field(min_length=1, max_length=TASKS_PER_TEMPLATE),
    AfterValidator(_outline),
]


class TemplateCreate(Input):
    id: ClientId | None = None
    name: Name
    description: Prose = ""
    tasks: Outline


class TemplateUpdate(Input):
    name: Name = ABSENT
    description: Prose = ABSENT
    tasks: Outline = ABSENT


class TemplateOf(Input):
    """What a template made from a task or project is called; by default, as that is."""

    id: ClientId | None = None
    name: Name | None = None
    description: Prose = ""


class TemplateUse(Input):
    """Where and from when; under a task it is a checklist. `start_date` is today by default."""

    start_date: Day | None = None
    parent_id: UUID | None = None
    project_id: UUID | None = None
    phase_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None


class TemplateTaskView(View):
    """One line of an outline; what was kept before there were zones, ties and rules lacks them."""

    title: str
    depth: int
    notes: str
    priority: int
    start_day: int | None
    due_day: int | None
    due_time: str | None
    deadline_day: int | None
    duration_minutes: int | None
    weight: float
    labels: list[str]
    phase: str | None
    start_time: str | None = None
    start_zone: str | None = None
    due_zone: str | None = None
    ties: list[TemplateTie] | None = None
    repeat: TemplateRepeat | None = None


class TemplateView(RowView):
    name: str
    description: str
    tasks: list[TemplateTaskView]


class TemplatePage(Page):
    """By name."""

    items: list[TemplateView]


def stored(lines: list[TemplateTask]) -> list[dict[str, Any]]:
    """Return lines as they are kept and shown."""
    return [line.model_dump(mode="json") for line in lines]
