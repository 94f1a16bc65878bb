"""The next dates of a rule, as planning will make them."""

from __future__ import annotations

from datetime import datetime, time

from selfos.features.planning import service as planning

PREVIEWED = 5


def next_slots(rule: str, anchor: datetime, n: int = PREVIEWED) -> list[datetime]:
    """Return up to n wall times of a rule that is counted from its anchor."""
    try:
        found = planning.next_slots(rule, anchor, n=n)
    except ValueError:
        return []
    return [
        slot if isinstance(slot, datetime) else datetime.combine(slot, time()) for slot in found
    ]
