"""Reports: asked for, and told."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from selfos.features.habits.schemas.words import Day
from selfos.features.identity.schemas import Locale
from selfos.kernel.documents import PageQuery
from selfos.kernel.schema import Input, Page, Query, View


class ReportKind(StrEnum):
    """How long a time is looked back on."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class ReportFormat(StrEnum):
    """JSON for programs, PDF for people and printers."""

    JSON = "json"
    PDF = "pdf"


class ReportFormatQuery(Query):
    """In which form, and in which language where it is set on paper."""

    format: Annotated[
        ReportFormat | None,
        Field(description="Default: PDF where the `Accept` header asks for it."),
    ] = None
    language: Annotated[
        Locale | None, Field(description="Of the PDF: en, de, es or fr. Default: the profile's.")
    ] = None


class ReportCreate(Input):
    """Which time to look back on; without a day, the last one that is over."""

    kind: ReportKind = ReportKind.WEEK
    day: Annotated[Day | None, Field(description="Any day of it.")] = None


class ReportQuery(PageQuery):
    """Which back-issues."""

    kind: ReportKind | None = None


class CitedView(View):
    """A number of the statistics, by where it stands in them."""

    name: str
    value: float


class SaidView(View):
    """A sentence and every number it rests on."""

    text: str
    facts: list[CitedView]


class ReportView(View):
    """One report, as it was told then; told again it says what is true by now."""

    id: UUID
    kind: ReportKind
    first: date
    last: date
    title: str
    sentences: list[SaidView]
    suggestion: SaidView
    charts: Annotated[list[dict[str, Any]], Field(description="As `/progress/charts` gives them.")]
    load: Annotated[list[dict[str, Any]], Field(description="As in `/progress/stats`.")]
    told_at: datetime


class ReportPage(Page):
    """Back-issues, the latest time first."""

    items: list[ReportView]
