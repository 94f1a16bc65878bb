"""The days of a recurrence rule, as planning reckons them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from selfos.features.planning import service as planning

# How far beyond today the next day of a rule is looked for.
SIGHT = timedelta(days=366)
RULES_KEPT = 2_000


@lru_cache(maxsize=RULES_KEPT)
def due_days(rule: str, start: date, today: date) -> frozenset[date]:
    """Return the days a canonical rule comes up, from the start to a year after today."""
    slots = planning.slots_between(rule, start, start, today + SIGHT)
    return frozenset(slot for slot in slots if not isinstance(slot, datetime))
