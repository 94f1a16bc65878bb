"""What goes in and out about filters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from selfos.features.habits.schemas.views import HabitDay
from selfos.features.planning.schemas.filters import FilterProblem, FilterText
from selfos.features.planning.schemas.views import GoalView, TaskView
from selfos.features.planning.schemas.words import Hue, IconName
from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Name, Page, RowView, View


class FilterCheck(Input):
    query: FilterText


class FilterCheckView(View):
    """The canonical text of a filter and of its sections, or what is wrong with it."""

    ok: bool
    text: str | None = None
    sections: list[str] = []
    problem: FilterProblem | None = None


class FilterCreate(Input):
    id: ClientId | None = None
    name: Name
    query: FilterText
    icon: IconName = "list-filter"
    color: Hue = Hue.GROWTH
    favourite: bool = False


class FilterUpdate(Input):
    name: Name = ABSENT
    query: FilterText = ABSENT
    icon: IconName = ABSENT
    color: Hue = ABSENT
    favourite: bool = ABSENT


class FilterView(RowView):
    """A saved filter; `query` is its canonical text."""

    name: str
    query: str
    icon: str
    color: Hue
    favourite: bool
    position: str


class FilterPage(Page):
    """In manual order."""

    items: list[FilterView]


class SectionQuery(PageQuery):
    """Without a section, the first page of each."""

    section: Annotated[int | None, Field(ge=0, le=50, description="Counted from 0.")] = None


class FilterPreview(SectionQuery):
    q: FilterText
    about: Annotated[
        Literal["task", "goal", "habit"],
        Field(description="What sections are about that do not say so."),
    ] = "task"


class TaskGroup(View):
    """`key` is an id, a day, a priority or a state; null for what has none."""

    key: str | None
    title: str | None
    items: list[TaskView]


class HabitGroup(View):
    """`key` is an id; null for what has none."""

    key: str | None
    title: str | None
    items: list[HabitDay]


class GoalGroup(View):
    """`key` is an id; null for what has none."""

    key: str | None
    title: str | None
    items: list[GoalView]


class TaskSection(View):
    kind: Literal["task"]
    text: str
    groups: list[TaskGroup]
    next_cursor: str | None


class GoalSection(View):
    kind: Literal["goal"]
    text: str
    groups: list[GoalGroup]
    next_cursor: str | None


class HabitSection(View):
    """Habits, each as it stands today."""

    kind: Literal["habit"]
    text: str
    groups: list[HabitGroup]
    next_cursor: str | None


FilterSection = Annotated[TaskSection | GoalSection | HabitSection, Field(discriminator="kind")]


class FilterSections(View):
    """What a filter finds."""

    text: str
    sections: list[FilterSection]
