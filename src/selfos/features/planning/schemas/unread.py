"""What others changed, and what somebody has seen of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfos.features.planning.schemas.filters import FilterText
from selfos.kernel.schema import Input, View


class SeenTasks(Input):
    q: Annotated[
        FilterText | None, Field(description="Only what this filter finds; without it, everything.")
    ] = None


class UnreadTasks(View):
    """How many tasks are unread, and the ids of the newest of them, at most 1,000."""

    unread: int
    ids: list[UUID]
