"""A year in review: a row of cards, each with the numbers it rests on."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from selfos.features.identity.schemas import Locale
from selfos.features.progress.schemas.charts import HeatDayView
from selfos.features.progress.schemas.reports import CitedView
from selfos.kernel.schema import Query, View


class YearFormat(StrEnum):
    """JSON to draw, PDF with a page for each card, or one card as an image."""

    JSON = "json"
    PDF = "pdf"
    PNG = "png"


class YearQuery(Query):
    """In which form."""

    format: YearFormat = YearFormat.JSON
    card: Annotated[int, Field(ge=1, description="Which card is the image; the first is 1.")] = 1
    language: Annotated[
        Locale | None, Field(description="en, de, es or fr. Default: the profile's.")
    ] = None


class CardKind(StrEnum):
    """What a card tells of."""

    COVER = "cover"
    TASKS = "tasks"
    MONTH = "month"
    PLANS = "plans"
    HABITS = "habits"
    FOCUS = "focus"
    AREAS = "areas"
    GOALS = "goals"
    DAYS = "days"
    END = "end"


class BarView(View):
    """One bar of a card; `share` is its length, the longest is 1."""

    label: str
    share: Annotated[float, Field(ge=0, le=1)]
    text: str


class CardView(View):
    """One card: at most a number of pride, a sentence, and something to look at."""

    kind: CardKind
    title: str
    figure: str | None
    sentence: str
    note: Annotated[str | None, Field(description="Days, and what is not known.")]
    facts: Annotated[list[CitedView], Field(description="Every number of the sentence.")]
    bars: list[BarView]
    days: list[HeatDayView]


class YearView(View):
    """Somebody's year, as far as it is known."""

    year: int
    language: Annotated[str, Field(description="Of all words on the cards.")]
    first: date
    last: Annotated[date, Field(description="Today, of the year that runs.")]
    over: bool
    little: Annotated[bool, Field(description="Too little is known for more than a few cards.")]
    cards: list[CardView]
