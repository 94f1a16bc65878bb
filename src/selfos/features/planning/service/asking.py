"""The filter language, for slices whose rows are asked in it as well.

Such a slice says what its rows can be asked for in a table of `Fields`, and reads with `read_for`.
"""

from __future__ import annotations

from selfos.features.planning.documents import found
from selfos.features.planning.filters.columns import (
    always,
    by,
    by_day,
    in_area,
    in_area_and_goal,
    reckoned,
    text_in,
    toward_goal,
    whose,
)
from selfos.features.planning.filters.compiling import (
    Asker,
    Condition,
    Fields,
    Instant,
    PastDay,
    PlannedDay,
    asks_for,
    mentions,
)
from selfos.features.planning.filters.tree import Assignee, Filter
from selfos.features.planning.service.filtering import Wanted, read_for, show_page

__all__ = [
    "Asker",
    "Assignee",
    "Condition",
    "Fields",
    "Filter",
    "Instant",
    "PastDay",
    "PlannedDay",
    "Wanted",
    "always",
    "asks_for",
    "by",
    "by_day",
    "found",
    "in_area",
    "in_area_and_goal",
    "mentions",
    "read_for",
    "reckoned",
    "show_page",
    "text_in",
    "toward_goal",
    "whose",
]
