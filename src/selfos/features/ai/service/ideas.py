"""What playbooks know, for whoever recommends: their area, what they ask, the rhythm in them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from selfos.features.ai.planner.matching import find_playbook
from selfos.features.ai.planner.playbooks import GENERIC, Habit, Playbook, load_playbooks
from selfos.features.ai.planner.reading import read_goal

# Reading a title takes a millisecond or two; nobody waits for the same one twice in a day.
KEPT_TITLES = 4_096


@dataclass(frozen=True, slots=True)
class PlaybookIdea:
    """A kind of goal that can be planned; `habit` is its first rhythm, if that needs no answers."""

    key: str
    title: str
    area: str
    weeks: int
    hours_per_week: float
    habit: str | None


@lru_cache(maxsize=1)
def playbook_ideas() -> dict[str, PlaybookIdea]:
    """Return what every playbook is for, by its key; the generic one is for nothing."""
    return {
        key: PlaybookIdea(
            key=key,
            title=playbook.title,
            area=playbook.area,
            weeks=playbook.weeks,
            hours_per_week=playbook.hours_per_week,
            habit=next((each.text for each in _habits(playbook) if "{" not in each.text), None),
        )
        for key, playbook in load_playbooks().items()
        if key != GENERIC
    }


async def playbooks_of(titles: Collection[str], today: date) -> dict[str, PlaybookIdea | None]:
    """Return the playbook of each title; they are read beside the event loop, once a day each."""
    return await asyncio.to_thread(
        lambda: {title: playbook_of(title, today) for title in set(titles)}
    )


@lru_cache(maxsize=KEPT_TITLES)
def playbook_of(title: str, today: date) -> PlaybookIdea | None:
    """Return the playbook that fits a goal's words, or None."""
    found = find_playbook(read_goal(title, "", today)).playbook
    return playbook_ideas().get(found.key)


def _habits(playbook: Playbook) -> Iterator[Habit]:
    return (step.habit for phase in playbook.phases for step in phase.steps if step.habit)
