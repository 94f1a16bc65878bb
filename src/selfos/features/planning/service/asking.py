"""The filter language, for slices whose rows are asked in it as well.

Such a slice says what its rows can be asked for in a table of `Fields`, and reads with `read_for`.
"""

from __future__ import annotations

from selfos.features.planning.filters.columns import (
    always,
    by,
    by_day,
    in_area,
    in_area_and_goal,
    reckoned,
    shared,
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
    check_fields,
    leaves,
    mentions,
    texts_of,
)
from selfos.features.planning.filters.containers import GOAL_FIELDS
from selfos.features.planning.filters.reading import read_filter
from selfos.features.planning.filters.tasks import TASK_FIELDS
from selfos.features.planning.filters.tree import (
    And,
    Assignee,
    Everything,
    Filter,
    Node,
    Section,
    Text,
    Word,
    joined,
)
from selfos.features.planning.filters.words import FilterError
from selfos.features.planning.filters.writing import write, write_filter
from selfos.features.planning.predicates import found
from selfos.features.planning.service.filtering import (
    Asked,
    Wanted,
    asker_of,
    problem_of,
    read_for,
    refusal_of,
    show_page,
)
from selfos.features.planning.service.goals import ask_goals
from selfos.features.planning.service.tasks import ask_tasks

__all__ = [
    "GOAL_FIELDS",
    "TASK_FIELDS",
    "And",
    "Asked",
    "Asker",
    "Assignee",
    "Condition",
    "Everything",
    "Fields",
    "Filter",
    "FilterError",
    "Instant",
    "Node",
    "PastDay",
    "PlannedDay",
    "Section",
    "Text",
    "Wanted",
    "Word",
    "always",
    "ask_goals",
    "ask_tasks",
    "asker_of",
    "asks_for",
    "by",
    "by_day",
    "check_fields",
    "found",
    "in_area",
    "in_area_and_goal",
    "joined",
    "leaves",
    "mentions",
    "problem_of",
    "read_filter",
    "read_for",
    "reckoned",
    "refusal_of",
    "shared",
    "show_page",
    "text_in",
    "texts_of",
    "toward_goal",
    "whose",
    "write",
    "write_filter",
]
