"""At most one thing on Today, with its reason, that goes away when told to and rests by itself."""

from collections.abc import Callable
from typing import Any

import pytest

from selfos.features.assistant.coaching.muting import muted
from selfos.features.assistant.coaching.welcome import Shown
from selfos.features.assistant.schemas.words import NudgeStatus
from tests.factories import Person
from tests.features.assistant.lives import TODAY, number

Travel = Callable[..., None]
OLD = {"kind": "date", "date": "2020-01-01"}


async def line(person: Person) -> Any:
    return (await person.post("/nudges/today"))["nudge"]


async def busy(person: Person) -> None:
    """Fill a life with things a coach could speak of every day."""
    for title in ("Run a marathon", "Learn Greek", "Write a book"):
        await person.post("/goals", 201, title=title)
    for at in range(3):
        await person.post("/tasks", 201, title=f"Old {at}", due=OLD, priority=1)


async def test_it_says_one_thing_a_day_with_its_reason_and_then_no_more(
    person: Person, travel: Travel
) -> None:
    await busy(person)
    said = await line(person)
    assert (said["status"], bool(said["reason"])) == ("open", True)
    assert await line(person) == said
    await person.post(f"/nudges/{said['id']}/dismiss")
    assert await line(person) is None
    travel(days=1)
    assert (await line(person))["id"] != said["id"]


async def test_the_coach_adds_the_rest_of_the_day_to_what_today_has_said(person: Person) -> None:
    await busy(person)
    said = await line(person)
    items = (await person.post("/nudges"))["items"]
    assert items[0] == said
    assert len(items) > 1
    assert (await person.post("/nudges"))["items"] == items
    assert await line(person) == said


async def test_an_empty_day_is_left_to_say_itself_how_to_begin(person: Person) -> None:
    assert await line(person) is None
    assert (await person.post("/nudges"))["items"][0]["state"] == "nothing_yet"
    assert await line(person) is None


@pytest.mark.parametrize(
    ("less", "status", "days"),
    [("today", "put_off", 1), ("this", "dismissed", 7), ("kind", "refused", 30)],
)
async def test_it_goes_for_as_long_as_it_is_told_to(
    person: Person, travel: Travel, less: str, status: str, days: int
) -> None:
    await person.post("/goals", 201, title="Run a marathon")
    said = await line(person)
    gone = await person.post(f"/nudges/{said['id']}/dismiss", less=less)
    assert gone["status"] == status
    for _ in range(days):
        assert await line(person) is None
        travel(days=1)
    assert (await line(person))["state"] == "no_next_step"


def test_a_kind_that_is_refused_once_is_not_heard_for_a_month() -> None:
    history = [Shown("overdue", number(1), TODAY, NudgeStatus.REFUSED)]
    assert ("overdue", None) in muted(history, TODAY)
    put_off = [Shown("overdue", number(1), TODAY, NudgeStatus.PUT_OFF)]
    assert muted(put_off, TODAY) == set()


async def test_who_lets_everything_pass_hears_at_most_one_thing_a_day_after_two_weeks(
    person: Person, travel: Travel
) -> None:
    await busy(person)
    heard: list[int] = []
    for _ in range(21):
        today = await line(person)
        more = (await person.post("/nudges"))["items"]
        heard.append(len({each["id"] for each in [*more, *([today] if today else [])]}))
        travel(days=1)
    assert max(heard[:14]) > 1
    assert max(heard[14:]) <= 1
