"""Calm: what is not said again for a while, and how much is said at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from selfos.features.assistant.coaching.choosing import PER_DAY
from selfos.features.assistant.schemas.words import NudgeStatus

FIRST_REST, LONGEST_REST = timedelta(days=7), timedelta(days=90)
REST_OF_STATE, REST_AFTER_YES, REST_OF_IGNORED = (
    timedelta(days=30),
    timedelta(days=3),
    timedelta(days=14),
)
DISMISSALS_OF_STATE = 3
IGNORED_DAYS = 3
# How much an answer says about all of a kind.
REFUSALS = {NudgeStatus.DISMISSED: 1, NudgeStatus.REFUSED: DISMISSALS_OF_STATE}
LOOK_BACK = timedelta(days=14)
ENOUGH_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Shown:
    """A nudge of the past: what it said, when, and what became of it."""

    state: str
    subject_id: UUID | None
    day: date
    status: NudgeStatus


def muted(history: Iterable[Shown], today: date) -> set[tuple[str, UUID | None]]:
    """Return what is not said today; a state with no subject is muted as a whole.

    Each dismissal of the same thing rests it twice as long. What was said on three days and never
    answered rests by itself. What was put off comes again; what was refused rests with its kind.
    """
    by_thing: dict[tuple[str, UUID | None], list[Shown]] = defaultdict(list)
    refused: Counter[str] = Counter()
    for each in history:
        by_thing[each.state, each.subject_id].append(each)
        lately = each.day > today - REST_OF_STATE
        refused[each.state] += lately * REFUSALS.get(each.status, 0)
    resting = {thing for thing, shown in by_thing.items() if _rests(shown, today)}
    tired = {(state, None) for state, times in refused.items() if times >= DISMISSALS_OF_STATE}
    return resting | tired


def allowance(history: Iterable[Shown], today: date) -> int:
    """Return how many nudges there may be today: one for who has let them all pass."""
    recent = [each for each in history if today - LOOK_BACK <= each.day < today]
    answered = any(each.status is NudgeStatus.PROPOSED for each in recent)
    return 1 if len(recent) >= ENOUGH_SHOWN and not answered else PER_DAY


def _rests(shown: list[Shown], today: date) -> bool:
    refused = [each.day for each in shown if each.status in REFUSALS]
    if refused and today < max(refused) + min(FIRST_REST * 2 ** (len(refused) - 1), LONGEST_REST):
        return True
    taken = [each.day for each in shown if each.status is NudgeStatus.PROPOSED]
    if taken and today < max(taken) + REST_AFTER_YES:
        return True
    ignored = [each.day for each in shown if each.status is NudgeStatus.OPEN and each.day < today]
    lately = [day for day in ignored if day >= today - REST_OF_IGNORED]
    return len(lately) >= IGNORED_DAYS
