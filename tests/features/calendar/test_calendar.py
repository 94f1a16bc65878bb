"""Appointments over HTTP: once or again and again, one time or all of them, and one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from selfos.features.calendar.service import purge_trash
from selfos.kernel.identifiers import new_id
from tests.factories import Person, statements
from tests.features.journal.test_journal import in_a_team

MakePerson = Callable[..., Awaitable[Person]]
PATH = "/calendar-events"
# A Tuesday; plans are wall times, so nothing hangs on when the tests run.
FIRST = date(2030, 1, 1)


def on(days: int = 0, clock: str | None = "09:00", zone: str | None = None) -> dict[str, str]:
    """Return the plan of so many days after the first one."""
    day = (FIRST + timedelta(days=days)).isoformat()
    if clock is None:
        return {"kind": "date", "date": day}
    if zone is None:
        return {"kind": "floating", "date": day, "time": clock}
    return {"kind": "zoned", "date": day, "time": clock, "zone": zone}


def slot(days: int, clock: str = "09:00") -> str:
    return f"{FIRST + timedelta(days=days)}T{clock}"


async def weekly(person: Person, **more: Any) -> dict[str, Any]:
    standup = {"title": "Choir", "start": on(), "duration_minutes": 90}
    return await person.post(PATH, 201, **{**standup, "repeat": {"rule": "FREQ=WEEKLY"}, **more})


async def shown(person: Person, days: int = 27) -> list[dict[str, Any]]:
    last = FIRST + timedelta(days=days)
    return (await person.get(f"{PATH}/occurrences", 200, **{"from": FIRST, "to": last}))["items"]


async def starts(person: Person) -> list[tuple[str, str]]:
    """Return what takes place in four weeks: the title, and day and time as written."""
    found = await shown(person)
    return [
        (each["title"], f"{each['start']['date'][8:]} {each['start']['time']}") for each in found
    ]


async def test_an_event_is_kept_as_it_was_planned(person: Person) -> None:
    event_id = str(new_id())
    made = await person.post(
        PATH,
        201,
        id=event_id,
        title="Flight",
        location="Gate 4",
        start=on(clock="17:00", zone="Asia/Tokyo"),
        end=on(clock="09:00", zone="America/New_York"),
        transparency="free",
        status="tentative",
    )
    assert (made["id"], made["uid"], made["sequence"], made["repeat"]) == (event_id,) * 2 + (
        0,
        None,
    )
    assert made["start"]["zone"], made["end"] == on(clock="09:00", zone="America/New_York")
    (flight,) = await shown(person)
    assert (flight["begins_at"], flight["ends_at"]) == (
        "2030-01-01T08:00:00+00:00",
        "2030-01-01T14:00:00+00:00",
    )
    trip = await person.post(PATH, 201, title="Trip", start=on(2, None), end=on(4, None))
    assert (trip["start"], trip["end"]) == (on(2, None), on(4, None))
    last = await person.get(f"{PATH}/occurrences", 200, **{"from": FIRST + timedelta(days=4)})
    assert [each["title"] for each in last["items"]] == ["Trip"]
    assert await person.patch(f"{PATH}/{trip['id']}", start=on(3, None))
    assert [each["last_day"] for each in await shown(person)][1] == str(FIRST + timedelta(days=5))


async def test_one_time_is_moved_left_out_and_named_anew(person: Person) -> None:
    choir = await weekly(person)
    path = f"{PATH}/{choir['id']}"
    one = await person.patch(path, slot=slot(7), start=on(8, "19:00"), title="Concert")
    assert (one["series_id"], one["slot"], one["sequence"]) == (choir["id"], slot(7), 1)
    assert one["end"] == on(8, "20:30")
    await person.delete(f"{path}?slot={slot(14)}")
    assert await starts(person) == [
        ("Choir", "01 09:00"),
        ("Concert", "09 19:00"),
        ("Choir", "22 09:00"),
    ]
    # What it has of its own stays, what it has from its event follows.
    await person.patch(path, title="Big choir", location="Hall")
    assert await starts(person) == [
        ("Big choir", "01 09:00"),
        ("Concert", "09 19:00"),
        ("Big choir", "22 09:00"),
    ]
    assert [each["location"] for each in await shown(person)] == ["Hall"] * 3
    # Exceptions move along with the event, and a plan of its own stays where it is.
    await person.patch(path, start=on(1, "18:00"))
    assert await starts(person) == [
        ("Big choir", "02 18:00"),
        ("Concert", "09 19:00"),
        ("Big choir", "23 18:00"),
    ]
    await person.patch(path, slot=slot(8, "18:00"), status="cancelled")
    assert [each["status"] for each in await shown(person)][1] == "cancelled"
    await person.delete(f"{PATH}/{one['id']}")
    assert [title for title, _ in await starts(person)] == ["Big choir", "Big choir"]
    await person.get(f"{PATH}/{one['id']}", 404)
    for _ in range(3):
        await person.post("/undo")
    assert [title for title, _ in await starts(person)] == ["Big choir", "Concert", "Big choir"]


async def test_a_change_reaches_what_follows_or_all(person: Person) -> None:
    choir = await weekly(person, repeat={"rule": "FREQ=WEEKLY;COUNT=4"})
    path = f"{PATH}/{choir['id']}"
    await person.patch(path, slot=slot(21), title="Concert")
    rest = await person.patch(path, slot=slot(14), scope="following", start=on(15, "20:00"))
    assert (rest["continues_id"], rest["uid"]) == (choir["id"], rest["id"])
    assert rest["repeat"]["rule"] == "FREQ=WEEKLY;BYDAY=WE;COUNT=2"
    assert await starts(person) == [
        ("Choir", "01 09:00"),
        ("Choir", "08 09:00"),
        ("Choir", "16 20:00"),
        ("Concert", "23 20:00"),
    ]
    # From its first time on, what follows is all.
    whole = await person.patch(path, slot=slot(0), scope="following", title="Old choir")
    assert (whole["id"], [title for title, _ in await starts(person)][:2]) == (
        choir["id"],
        ["Old choir"] * 2,
    )
    await person.delete(f"{path}?slot={slot(7)}&scope=following")
    assert len(await starts(person)) == 3
    await person.post("/undo")
    await person.post("/undo")
    await person.post("/undo")
    assert [day for _, day in await starts(person)] == [
        f"{day} 09:00" for day in ("01", "08", "15", "22")
    ]


async def test_a_new_rule_lets_go_of_exceptions_it_does_not_have(person: Person) -> None:
    choir = await weekly(person, repeat={"rule": "FREQ=WEEKLY", "exdates": [slot(14)]})
    path = f"{PATH}/{choir['id']}"
    await person.patch(path, slot=slot(7), title="Concert")
    kept = await person.patch(path, repeat={"rule": "FREQ=DAILY;INTERVAL=14"})
    assert kept["repeat"]["exdates"] == [slot(14)]
    assert await starts(person) == [("Choir", "01 09:00")]
    assert (await person.get(PATH, series_id=choir["id"]))["items"] == []
    once = await person.patch(path, repeat=None)
    assert (once["repeat"], await starts(person)) == (None, [("Choir", "01 09:00")])
    await person.post("/undo")
    await person.post("/undo")
    assert ("Concert", "08 09:00") in await starts(person)


async def test_an_event_goes_and_comes_back_with_all_of_its_times(
    person: Person, travel: Callable[..., None]
) -> None:
    choir = await weekly(person)
    path = f"{PATH}/{choir['id']}"
    one = await person.patch(path, slot=slot(7), title="Concert")
    await person.delete(path)
    assert await shown(person) == []
    assert [each["id"] for each in (await person.get(PATH, deleted=True))["items"]] == [choir["id"]]
    await person.patch(path, 409, title="Changed")
    await person.post(f"{PATH}/{one['id']}/restore", 409)
    await person.post(f"{path}/restore")
    assert len(await shown(person)) == 4
    # Without its last time there is no event any more.
    dinner = await person.post(
        PATH, 201, title="Dinner", start=on(), repeat={"rule": "FREQ=DAILY;COUNT=2"}
    )
    await person.delete(f"{PATH}/{dinner['id']}?slot={slot(0)}")
    await person.delete(f"{PATH}/{dinner['id']}?slot={slot(1)}")
    assert (await person.get(f"{PATH}/{dinner['id']}"))["deleted_at"] is not None
    travel(days=31)
    await purge_trash(person.kernel)
    travel(days=-31)
    await person.get(f"{PATH}/{dinner['id']}", 404)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"scope": "this"}, "/slot"),
        ({"slot": slot(1)}, "/slot"),
        ({"slot": str(FIRST)}, "/slot"),
        ({"slot": slot(7), "repeat": None}, "/repeat"),
        ({"repeat": {"rule": "FREQ=HOURLY;INTERVAL=2"}}, "/repeat/rule"),
        ({"repeat": {"rule": "FREQ=SECONDLY"}}, "/repeat/rule"),
        ({"repeat": {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}}, "/repeat/rule"),
        ({"repeat": {"rule": "FREQ=DAILY;COUNT=1", "exdates": [slot(0)]}}, "/repeat/exdates"),
        ({"end": on(-1)}, "/end"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    person: Person, change: dict[str, Any], pointer: str
) -> None:
    choir = await weekly(person)
    problem = await person.patch(f"{PATH}/{choir['id']}", 422, **change)
    assert problem["errors"][0]["pointer"] == pointer


async def test_what_repeats_on_several_days_moves_by_the_hour_only(person: Person) -> None:
    path = f"{PATH}/{(await weekly(person, repeat={'rule': 'FREQ=WEEKLY;BYDAY=TU,TH'}))['id']}"
    problem = await person.patch(path, 422, start=on(1))
    assert problem["errors"][0]["pointer"] == "/start"
    await person.patch(path, slot=slot(2), scope="all", start=on(2, "18:00"))
    assert [day for _, day in await starts(person)][:3] == ["01 18:00", "03 18:00", "08 18:00"]


async def test_many_days_of_many_events_are_one_query(person: Person) -> None:
    for _ in range(3):
        choir = await weekly(person, repeat={"rule": "FREQ=DAILY"})
        await person.patch(f"{PATH}/{choir['id']}", slot=slot(7), title="Concert")
    with statements() as few:
        assert len(await shown(person, 1)) == 6
    with statements() as many:
        assert len(await shown(person, 27)) == 84
    assert len(many) == len(few)
    far = {"from": FIRST, "to": FIRST + timedelta(days=92)}
    await person.get(f"{PATH}/occurrences", 422, **far)


async def test_a_calendar_is_its_members_alone_and_found_by_words(
    person: Person, make_person: MakePerson
) -> None:
    admin = await in_a_team(person, await make_person())
    event = await weekly(person, title="Marmalade with the minister", location="Pantry")
    assert [hit["kind"] for hit in (await person.get("/search", q="pantry"))["items"]] == [
        "calendar_event"
    ]
    for path in (f"{PATH}/{event['id']}", f"{PATH}/{event['id']}/restore"):
        answer = await admin.request("POST" if "restore" in path else "GET", path)
        assert answer.status_code == 404
    assert (await admin.get(PATH)).json()["items"] == []
    assert (await admin.get("/search", params={"q": "pantry"})).json()["items"] == []
    labels = [each["label"] for each in (await admin.get("/history")).json()["items"]]
    assert not any("Marmalade" in label for label in labels)


async def test_an_older_version_and_a_repeated_request_change_nothing(person: Person) -> None:
    event = await weekly(person)
    path = f"{PATH}/{event['id']}"
    await person.patch(path, title="Newer")
    old = await person.client.patch(path, json={"title": "X"}, headers={"If-Match": '"1"'})
    assert old.status_code == 412
    again = {"Idempotency-Key": "once"}
    body = {"title": "Dentist", "start": on(1)}
    first, second = [await person.client.post(PATH, json=body, headers=again) for _ in range(2)]
    assert (first.status_code, first.json()["id"]) == (201, second.json()["id"])
    assert sum(each["title"] == "Dentist" for each in await shown(person)) == 1
