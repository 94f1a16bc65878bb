"""Calm: what is not said again for a while, and how much is said at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from selfos.features.assistant.coaching.choosing import PER_DAY
from selfos.features.assistant.coaching.welcome import SENT_AWAY, TAKEN_UP, Shown, welcomes
from selfos.features.assistant.schemas.words import NudgeStatus

FIRST_REST, LONGEST_REST = timedelta(days=7), timedelta(days=90)
REST_OF_KIND, REST_AFTER_YES, REST_OF_IGNORED = (
    timedelta(days=30),
    timedelta(days=3),
    timedelta(days=14),
)
IGNORED_DAYS = 3
LOOK_BACK = timedelta(days=14)
ENOUGH_SHOWN = 7


def muted(
    history: Iterable[Shown], today: date, again: Mapping[str, date] | None = None
) -> set[tuple[str, UUID | None]]:
    """Return what is not said today; a state with no subject is muted as a whole.

    Each dismissal of the same thing rests it twice as long. What was said on three days and never
    answered rests by itself. What was put off comes again on its day; what was refused rests with
    its kind, and so does a kind that is hardly ever taken up. `again` are kinds that somebody
    wants to hear of again, since when.
    """
    past = list(history)
    by_thing: dict[tuple[str, UUID | None], list[Shown]] = defaultdict(list)
    for each in past:
        by_thing[each.state, each.subject_id].append(each)
    resting = {thing for thing, shown in by_thing.items() if _rests(shown, today)}
    return resting | {(kind, None) for kind in quiet_kinds(past, today, again)}


def quiet_kinds(
    history: Iterable[Shown], today: date, again: Mapping[str, date] | None = None
) -> dict[str, date]:
    """Return the kinds that rest as a whole, and the day each is tried again."""
    past = list(history)
    since = again or {}
    found = {
        kind: welcome.quiet_until
        for kind, welcome in welcomes(past, today, again).items()
        if welcome.quiet_until is not None
    }
    for each in past:
        ends = each.day + REST_OF_KIND
        heard = each.day > since.get(each.state, date.min)
        if each.status is NudgeStatus.REFUSED and heard and today < ends:
            found[each.state] = max(ends, found.get(each.state, ends))
    return found


def allowance(history: Iterable[Shown], today: date, most: int = PER_DAY) -> int:
    """Return how many nudges there may be today: one for who has let them all pass."""
    recent = [each for each in history if today - LOOK_BACK <= each.day < today]
    answered = any(each.status in TAKEN_UP for each in recent)
    return min(most, 1) if len(recent) >= ENOUGH_SHOWN and not answered else most


def _rests(shown: list[Shown], today: date) -> bool:
    if any(each.until is not None and today < each.until for each in shown):
        return True
    refused = [each.day for each in shown if each.status in SENT_AWAY]
    if refused and today < max(refused) + min(FIRST_REST * 2 ** (len(refused) - 1), LONGEST_REST):
        return True
    taken = [each.day for each in shown if each.status in TAKEN_UP]
    if taken and today < max(taken) + REST_AFTER_YES:
        return True
    ignored = [each.day for each in shown if each.ignored(today)]
    lately = [day for day in ignored if day >= today - REST_OF_IGNORED]
    return len(lately) >= IGNORED_DAYS
