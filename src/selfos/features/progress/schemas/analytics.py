"""What owners are told of a whole workspace: sums, about a crowd or about those who agreed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from selfos.features.progress.schemas.charts import Measure, PointView
from selfos.features.progress.schemas.stats import Format
from selfos.features.progress.spans import Unit
from selfos.kernel.schema import Input, Query, View


class Table(StrEnum):
    """What the people of a workspace are counted by."""

    AREAS = "areas"
    HABITS = "habits"
    LOAD = "load"
    WORK = "work"


class GroupKey(StrEnum):
    """About whom a sum is."""

    EVERYBODY = "everybody"
    AGREED = "agreed"


class AnalyticsQuery(Query):
    """How long one period is; which ones are told is not for the asker to choose."""

    by: Annotated[
        Unit | None,
        Field(description="`work` and `habits`: week or month; `areas`: month; `load`: week."),
    ] = None
    format: Annotated[
        Format | None, Field(description="Default: CSV where the `Accept` header asks for it.")
    ] = None


class AnalyticsSeriesView(View):
    """One line or row of bars, with one value for each point."""

    key: str
    label: str
    color: str | None
    values: list[
        Annotated[int | None, Field(description="Null: not told, since it would be about few.")]
    ]


class AnalyticsGroupView(View):
    """The sums of one group of people."""

    key: GroupKey
    label: str
    exact: Annotated[bool, Field(description="If not, values are rounded to fives.")]
    told: Annotated[bool, Field(description="Whether anything is told at all.")]
    series: list[AnalyticsSeriesView]
    sentence: str


class AnalyticsView(View):
    """One table of a workspace, ready to draw."""

    table: Table
    title: str
    measure: Measure
    by: Unit
    points: list[PointView]
    groups: list[AnalyticsGroupView]
    members: Annotated[int, Field(description="Active members.")]
    agreed: Annotated[int, Field(description="Active members who have agreed as of now.")]
    least: Annotated[int, Field(description="How many people make a crowd.")]


class CountingConsentUpdate(Input):
    """Whether I may be counted where fewer than five are."""

    consent: bool


class CountingConsentView(View):
    """Whether I may be counted where fewer than five are, in this workspace."""

    consent: bool
