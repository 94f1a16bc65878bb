"""What goes in and out of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from selfos.kernel.documents import PageQuery
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import ABSENT, Input, Page, Prose, Query, RowView, View, without_nul

LOWEST, HIGHEST = 1, 5
WORDS_PER_ENTRY = 12


def _once_each(words: list[str]) -> list[str]:
    return list(dict.fromkeys(word.casefold() for word in words))


Score = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
Mood = Annotated[Score, Field(description="From 1, very low, to 5, very good.")]
Energy = Annotated[Score, Field(description="From 1, drained, to 5, full of it.")]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    BeforeValidator(without_nul),
]
Words = Annotated[
    list[Word],
    Field(max_length=WORDS_PER_ENTRY, description="Words for it: `calm`, `proud`."),
    AfterValidator(_once_each),
]
Markdown = Annotated[Prose, Field(description="Markdown, kept as written.")]
Day = Annotated[date, Field(description="The day it counts for; by default the writer's today.")]


class EntryCreate(Input):
    """A text, how it is, or both; the day it counts for is chosen now and stays."""

    id: ClientId | None = None
    day: Day | None = None
    body: Markdown = ""
    mood: Mood | None = None
    energy: Energy | None = None
    words: Words = []


class EntryUpdate(Input):
    day: Day = ABSENT
    body: Markdown = ABSENT
    mood: Mood | None = None
    energy: Energy | None = None
    words: Words = ABSENT


class EntryQuery(PageQuery):
    day: date | None = None
    since: Annotated[date | None, Field(description="This day and later ones.")] = None
    until: Annotated[date | None, Field(description="This day and earlier ones.")] = None
    deleted: Annotated[bool, Field(description="Those in the trash instead.")] = False


class EntryView(RowView):
    day: date
    body: str
    mood: int | None
    energy: int | None
    words: list[str]
    deleted_at: datetime | None


class EntryPage(Page):
    """The last day first, and within a day what was written last."""

    items: list[EntryView]


class MoodQuery(Query):
    since: date
    until: date


class MoodDay(View):
    """One day: the mean of what was said on it, and how many entries there are."""

    day: date
    mood: float | None
    energy: float | None
    entries: int


class MoodDays(View):
    """Days with an entry, oldest first; the days between are gaps, not zeros."""

    items: list[MoodDay]


@dataclass(frozen=True, slots=True)
class Checked:
    """One time somebody said how it was, for other slices: never a word of theirs."""

    id: UUID
    day: date
    at: datetime
    mood: int | None
    energy: int | None
