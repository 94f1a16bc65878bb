"""What crosses the doors of quick-add."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from selfos.features.ai.schemas import Engine
from selfos.features.habits.schemas.views import HabitView
from selfos.features.notes.schemas import NoteView
from selfos.features.planning.schemas.views import GoalView, TaskView
from selfos.features.planning.schemas.words import WallTime, When
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import Input, View, without_nul

LONGEST_TEXT = 5_000

Text = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), BeforeValidator(without_nul)
]
Prefixes = Annotated[
    Literal["todoist", "vikunja"],
    Field(description="Signs for project, label, person and habit; default: the preference."),
]
Place = Annotated[int, Field(ge=0, le=LONGEST_TEXT)]


class Passage(Input):
    """A piece of the text, counted in characters (code points)."""

    start: Place
    end: Place


class QuickText(Input):
    """A line as somebody types it."""

    text: Text
    prefixes: Prefixes | None = None
    ignored: Annotated[
        list[Passage],
        Field(max_length=50, description="Pieces that stay in the title, whatever they look like."),
    ] = []
    picks: Annotated[
        list[UUID], Field(max_length=50, description="Which of several namesakes are meant.")
    ] = []


class Defaults(Input):
    """What holds where the text says nothing; its place is dropped where the text names one."""

    due: When | None = None
    project_id: UUID | None = None
    phase_id: UUID | None = None
    goal_id: UUID | None = None
    area_id: UUID | None = None
    parent_id: UUID | None = None


class QuickAdd(QuickText):
    """A line to be added, with the place and the day of the page it is typed on."""

    id: ClientId | None = None
    defaults: Defaults = Defaults()


class ReferenceView(View):
    id: UUID
    name: str


class RepetitionView(View):
    rule: str
    mode: Literal["schedule", "completion"]
    phrase: str


class ReminderView(View):
    minutes_before: int | None
    time: WallTime | None


class HabitShapeView(View):
    type: Literal["yes_no", "at_least", "at_most", "duration", "avoid"]
    target: float
    unit: str
    period: Literal["day", "week", "month", "rolling"]
    rolling_days: int | None
    times: int | None


class TargetView(View):
    value: float
    unit: str


class FieldsView(View):
    due: When | None
    start: When | None
    deadline: date | None
    repeat: RepetitionView | None
    duration_minutes: int | None
    priority: int | None
    project: ReferenceView | None
    phase: ReferenceView | None
    goal: ReferenceView | None
    area: ReferenceView | None
    parent: ReferenceView | None
    assignee: ReferenceView | None
    labels: list[str]
    notes: str
    links: list[str]
    reminders: list[ReminderView]
    habit: HabitShapeView | None
    target: TargetView | None
    someday: bool


class SpanView(View):
    """A piece of the text that was understood, counted in characters (code points)."""

    start: int
    end: int
    kind: str
    text: str


class OfferView(View):
    kind: Literal["project"]
    name: str


class QuickWarning(View):
    """What was not taken as meant, and what can be done about it."""

    code: str
    message: str
    start: int | None
    end: int | None
    offer: OfferView | None
    choices: list[ReferenceView]


class ParsedView(View):
    """What a line means, and the next dates of what it would make."""

    kind: Literal["task", "habit", "goal", "note"]
    title: str
    fields: FieldsView
    spans: list[SpanView]
    warnings: list[QuickWarning]
    preview: list[When]
    unclear: Annotated[
        bool,
        Field(
            description="Something may not have been taken as meant: a warning without a choice,"
            " a number left in the title, or a title of more than ten words."
        ),
    ]


class AskedView(View):
    """A line written so that it is clear, and what it means; add it like any other."""

    text: str
    engine: Annotated[Engine, Field(description="Who wrote it: `rules` is the line as it was.")]
    note: Annotated[str, Field(description="Who wrote it or why no model did, in a sentence.")]
    generation_id: Annotated[
        UUID | None, Field(description="What a model wrote, to say what one thinks of it.")
    ]
    parsed: ParsedView


class AddedView(View):
    """What was made of a line; the one of its kind is filled."""

    kind: Literal["task", "habit", "goal", "note"]
    task: TaskView | None = None
    goal: GoalView | None = None
    habit: HabitView | None = None
    note: NoteView | None = None
    warnings: list[QuickWarning]
