"""Saved filters."""

from __future__ import annotations

from selfos.features.planning.schemas.inputs import Reorder
from selfos.features.search import service as search
from selfos.features.search.schemas.filters import FilterCreate, FilterUpdate
from selfos.features.sync.merging import Kind
from selfos.features.sync.service.nouns import Noun, changing, creating, plain
from selfos.kernel.permissions import Permission

FILTER = Noun(
    "filter",
    search.FILTERS,
    Permission.TASK_READ,
    Permission.TASK_WRITE,
    creating(search.create_filter, FilterCreate),
    {
        "update": changing(search.update_filter, FilterUpdate),
        "move": changing(search.move_filter, Reorder),
        "delete": plain(search.delete_filter, deleted=True),
    },
    kinds={"after_id": Kind.ORDER},
    columns={"after_id": ("position",)},
)

NOUNS = (FILTER,)
