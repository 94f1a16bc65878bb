"""A budget for nudges: what is welcome goes on, what is not falls silent and says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfos.features.assistant.coaching.choosing import PER_DAY, choose
from selfos.features.assistant.coaching.kinds import KINDS, why
from selfos.features.assistant.coaching.muting import allowance, muted, quiet_kinds
from selfos.features.assistant.coaching.offers import OFFERS
from selfos.features.assistant.coaching.signals import Life
from selfos.features.assistant.coaching.welcome import BOUND, Shown, welcome_of, welcomes
from selfos.features.assistant.coaching.wording import WORDS
from selfos.features.assistant.schemas.words import NudgeStatus
from selfos.features.planning.schemas.words import PathState
from tests.conftest import Clock
from tests.factories import Person
from tests.features.assistant.lives import TODAY, goal, habit, life, number, task

Travel = Callable[..., None]
OPEN, TAKEN, AWAY = NudgeStatus.OPEN, NudgeStatus.PROPOSED, NudgeStatus.DISMISSED
OF_TASKS = {"moved_endlessly", "moved_often", "long_overdue", "overdue", "heap_overdue"}


def busy(day: int) -> Life:
    """Return a day of a life that always leaves the coach something new to say."""
    first = 1_000 * day
    return life(
        overdue=(task(first, moves=7), task(first + 1, overdue_days=20), task(2, overdue_days=5)),
        goals=(goal(90, state=PathState.OFF), goal(91, open_tasks=0), goal(92, idle_days=20)),
        habits=(habit(50, done_14=2, missed_14=12), habit(51, missed_7=3, done_14=5)),
    )


def live(days: int, answer: Callable[[str], NudgeStatus]) -> list[Shown]:
    """Let somebody who answers each kind like this live some days with the coach."""
    past: list[Shown] = []
    for day in range(days):
        today = TODAY + timedelta(days=day)
        said = choose(busy(day), muted(past, today), allowance(past, today))
        past += [
            Shown(each.state, each.subject_id, today, answer(each.state), each.state in OFFERS)
            for each in said
        ]
    return past


def per_day(past: list[Shown]) -> Counter[int]:
    return Counter((each.day - TODAY).days for each in past)


def test_who_ignores_everything_hears_at_most_one_thing_a_day_after_two_weeks() -> None:
    heard = per_day(live(120, lambda _: OPEN))
    assert max(heard[day] for day in range(14)) > 1
    assert max(heard[day] for day in range(14, 120)) == 1
    # And falls silent on some days altogether.
    assert sum(heard[day] for day in range(14, 120)) < 80


def test_who_takes_things_up_goes_on_hearing_useful_ones() -> None:
    heard = per_day(live(120, lambda _: TAKEN))
    for week in range(0, 119, 7):
        assert sum(heard[day] for day in range(week, week + 7)) >= 7, week
    assert max(heard.values()) == PER_DAY


def test_who_wants_only_one_sort_is_left_with_that_sort() -> None:
    def answer(kind: str) -> NudgeStatus:
        return TAKEN if kind in OF_TASKS else OPEN

    late = [each for each in live(60, answer) if each.day >= TODAY + timedelta(days=30)]
    of_tasks = sum(each.state in OF_TASKS for each in late)
    assert of_tasks > 30
    assert of_tasks > 3 * (len(late) - of_tasks)


def test_a_kind_falls_silent_by_what_became_of_it_and_is_tried_again_by_itself() -> None:
    def said(*statuses: NudgeStatus) -> list[Shown]:
        return [Shown("overdue", number(n), TODAY, each) for n, each in enumerate(statuses)]

    tomorrow = TODAY + timedelta(days=1)
    assert quiet_kinds(said(AWAY, AWAY), tomorrow) == {}
    assert quiet_kinds(said(*[OPEN] * 4), tomorrow) == {}
    quiet = quiet_kinds(said(AWAY, AWAY, AWAY), tomorrow)["overdue"]
    assert quiet_kinds(said(AWAY, AWAY, AWAY), quiet - timedelta(days=1)) != {}
    assert quiet_kinds(said(AWAY, AWAY, AWAY), quiet) == {}
    assert "overdue" in quiet_kinds(said(*[OPEN] * 5), tomorrow)
    # One that was taken up weighs as much as three that were sent away, or six left lying.
    assert quiet_kinds(said(TAKEN, *[AWAY] * 3), tomorrow) == {}
    # News that ask for nothing are not held against their kind for lying there.
    praise = [Shown("best_streak", number(n), TODAY, OPEN, asks=False) for n in range(9)]
    assert quiet_kinds(praise, tomorrow) == {}
    assert quiet_kinds(said(AWAY, AWAY, AWAY), tomorrow, {"overdue": TODAY}) == {}


@given(
    days=st.lists(st.tuples(st.integers(0, 200), st.sampled_from([OPEN, TAKEN, AWAY])), max_size=30)
)
def test_the_day_a_kind_is_tried_again_is_the_first_on_which_it_may_be(
    days: list[tuple[int, NudgeStatus]],
) -> None:
    said = [Shown("overdue", None, TODAY - timedelta(days=1 + n), each) for n, each in days]
    found = welcome_of(said, TODAY)
    assert 0 < found.share < 1
    assert (found.quiet_until is not None) == (found.share < BOUND)
    if found.quiet_until is not None:
        before = found.quiet_until - timedelta(days=1)
        assert welcome_of(said, before).share < BOUND or before == TODAY
        assert welcome_of(said, found.quiet_until).share >= BOUND - 1e-9


def test_every_kind_says_what_it_looks_for_and_why_it_was_said() -> None:
    assert KINDS.keys() == WORDS.keys()
    past = [Shown("overdue", number(n), TODAY, each) for n, each in enumerate((TAKEN, AWAY, OPEN))]
    known = welcomes(past, TODAY + timedelta(days=1))["overdue"]
    said = why("overdue", place=2, found=5, number=1, allowed=3, welcome=known)
    assert "three days" in said[0]
    assert "2nd heaviest of 5" in said[1]
    assert "Of 3 of this kind you took up 1, sent away 1 and left 1 unanswered" in said[2]
    assert "number 1 of at most 3" in said[3]
    first = why("overdue", place=1, found=1, number=1, allowed=1, welcome=None)
    assert "not heard one" in first[2]


async def full(person: Person) -> Any:
    for title in ("Run a marathon", "Learn Greek", "Write a book"):
        await person.post("/goals", 201, title=title)
    return (await person.post("/nudges"))["items"]


async def test_what_was_said_is_kept_with_why_and_what_became_of_it(
    person: Person, travel: Travel
) -> None:
    one, two = (await full(person))[:2]
    assert len(one["why"]) == 4
    assert (await person.post(f"/nudges/{one['id']}/accept"))["status"] == "accepted"
    await person.post(f"/nudges/{one['id']}/dismiss", 409)
    put_off = await person.post(f"/nudges/{two['id']}/dismiss", less="today", days=3)
    assert date.fromisoformat(put_off["until"]) == date.fromisoformat(two["day"]) + timedelta(3)
    await person.post(f"/nudges/{two['id']}/dismiss", 422, less="kind", days=3)
    kept = (await person.get("/nudges"))["items"]
    assert {each["id"]: each["status"] for each in kept} == {
        one["id"]: "accepted",
        two["id"]: "put_off",
    }
    travel(days=2)
    again = {each["subject_id"] for each in (await person.post("/nudges"))["items"]}
    assert not again & {one["subject_id"], two["subject_id"]}
    travel(days=1)
    assert two["subject_id"] in {
        each["subject_id"] for each in (await person.post("/nudges"))["items"]
    }


async def test_the_budget_is_chosen_and_a_quiet_kind_can_be_heard_again(
    person: Person, travel: Travel
) -> None:
    said = await full(person)
    assert len(said) > 1
    await person.post(f"/nudges/{said[0]['id']}/dismiss", less="kind")
    calm = await person.get("/nudges/calm")
    (kind,) = [each for each in calm["kinds"] if each["quiet_until"]]
    assert (kind["kind"], kind["sent_away"]) == ("no_next_step", 1)
    assert (calm["per_day"], calm["allowed_today"], calm["said_today"]) == (3, 3, len(said))
    travel(days=8)
    assert (await person.post("/nudges"))["items"] == []
    await person.post("/nudges/kinds/no_such/hear", 404)
    calm = await person.post("/nudges/kinds/no_next_step/hear")
    assert [each["quiet_until"] for each in calm["kinds"]] == [None]
    await person.patch("/nudges/calm", per_day=1)
    assert len((await person.post("/nudges"))["items"]) == 1
    travel(days=1)
    calm = await person.patch("/nudges/calm", per_day=0)
    assert "turned these off" in calm["sentence"]
    assert (await person.post("/nudges"))["items"] == []
    await person.patch("/nudges/calm", 422, per_day=4)


@pytest.mark.parametrize("how", ["quiet hours", "a pause"])
async def test_nothing_is_said_in_quiet_hours_or_on_a_pause_until_it_is_asked_for(
    person: Person, clock: Clock, how: str
) -> None:
    now = clock()
    await person.post("/goals", 201, title="Run a marathon")
    if how == "a pause":
        await person.post("/habit-pauses", 201, reason="Holiday")
        begun = "You have paused everything."
    else:
        hours = [f"{now + timedelta(hours=by):%H:%M}" for by in (-1, 1)]
        await person.patch("/notifications/preferences", quiet_from=hours[0], quiet_until=hours[1])
        begun = f"Your quiet hours last until {hours[1]}."
    todays, coachs = await person.post("/nudges/today"), await person.post("/nudges")
    assert (todays["nudge"], todays["silent"]) == (None, begun)
    assert (coachs["items"], coachs["silent"]) == ([], begun)
    assert (await person.get("/nudges"))["items"] == []
    conversation = await person.post("/conversations", 201)
    path = f"/conversations/{conversation['id']}/messages"
    answer = await person.post(path, 201, text="How am I doing?")
    assert "nudge" in [part["type"] for part in answer["answer"]["parts"]]
