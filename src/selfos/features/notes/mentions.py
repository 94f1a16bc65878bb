"""Whom a text calls: `@` and a member's name, or their first name where only one has it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID


def mentioned(text: str, names: Mapping[UUID, str]) -> set[UUID]:
    """Return whom of these the text calls by name; a name that two share calls nobody.

    The longest name that fits counts, whatever its case. `ada@example.org` calls nobody.
    """
    called = _called(names)
    if "@" not in text or not called:
        return set()
    longest_first = sorted(called, key=len, reverse=True)
    calls = re.compile(
        rf"(?<![\w@])@({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE
    )
    meant = (called.get(call.group(1).casefold(), set[UUID]()) for call in calls.finditer(text))
    return {user_id for ids in meant if len(ids) == 1 for user_id in ids}


def _called(names: Mapping[UUID, str]) -> dict[str, set[UUID]]:
    """Return who is called what, in one case."""
    called: dict[str, set[UUID]] = defaultdict(set)
    for user_id, name in names.items():
        words = name.casefold().split()
        if words:
            called[" ".join(words)].add(user_id)
            called[words[0]].add(user_id)
    return called
