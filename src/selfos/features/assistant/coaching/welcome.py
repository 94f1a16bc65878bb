"""How welcome a kind of nudge is: an estimate from what became of the last ones, which fades.

The chance that somebody takes one up has a Beta distribution. It begins at one for and one against
(an even chance); each one taken up counts one for, each sent away one against, each that lay
unanswered until the day was over half a one against. All of that counts half as much after
`HALF_LIFE`. A kind whose mean falls below `BOUND` is quiet, and because what led to that fades, it
is tried again by itself on a day that can be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, log2
from uuid import UUID

from selfos.features.assistant.schemas.words import NudgeStatus

FOR, AGAINST = 1.0, 1.0
PASSED_OVER = 0.5
HALF_LIFE = timedelta(days=60)
BOUND = 0.25
TAKEN_UP = frozenset({NudgeStatus.PROPOSED, NudgeStatus.ACCEPTED})
SENT_AWAY = frozenset({NudgeStatus.DISMISSED, NudgeStatus.REFUSED})


@dataclass(frozen=True, slots=True)
class Shown:
    """A nudge of the past: what it said, when, and what became of it.

    `asks` tells whether there was anything to take up; `until` is how long it was put off.
    """

    state: str
    subject_id: UUID | None
    day: date
    status: NudgeStatus
    asks: bool = True
    until: date | None = None

    def ignored(self, today: date) -> bool:
        """Tell whether the day went by without an answer."""
        return self.status is NudgeStatus.OPEN and self.day < today


@dataclass(frozen=True, slots=True)
class Welcome:
    """What became of a kind's nudges, how likely the next is taken up, and until when it rests."""

    said: int
    taken_up: int
    sent_away: int
    passed_over: int
    share: float
    quiet_until: date | None


def welcome_of(kind: Iterable[Shown], today: date) -> Welcome:
    """Return how welcome one kind is; `kind` are its nudges of the past."""
    said = list(kind)
    taken = [each.day for each in said if each.status in TAKEN_UP]
    away = [each.day for each in said if each.status in SENT_AWAY]
    passed = [each.day for each in said if each.asks and each.ignored(today)]
    liked = _faded(taken, today)
    disliked = _faded(away, today) + PASSED_OVER * _faded(passed, today)
    return Welcome(
        said=len(said),
        taken_up=len(taken),
        sent_away=len(away),
        passed_over=len(passed),
        share=(FOR + liked) / (FOR + AGAINST + liked + disliked),
        quiet_until=_quiet_until(liked, disliked, today),
    )


def welcomes(
    history: Iterable[Shown], today: date, again: Mapping[str, date] | None = None
) -> dict[str, Welcome]:
    """Return how welcome each kind is, counting only what came after it was asked for again."""
    since = again or {}
    by_kind: dict[str, list[Shown]] = defaultdict(list)
    for each in history:
        if each.day > since.get(each.state, date.min):
            by_kind[each.state].append(each)
    return {kind: welcome_of(said, today) for kind, said in by_kind.items()}


def _faded(days: Iterable[date], today: date) -> float:
    return sum(0.5 ** ((today - day) / HALF_LIFE) for day in days)


def _quiet_until(liked: float, disliked: float, today: date) -> date | None:
    """Return the day from which it is tried again, or None if it is not quiet.

    After a share `left` of the evidence is left the mean is back at the bound.
    """
    surplus = BOUND * (liked + disliked) - liked
    room = FOR - BOUND * (FOR + AGAINST)
    if surplus <= room:
        return None
    return today + timedelta(days=ceil(-log2(room / surplus) * HALF_LIFE.days))
