"""What is asked and answered in a search."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.planning.schemas.filters import FilterProblem, FilterText
from selfos.kernel.schema import Query, View

MOST_HITS, USUAL_HITS = 50, 20


class Kind(StrEnum):
    """What can be found."""

    AREA = "area"
    CALENDAR_EVENT = "calendar_event"
    COMMENT = "comment"
    GOAL = "goal"
    HABIT = "habit"
    JOURNAL_ENTRY = "journal_entry"
    NOTE = "note"
    PROJECT = "project"
    STORY = "story"
    TASK = "task"


class SearchQuery(Query):
    q: Annotated[
        FilterText,
        Field(description='Words as you type, `"phrases"`; with qualifiers it finds tasks.'),
    ]
    kinds: Annotated[
        str | None,
        Field(max_length=200, description="Comma-separated; by default everything."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_HITS)] = USUAL_HITS


class Part(View):
    """A stretch of text, and whether it is what was looked for."""

    text: str
    hit: bool


class About(View):
    """Where something belongs: the project of a task, the goal of a note."""

    kind: str
    id: UUID


class SearchHit(View):
    kind: Kind
    id: UUID
    title: str
    title_parts: list[Part]
    snippet_parts: Annotated[
        list[Part] | None, Field(description="Its text around the first hit, if it has any.")
    ]
    about: About | None
    closed: Annotated[bool, Field(description="Done, cancelled, completed or archived.")]
    updated_at: datetime


class SearchView(View):
    """The best hits; `problem` says why a filter was searched as plain words."""

    items: list[SearchHit]
    problem: FilterProblem | None
