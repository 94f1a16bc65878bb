"""Data points, paths and seasons of goals: what a client sends and receives."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.planning.schemas.words import ABSENT, Amount, Day, PointSource
from selfos.kernel.identifiers import ClientId
from selfos.kernel.schema import Input, Page, Prose, RowView


class DataPointCreate(Input):
    id: ClientId | None = None
    day: Annotated[Day | None, Field(description="Default: the user's own today.")] = None
    value: Amount
    note: Prose = ""


class DataPointUpdate(Input):
    day: Day = ABSENT
    value: Amount = ABSENT
    note: Prose = ABSENT


class DataPointView(RowView):
    """An amount to add, or a reading to go by: the goal's `counting` says which."""

    goal_id: UUID
    day: date
    value: float
    note: str
    source: PointSource
    source_id: UUID | None


class DataPointPage(Page):
    items: list[DataPointView]
