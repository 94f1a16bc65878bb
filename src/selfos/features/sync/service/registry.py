"""Everything that can be synced, family by family."""

from __future__ import annotations

from selfos.features.sync.service.families import (
    calendar,
    focus,
    habits,
    journal,
    notes,
    notifications,
    planning,
    search,
)

FAMILIES = (planning, habits, notes, journal, search, calendar, notifications, focus)
# In the order a device can take them in: what others point to comes first.
NOUNS = {noun.entity: noun for family in FAMILIES for noun in family.NOUNS}
SHOWN = tuple(noun for noun in NOUNS.values() if noun.shown)
# Rows that show in another row: by the column that names it, or found by their slices.
POINTERS = planning.POINTERS
SHOWING = (planning.rows_showing, notes.rows_showing)
