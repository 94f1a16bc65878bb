"""The scene a story is set in, and the moments it can be told in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from uuid import UUID

from selfos.features.stories.facts import Fact, StoryRequest
from selfos.features.stories.wording import Wording

WEEKDAY_WITHIN_DAYS = 31
STEPS_FOR_ARC = 2


class Beat(IntEnum):
    """The order of a story."""

    SETUP = 1
    OBSTACLE = 2
    TURN = 3
    OUTCOME = 4
    NEXT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something to say: which voice, with which words, proved by which events."""

    key: str
    beat: Beat
    weight: float
    slots: Mapping[str, str]
    event_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """The request with its words, and the facts already sorted and parted."""

    request: StoryRequest
    words: Wording
    facts: tuple[Fact, ...]

    def of(self, *types: str) -> list[Fact]:
        """The facts of these types, in order."""
        return [fact for fact in self.facts if fact.type in types]

    @property
    def deeds(self) -> list[Fact]:
        """Everything done, in order."""
        return [fact for fact in self.facts if fact.is_deed]

    @property
    def is_single_arc(self) -> bool:
        """Whether all that was done was for the one goal reached: its arc tells it all."""
        goals = self.of("goal.completed")
        deeds = self.deeds
        return len(goals) == 1 and len(of_goal(deeds, goals[0])) == len(deeds) >= STEPS_FOR_ARC

    def said_date(self, day: date) -> str:
        """The day as this story says it."""
        return self.words.said_date(day, self.request.period_end)

    def said_day(self, day: date) -> str:
        """The day with its weekday where the story is about a short time."""
        span = (self.request.period_end - self.request.period_start).days
        if span <= WEEKDAY_WITHIN_DAYS:
            return self.words.said_weekday(day, self.request.period_end)
        return self.said_date(day)


def ids(facts: Iterable[Fact]) -> tuple[UUID, ...]:
    """Their event ids, in order."""
    return tuple(fact.event_id for fact in facts)


def of_goal(facts: Iterable[Fact], goal: Fact) -> list[Fact]:
    """The facts that belong to the goal a `goal.*` fact speaks of."""
    return [fact for fact in facts if fact.goal_id == goal.subject_id]
