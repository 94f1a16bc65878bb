"""The verbs of search: looking for something, and saved filters; each checks its right first."""

from selfos.features.search.service.saved import (
    FILTERS,
    create_filter,
    delete_filter,
    get_filter,
    list_filters,
    move_filter,
    update_filter,
)
from selfos.features.search.service.searching import search
from selfos.features.search.service.sections import check_filter, preview_filter, show_filter

__all__ = [
    "FILTERS",
    "check_filter",
    "create_filter",
    "delete_filter",
    "get_filter",
    "list_filters",
    "move_filter",
    "preview_filter",
    "search",
    "show_filter",
    "update_filter",
]
