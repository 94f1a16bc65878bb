"""Templates: what goes in and out."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from selfos.features.planning.schemas.words import (
    ABSENT,
    Day,
    LabelNames,
    Minutes,
    Priority,
    TaskWeight,
    WallTime,
)
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import Input, Name, Page, Prose, RowView, Title, Variant, View

TASKS_PER_TEMPLATE = 200
DEEPEST_LINE = 5
DaysAfterStart = Annotated[
    int, Field(ge=-366, le=3660, description="Days after the day it starts; before it, negative.")
]


class TemplateTask(Variant):
    """One line of an outline: with a greater depth it lies under the line before it."""

    title: Title
    depth: Annotated[int, Field(ge=0, le=DEEPEST_LINE)] = 0
    notes: Prose = ""
    priority: Priority = 4
    start_day: DaysAfterStart | None = None
    due_day: DaysAfterStart | None = None
    due_time: WallTime | None = None
    deadline_day: DaysAfterStart | None = None
    duration_minutes: Minutes | None = None
    weight: TaskWeight = 1.0
    labels: LabelNames = []
    phase: Annotated[
        Name | None, Field(description="The phase it lies in, wherever it lies in a project.")
    ] = None


def _outline(lines: list[TemplateTask]) -> list[TemplateTask]:
    deepest = 0
    for number, line in enumerate(lines, start=1):
        if line.depth > deepest:
            raise ValueError(f"line {number} skips a level: its depth is at most {deepest}")
        if line.due_time is not None and line.due_day is None:
            raise ValueError(f"line {number} has a time and no day; add `due_day`")
        deepest = line.depth + 1
    return lines


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
    """One line of an outline."""

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
