"""How repeating goes in and out: rules, series, and previews with simulated completions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from selfos.features.planning.recurrence.following import CatchUp, Mode
from selfos.features.planning.schemas.words import When
from selfos.kernel.schema import ABSENT, Input, Name, Query, RowView, View

MOST_PREVIEWED, USUALLY_PREVIEWED = 100, 10
MOST_EXCEPTIONS = 500
YEARS = 366

RuleText = Annotated[
    str,
    StringConstraints(max_length=400),
    Field(description="An RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TH."),
]
SlotText = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d)?$")
]
Slots = Annotated[list[SlotText], Field(max_length=MOST_EXCEPTIONS)]


class Repeat(Input):
    """How a task repeats. `phrase` is what the person typed, kept as it was.

    Without `catch_up`, what comes on most days collapses when missed, the rest waits.
    """

    rule: RuleText
    mode: Mode = Mode.SCHEDULE
    catch_up: CatchUp | None = None
    phrase: Name | None = None
    exdates: Slots = []
    rdates: Slots = []


class SeriesUpdate(Input):
    """A new rule holds from the current occurrence on."""

    rule: RuleText = ABSENT
    mode: Mode = ABSENT
    catch_up: CatchUp | None = None
    phrase: Name | None = None
    exdates: Slots = ABSENT
    rdates: Slots = ABSENT


class RecurrencePreview(Input):
    """A rule to try out. `days_late` says how late each occurrence is done, in turn; < 0 early."""

    rule: RuleText
    due: When
    mode: Mode = Mode.SCHEDULE
    catch_up: CatchUp | None = None
    exdates: Slots = []
    rdates: Slots = []
    days_late: Annotated[
        list[Annotated[int, Field(ge=-YEARS, le=YEARS)]], Field(max_length=MOST_PREVIEWED)
    ] = []
    n: Annotated[int, Field(ge=1, le=MOST_PREVIEWED)] = USUALLY_PREVIEWED


class SeriesPreviewQuery(Query):
    n: Annotated[int, Field(ge=1, le=MOST_PREVIEWED)] = USUALLY_PREVIEWED


class TaskRepetition(View):
    rule: str
    mode: Mode
    catch_up: CatchUp
    phrase: str | None
    text: str


class SeriesView(RowView):
    """`done` is how many occurrences were done; `anchor` is the first slot of the rule."""

    title: str
    rule: str
    text: str
    phrase: str | None
    mode: Mode
    catch_up: CatchUp
    anchor: str
    zone: str | None
    exdates: list[str]
    rdates: list[str]
    continues_id: UUID | None
    done: int
    finished_at: datetime | None


class OccurrenceDate(View):
    """One date to come: its slot, and when that is due."""

    slot: str
    due: When


class PreviewView(View):
    """What a rule means: its canonical text, words for it, and its next dates.

    `ends` tells that there is nothing after the last of them.
    """

    rule: str
    text: str
    catch_up: CatchUp
    items: list[OccurrenceDate]
    ends: bool
